"""`python -m dev.local_cloud`: the command line of the local cloud."""

import signal
from pathlib import Path
from typing import Annotated, NoReturn

import typer

from dev.local_cloud.programs import LocalCloudError
from dev.local_cloud.report import make_console
from dev.local_cloud.run import Ports, Wanted, run_local_cloud
from dev.local_cloud.servers import choose_port

_SUBSCRIPTIONS = Path("layers/subscriptions/subscriptions.json")
_STOPPED = "Stopped; everything that was started has ended."


def main(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    once: Annotated[bool, typer.Option("--once", help="Stop after the events of events/.")] = False,
    table: Annotated[bool, typer.Option("--table", help="Print all of the requests, in a table.")] = False,
    subscriptions: Annotated[Path, typer.Option(help="The subscriptions to run with.")] = _SUBSCRIPTIONS,
    replay: Annotated[
        bool | None, typer.Option(help="Send events/, or not; without this, where the subscriptions are as they ship.")
    ] = None,
    sandbox_port: Annotated[str | None, typer.Option(help="Port of the sandbox.")] = None,
    cloud_port: Annotated[str | None, typer.Option(help="Port of the local AWS.")] = None,
) -> None:
    """Build, deploy, send every event of events/ from its source, then serve and tell each outcome until Ctrl-C.

    The exit status is 0 if each event ended as events/expectations.json says, 1 if not, 2 if
    something stands in the way, 130 if it was stopped before it served.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    console = make_console(table=table)
    wanted = Wanted(subscriptions, replay=replay, once=once, table=table)
    try:
        if sandbox_port and sandbox_port == cloud_port:
            raise LocalCloudError(f"SANDBOX_PORT and CLOUD_PORT are both {sandbox_port}: give two ports.")
        ports = Ports(choose_port(sandbox_port, "SANDBOX_PORT"), choose_port(cloud_port, "CLOUD_PORT"))
        as_expected = run_local_cloud(console, ports, wanted)
    except LocalCloudError as error:
        console.print(str(error), style="red", markup=False, soft_wrap=True)
        raise typer.Exit(2) from None
    except KeyboardInterrupt:
        console.print(_STOPPED)
        raise typer.Exit(130) from None
    if not once:
        console.print(_STOPPED)
    raise typer.Exit(0 if as_expected else 1)


def _interrupt(number: int, frame: object) -> NoReturn:
    raise KeyboardInterrupt


if __name__ == "__main__":
    typer.run(main)
