"""`python -m dev.sandbox`: the sandbox as a process of its own."""

import asyncio
import errno
import signal
import socket
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

    The first line of the output ends in its URL. Ctrl-C ends it. docs/sandbox.md is the manual.
    """
    state = _state(Credentials(username, password), _rules(limits), seed)
    listener = _listen(host, port)
    typer.echo(f"Dotdigital sandbox at {url_of(listener)}")
    typer.echo(f"API user {username}. Ctrl-C ends it.")
    asyncio.run(_serve(state, listener))


def _rules(limits: str) -> LimitRules:
    try:
        return LimitRules.model_validate_json(limits)
    except ValidationError as error:
        raise _ended(f"--limits cannot be used: {error}") from error


def _state(credentials: Credentials, rules: LimitRules, seed: Path) -> State:
    try:
        return State(credentials, clock=Clock(), rules=rules, seed=seed)
    except (OSError, ValidationError) as error:
        raise _ended(f"The seed file {seed} cannot be used: {error}") from error


def _listen(host: str, port: int) -> socket.socket:
    try:
        return listen(host, port)
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise _ended(f"Port {port} on {host} is taken: choose another with --port, or 0 for a free one.") from error
        raise _ended(f"Cannot listen on {host} port {port}: {error}") from error


def _ended(reason: str) -> typer.Exit:
    typer.echo(reason, err=True)
    return typer.Exit(1)


async def _serve(state: State, listener: socket.socket) -> None:
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    async with serving(state, listener):
        await stop.wait()


if __name__ == "__main__":
    typer.run(main)
