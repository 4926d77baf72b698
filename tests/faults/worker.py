"""A worker's own process: it holds the functions and runs one invocation at a time, as Lambda's environments do.

The driver starts it, hands it invocations through a pipe, and may kill it with SIGKILL at any moment. What the
functions write to standard output, their logs, goes to a file that outlives it.
"""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

from tests.faults.process_clock import CLOCK, ProcessClock
from tests.support.functions import Handler, load_handler


@dataclass(frozen=True)
class Invocation:
    """What Lambda hands over: the function's name, its event, the seconds it has, and how far the clock is moved."""

    function: str
    event: Any
    seconds: float
    moved: float


@dataclass(frozen=True)
class Sleeping:
    """The function sleeps until the run's clock is moved this far."""

    until: float


@dataclass(frozen=True)
class Answer:
    """What a function answered, or the error that it raised."""

    content: Mapping[str, Any] | None
    error: str | None = None


class Context:
    """The part of Lambda's context that functions read."""

    function_name = "function"
    function_version = "$LATEST"
    memory_limit_in_mb = 512
    invoked_function_arn = "arn:aws:lambda:eu-west-1:123456789012:function:function"
    aws_request_id = "request"

    def __init__(self, seconds: float, clock: ProcessClock) -> None:
        """Give the invocation that many seconds from now."""
        self._clock = clock
        self._end = clock.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Tell how many milliseconds are left."""
        return max(0, int((self._end - self._clock.monotonic()) * 1000))


def serve(pipe: Connection, environment: Mapping[str, str], log: Path) -> None:
    """Run what comes through the pipe until it is closed."""
    _write_to(log)
    os.environ.update(environment)
    CLOCK.start()
    CLOCK.slept = lambda until: _asked(pipe, until)
    handlers: dict[str, Handler] = {}
    while invocation := _next(pipe):
        CLOCK.move_to(invocation.moved)
        context = Context(invocation.seconds, CLOCK)
        try:
            name = invocation.function
            handler = handlers.get(name) or handlers.setdefault(name, load_handler(name))
            answer = Answer(handler(invocation.event, context))
        except Exception as error:
            answer = Answer(None, repr(error))
        pipe.send(answer)


def _next(pipe: Connection) -> Invocation | None:
    try:
        invocation: Invocation = pipe.recv()
    except EOFError:
        return None
    return invocation


def _asked(pipe: Connection, until: float) -> float:
    pipe.send(Sleeping(until))
    moved: float = pipe.recv()
    return moved


def _write_to(log: Path) -> None:
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    os.dup2(descriptor, sys.stdout.fileno())
    os.dup2(descriptor, sys.stderr.fileno())
