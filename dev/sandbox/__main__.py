"""`python -m dev.sandbox`: the sandbox as a process of its own."""

import asyncio
import errno
import signal
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated

import typer
from pydantic import ValidationError

from dev.sandbox.account import SEED
from dev.sandbox.clock import Clock
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import PASSWORD, USERNAME, listen, serving, url_of
from dev.sandbox.state import Credentials, State


def main(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    host: Annotated[str, typer.Option(help="Address to listen on.")] = "127.0.0.1",
    port: Annotated[int, typer.Option(min=0, max=65535, help="0 chooses a free one.")] = 0,
    username: Annotated[str, typer.Option(help="API user that is let in.")] = USERNAME,
    password: Annotated[str, typer.Option(help="Its password.")] = PASSWORD,
    seed: Annotated[Path, typer.Option(help="Account to start with, as JSON.")] = SEED,
    limits: Annotated[str, typer.Option(help='The limits as JSON, such as \'{"scheme": "tiered"}\'.')] = "{}",
) -> None:
    """Run a Dotdigital to try things against; it keeps a small account in memory.

    The first line of the output ends in its URL. Ctrl-C ends it. dev/sandbox/README.md is the manual.
    """
    with _usable("--limits", ValidationError):
        rules = LimitRules.model_validate_json(limits)
    with _usable(f"The seed file {seed}", OSError, ValidationError):
        state = State(Credentials(username, password), clock=Clock(), rules=rules, seed=seed)
    try:
        listener = listen(host, port)
    except OSError as error:
        taken = f"Port {port} on {host} is taken: choose another with --port, or 0 for a free one."
        text = taken if error.errno == errno.EADDRINUSE else f"Cannot listen on {host} port {port}: {error}"
        typer.echo(text, err=True)
        raise typer.Exit(1) from error
    typer.echo(f"Dotdigital sandbox at {url_of(listener)}")
    typer.echo(f"API user {username}. Ctrl-C ends it.")
    asyncio.run(_serve(state, listener))


@contextmanager
def _usable(what: str, *faults: type[Exception]) -> Iterator[None]:
    """End the command, saying what is wrong, for one of these faults."""
    try:
        yield
    except faults as error:
        typer.echo(f"{what} cannot be used: {error}", err=True)
        raise typer.Exit(1) from error


async def _serve(state: State, listener: socket.socket) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with serving(state, listener):
        await stop.wait()


if __name__ == "__main__":
    typer.run(main)
