"""The command line `segment-dotdigital`; `python -m cli` is the same."""

import typer

from cli import backfill, failures
from cli.check import command as check
from cli.connect import command as connect
from cli.preview import command as preview
from cli.subscriptions import command as subscriptions

app = typer.Typer(no_args_is_help=True, add_completion=False, pretty_exceptions_enable=False)
app.command("connect")(connect.connect)
app.command("check")(check.check_stack)
app.command("preview")(preview.preview)
app.command("preview-server")(preview.preview_server)
app.add_typer(subscriptions.app, name="subscriptions")
app.add_typer(failures.app, name="failures")
app.command("backfill")(backfill.backfill)


@app.callback()
def segment_dotdigital() -> None:
    """Connect, check and operate a stack in AWS or, with --local, the one that `make run` runs; preview and import.

    Exit status: 0 all was done, 1 something is left or refused, 2 something stands in the way, 130 stopped.
    """


def main() -> None:
    """Run the command line."""
    app(prog_name="segment-dotdigital")


if __name__ == "__main__":
    main()
