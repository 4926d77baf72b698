"""How a command speaks: results on standard output, everything else on standard error, colours on a terminal only."""

import time
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Annotated, Any, Final

import typer
from rich.console import Console

AsJson = Annotated[bool, typer.Option("--json", help="Print the result as JSON, for a machine.")]

_PLAIN_WIDTH: Final = 200
"""Columns where there is no terminal: enough for a table."""


def make_console(*, stderr: bool = False) -> Console:
    """Return a console that prints text as it is, as wide as the terminal or _PLAIN_WIDTH without one."""
    console = Console(stderr=stderr, highlight=False, markup=False, emoji=False)
    if not console.is_terminal:
        console.width = _PLAIN_WIDTH
    return console


class Output:
    """Where the results and remarks of one command go."""

    def __init__(self, *, as_json: bool) -> None:
        """Open both outputs; `as_json` says that results are for a machine."""
        self.as_json = as_json
        self.results = make_console()
        self.remarks = make_console(stderr=True)

    def say(self, text: str, style: str | None = None) -> None:
        """Print a line of the result."""
        self.results.print(text, style=style, soft_wrap=True)

    def json(self, content: Mapping[str, Any]) -> None:
        """Print a result for a machine, on one line."""
        self.results.print_json(data=content, indent=None, highlight=False)

    def remark(self, text: str, style: str | None = "yellow") -> None:
        """Print a line that is not part of the result."""
        self.remarks.print(text, style=style, soft_wrap=True)

    def ask(self, question: str) -> bool:
        """Ask a person; no answer is a no."""
        self.remarks.print(f"{question} [y/N] ", end="")
        try:
            return input().strip().casefold() in {"y", "yes"}
        except EOFError:
            return False


def timestamp(milliseconds: int) -> str:
    """Write a time, in milliseconds since 1970, as ISO 8601 in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def age(milliseconds: int) -> str:
    """Say how long ago a time was, in its largest unit."""
    return length(max(0.0, time.time() - milliseconds / 1000))


def length(seconds: float) -> str:
    """Say how long a time is, in its largest unit."""
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size:.0f} {unit}"
    return f"{int(seconds)} s"
