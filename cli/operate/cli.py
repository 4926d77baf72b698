"""The command line of `python -m cli.operate`."""

import typer

from cli.operate.backfill_command import backfill
from cli.operate.drop_command import drop_failures
from cli.operate.list_command import list_failures
from cli.operate.replay_command import replay_failures

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
failures = typer.Typer(no_args_is_help=True, help="Dead letters: list them, replay them, drop them.")
failures.command("list")(list_failures)
failures.command("replay")(replay_failures)
failures.command("drop")(drop_failures)
app.add_typer(failures, name="failures")
app.command("backfill")(backfill)


@app.callback()
def operate() -> None:
    """Operate a stack of AWS, or with --local the one that `make run` runs. docs/operating.md is the manual.

    Exit status: 0 all was done, 1 something that was meant is left, 2 something stands in the way, 130 stopped.
    """
