"""One function on loopback, Dotdigital answering at once: events a second, one by one and in batches of its queue."""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import batched
from statistics import median
from typing import Any, Final

import typer

from local.bench.events import event, records
from local.bench.machine import Handler, Machine
from local.bench.resources import PROJECT

_SUBSCRIPTIONS: Final = {
    "add_contact_to_list": "Add or Update Contact",
    "send_transactional_sms": "Send Transactional SMS",
}


@dataclass(frozen=True)
class Way:
    """A function that is brought so many messages at a time, or, with none, one event after the other.

    With `stand_in` its calls go to the stand-in, else to the sandbox.
    """

    action: str
    messages: int
    events: int
    promised: int | None = None
    stand_in: bool = False

    @property
    def title(self) -> str:
        """What it is called."""
        how = f"{self.messages:,} at a time" if self.messages else "one by one"
        return f"{self.action}, {how}{', stand-in' if self.stand_in else ''}"


@dataclass(frozen=True)
class WholeWay:
    """What the events of a way took. `seconds` and `cpu_seconds` are medians of the runs, after a first that is none.

    `waited_seconds` are those between two looks at an import, which the bench does not wait. `connections` are those
    that were opened in all runs after the first time, of which one goes on.
    """

    way: Way
    seconds: float
    cpu_seconds: float
    waited_seconds: float
    calls: int
    connections: int
    log_bytes: int

    @property
    def events_a_second(self) -> float:
        """Events that went all the way in a second, Dotdigital's and AWS's own time included."""
        return self.way.events / self.seconds


WAYS: Final = (
    Way("add_contact_to_list", 4_000, 4_000, 20_000, stand_in=True),
    Way("add_contact_to_list", 0, 1_000, 1_500, stand_in=True),
    Way("add_contact_to_list", 4_000, 4_000),
    Way("add_contact_to_list", 0, 1_000),
    Way("add_contact_to_list", 10, 1_000),
    Way("send_transactional_sms", 0, 300),
)


def measure_whole_way(*, runs: int) -> Iterator[WholeWay]:
    """Deliver the events of each way so often, in a process that does nothing else, as Lambda has it."""
    command = [sys.executable, "-m", "local.bench.whole_way", str(runs)]
    environment = {**os.environ, "PYTHONPATH": str(PROJECT / "layers/shared")}
    told = subprocess.run(command, cwd=PROJECT, env=environment, check=True, capture_output=True, text=True)
    for way, figures in zip(WAYS, json.loads(told.stdout), strict=True):
        yield WholeWay(way, **figures)


def _measured(machine: Machine, way: Way, runs: int) -> dict[str, float]:
    waits: list[float] = []
    machine.put(way.action, partial(function, way, machine, waits.append))
    bring(machine, way, invocations(way, 0))
    waits.clear()
    (calls, connections), said, took = machine.counted(stand_in=way.stand_in), machine.said_bytes, []
    for run in range(1, runs + 1):
        work = invocations(way, run)
        started, worked = time.perf_counter(), time.process_time()
        bring(machine, way, work)
        took.append((time.perf_counter() - started, time.process_time() - worked))
    made, opened = machine.counted(stand_in=way.stand_in)
    seconds, cpu_seconds = (median(figures) for figures in zip(*took, strict=True))
    return {
        "seconds": seconds,
        "cpu_seconds": cpu_seconds,
        "waited_seconds": sum(waits) / runs,
        "calls": (made - calls) // runs,
        "connections": opened - connections,
        "log_bytes": (machine.said_bytes - said) // runs,
    }


def function(way: Way, machine: Machine, sleep: Callable[[float], None]) -> Handler:
    """Give the function of a way, for `Machine.put`; `sleep` waits between two looks at an import."""
    # Only here: Powertools reads the environment when it is loaded, and that is the machine's.
    from lambda_runtime.action_function import ActionFunction  # noqa: PLC0415

    base_url = {"DOTDIGITAL_BASE_URL": machine.stand_in} if way.stand_in else {}
    return ActionFunction(way.action, machine.environment | base_url, sleep=sleep).answer


def invocations(way: Way, run: int) -> list[dict[str, Any]]:
    """Give what a way's function is invoked with in that run: events of other people in each."""
    subscription = _SUBSCRIPTIONS[way.action]
    numbers = range(run * way.events, (run + 1) * way.events)
    if not way.messages:
        return [event(number, subscription) for number in numbers]
    return [{"Records": records(some, subscription)} for some in batched(numbers, way.messages, strict=False)]


def bring(machine: Machine, way: Way, work: list[dict[str, Any]]) -> None:
    """Invoke the function. Raises RuntimeError for an event that was not delivered."""
    for invocation in work:
        answer = machine.invoke(way.action, invocation)
        if answer.get("outcome") != "delivered" and answer.get("batchItemFailures") != []:
            raise RuntimeError(f"{way.action} answered {answer}")


def main(runs: int) -> None:
    """Print the figures of each way as JSON."""
    with Machine() as machine:
        measured = [_measured(machine, way, runs) for way in WAYS]
    typer.echo(json.dumps(measured))


if __name__ == "__main__":
    typer.run(main)
