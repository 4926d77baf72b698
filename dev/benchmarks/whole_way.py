"""The whole way of an event through one function, from the invocation to Dotdigital's response."""

import time
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import batched
from statistics import median
from typing import Any, Final, NamedTuple

from dev.benchmarks.machine import UPSERT, Handler, Machine, Row, event, records


class Way(NamedTuple):
    """A function that is brought so many messages at a time or, with none, one event after the other."""

    action: str
    messages: int
    events: int

    @property
    def title(self) -> str:
        """Return what it is called."""
        return f"{self.action} x {self.messages or 1:,}"


WAYS: Final = (
    Way(UPSERT, 4_000, 4_000),
    Way(UPSERT, 10, 1_000),
    Way(UPSERT, 0, 1_000),
    Way("send_transactional_sms", 0, 300),
)


def measure_whole_way(machine: Machine, runs: int, ways: Sequence[Way] = WAYS) -> Iterator[Row]:
    """Deliver the events of each way so often, after a first time that does not count.

    `cpu, ms` is the function's own; the sandbox works in another process. Nothing waits between two looks at an import.
    """
    for way in ways:
        machine.put(way.action, partial(_function, way, machine))
        _deliver(machine, way, _invocations(way, 0))
        machine.requests()
        logged, took = machine.said_bytes, []
        for run in range(1, runs + 1):
            work = _invocations(way, run)
            started, worked = time.perf_counter(), time.process_time()
            _deliver(machine, way, work)
            took.append((time.perf_counter() - started, time.process_time() - worked))
        seconds, processor = (median(figures) / way.events for figures in zip(*took, strict=True))
        events = runs * way.events
        yield Row(
            way.title,
            {
                "events/s": round(1 / seconds),
                "ms": round(seconds * 1000, 3),
                "cpu, ms": round(processor * 1000, 3),
                "requests": round(len(machine.requests()) / events, 4),
                "log bytes": round((machine.said_bytes - logged) / events),
            },
        )


def _function(way: Way, machine: Machine) -> Handler:
    # Only here: Powertools reads the environment when it is loaded, and that is the machine's.
    from aws.handler import ActionFunction  # noqa: PLC0415
    from cli.actions import load_action  # noqa: PLC0415

    sleep: Callable[[float], None] = lambda _: None  # noqa: E731
    return ActionFunction(load_action(way.action), machine.environment, sleep=sleep).respond


def _invocations(way: Way, run: int) -> list[dict[str, Any]]:
    """Return what a way's function is invoked with in that run: events of other people in each."""
    numbers = range(run * way.events, (run + 1) * way.events)
    if not way.messages:
        return [event(number, way.action) for number in numbers]
    return [{"Records": records(some, way.action)} for some in batched(numbers, way.messages, strict=False)]


def _deliver(machine: Machine, way: Way, work: Sequence[dict[str, Any]]) -> None:
    for invocation in work:
        response = machine.invoke(way.action, invocation)
        if response.get("outcome") != "delivered" and response.get("batchItemFailures") != []:
            raise RuntimeError(f"{way.action} responded {response}")
