"""`python -m dev.local_cloud`: the command line of the local cloud."""

import signal
from typing import Annotated, NoReturn

import typer

from dev.local_cloud.programs import LocalCloudError
from dev.local_cloud.report import make_console
from dev.local_cloud.run import Ports, run_local_cloud
from dev.local_cloud.servers import choose_port

_STOPPED = "Stopped; everything that was started has ended."


def main(
    once: Annotated[bool, typer.Option("--once", help="Stop after the table.")] = False,
    sandbox_port: Annotated[int | None, typer.Option(help="Port of the sandbox.")] = None,
    cloud_port: Annotated[int | None, typer.Option(help="Port of the local AWS.")] = None,
) -> None:
    """Build, deploy, send every event of events/ from its source, then serve until Ctrl-C.

    The exit status is 0 if each event ended as events/expectations.json says, 1 if not, 2 if
    something stands in the way, 130 if it was stopped before it served.
    """
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _interrupt)
    console = make_console()
    try:
        ports = Ports(choose_port(sandbox_port, "SANDBOX_PORT"), choose_port(cloud_port, "CLOUD_PORT"))
        as_expected = run_local_cloud(console, ports, once=once)
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
