"""Prints the way of an event through the code: each function that it enters, with file and line, down to the socket.

`make trace EVENT=events/send_sms/direct.json` invokes the function of that event as Lambda does, against the sandbox
and a stand-in for AWS on loopback. It is the page to read first.
"""

import json
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from types import FrameType
from typing import Annotated, Any, Final

import typer

from dev import PROJECT
from dev.benchmarks.machine import Machine

_OURS: Final = (str(PROJECT / "functions"), str(PROJECT / "layers/shared"))
_BY_THEMSELVES: Final = ("<module>", "<lambda>", "<genexpr>", "<listcomp>")
_DEEPEST: Final = 12
_SOCKET: Final = "layers/shared/dotdigital/connections.py"


@dataclass(frozen=True)
class Step:
    """A function that the event entered for the first time: how deep it lies, its file, its line and its name."""

    depth: int
    file: str
    line: int
    name: str


@dataclass
class Trip:
    """The functions in the order in which the event entered them."""

    steps: list[Step] = field(default_factory=list)
    _handing_on: set[str] = field(default_factory=set)
    _seen: set[object] = field(default_factory=set)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    @property
    def files(self) -> list[str]:
        """The files of the trip, in the order in which the event enters them."""
        return list(dict.fromkeys(step.file for step in self.steps))

    @property
    def passed(self) -> list[str]:
        """The files that hand the event on to another file on its way to the socket, and that of the socket.

        They are what a reader opens to follow the event; the others are looked into on the way, or come after it.
        """
        return [file for file in self.files if file in self._handing_on or file == _SOCKET]

    def enter(self, frame: FrameType, event: str, _: Any) -> None:
        """Note a call: what Python's profiler calls for each."""
        code = frame.f_code
        if event != "call" or not code.co_filename.startswith(_OURS) or code.co_name in _BY_THEMSELVES:
            return
        with self._lock:
            file, callers = _file(frame), _callers(frame)
            if callers and callers[0] != file and not self._has_reached_the_socket:
                self._handing_on.add(callers[0])
            if code not in self._seen:
                self._seen.add(code)
                self.steps.append(Step(len(callers), file, code.co_firstlineno, code.co_qualname))

    @property
    def _has_reached_the_socket(self) -> bool:
        return any(step.file == _SOCKET for step in self.steps)


def _file(frame: FrameType) -> str:
    return str(Path(frame.f_code.co_filename).relative_to(PROJECT))


def _callers(frame: FrameType) -> list[str]:
    """Give the files of the functions of ours that the frame was called from, the nearest first."""
    files: list[str] = []
    outer = frame.f_back
    while outer:
        if outer.f_code.co_filename.startswith(_OURS):
            files.append(_file(outer))
        outer = outer.f_back
    return files


def trace(event_file: Path) -> tuple[Trip, dict[str, Any]]:
    """Invoke the function of an event's folder with the event; return the trip and the response.

    The function has delivered another event before: what only the first event does, such as reading the secret, is no
    part of the trip.
    """
    function = event_file.resolve().parent.name
    event = json.loads(event_file.read_text(encoding="utf-8"))
    earlier = json.loads(event_file.resolve().with_name("direct.json").read_text(encoding="utf-8"))
    with Machine() as machine:
        machine.invoke(function, _renamed(earlier))
        trip = Trip()
        with _profiled(trip):
            response = machine.invoke(function, event)
    return trip, response


def _renamed(event: dict[str, Any]) -> dict[str, Any]:
    """Give the event another message id, so that the event of the trip is no copy of it."""
    if isinstance(event.get("event"), dict):
        return {**event, "event": _renamed(event["event"])}
    return {**event, "messageId": "an-earlier-event"}


@contextmanager
def _profiled(trip: Trip) -> Iterator[None]:
    threading.setprofile(trip.enter)
    sys.setprofile(trip.enter)
    try:
        yield
    finally:
        sys.setprofile(None)
        threading.setprofile(None)


def main(
    event: Annotated[Path, typer.Argument(help="A file of events/, such as events/send_sms/direct.json.")],
) -> None:
    """Print the way of an event through the code, from its function's handler to the socket."""
    if not event.exists():
        raise typer.BadParameter(f"there is no {event}; take one of events/, such as events/send_sms/direct.json")
    trip, response = trace(event)
    file = ""
    for step in trip.steps:
        if step.file != file:
            file = step.file
            typer.echo(file)
        typer.echo(f"  {step.line:4}  {'· ' * min(step.depth, _DEEPEST)}{step.name}")
    passed = trip.passed
    typer.echo(f"\nFrom the handler to the socket the event passes through {len(passed)} files:")
    typer.echo("\n".join(f"  {each}" for each in passed))
    typer.echo(f"It looks into {len(trip.files) - len(passed)} others. The response:")
    typer.echo(json.dumps(response, indent=2, ensure_ascii=False))


if __name__ == "__main__":
    typer.run(main)
