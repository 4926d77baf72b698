"""How a command speaks: results on standard output, everything else on standard error, colour on a terminal only."""

from __future__ import annotations

import json
import time
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from cli.operate.dead_letter import DeadLetter
from cli.operate.queues import DeadLetterQueue
from cli.operate.reading import Work
from cli.operate.sweep import Sweep

_PLAIN_WIDTH: Final = 200


def make_console(*, stderr: bool = False) -> Console:
    """Return a console as wide as the terminal, or wide enough for a table where there is none."""
    console = Console(stderr=stderr, highlight=False)
    return console if console.is_terminal else Console(stderr=stderr, highlight=False, width=_PLAIN_WIDTH)


class Output:
    """Where results and remarks of one command go."""

    def __init__(self, *, as_json: bool) -> None:
        """Look at both outputs: is there a terminal?"""
        self.as_json = as_json
        self.results = make_console()
        self.remarks = make_console(stderr=True)

    def say(self, text: str, style: str | None = None) -> None:
        """Print a line of the result."""
        self.results.print(text, style=style, markup=False, soft_wrap=True)

    def json(self, content: Mapping[str, Any]) -> None:
        """Print a result for a machine, on one line."""
        self.results.print(json.dumps(content, ensure_ascii=False), markup=False, soft_wrap=True)

    def remark(self, text: str, style: str | None = "yellow") -> None:
        """Print a line that is not part of the result."""
        self.remarks.print(text, style=style, markup=False, soft_wrap=True)

    def ask(self, question: str) -> bool:
        """Ask a person; no answer is a no."""
        self.remarks.print(f"{question} [y/N] ", end="", markup=False)
        try:
            return input().strip().casefold() in {"y", "yes"}
        except EOFError:
            return False

    def notes(self, sweep: Sweep) -> None:
        """Print what a sweep may not have seen."""
        for note in sweep.notes:
            self.remark(note)

    def run(self, sweep: Sweep, work: Work, doing: str, *, rows: bool = False) -> None:
        """Run a sweep with a bar of messages on a terminal, unless `rows` are printed there."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        shown = self.remarks.is_terminal and not (rows and self.results.is_terminal)
        bar = Progress(*columns, TimeRemainingColumn(), console=self.remarks, transient=True, disable=not shown)
        with bar:
            task = bar.add_task(doing, total=sweep.expected)

            def counted(queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> Iterable[DeadLetter]:
                done = work(queue, letters)
                bar.advance(task, len(letters))
                return done

            sweep.run(counted)


def age(milliseconds: int) -> str:
    """Say how long ago a time was, in its largest unit."""
    seconds = max(0, int(time.time() - milliseconds / 1000))
    for size, unit in ((86_400, "d"), (3600, "h"), (60, "min")):
        if seconds >= size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"
