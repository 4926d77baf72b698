"""One function on loopback, the sandbox answering at once: events a second, one by one and in batches of its queue."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import batched
from statistics import median
from typing import Final

from local.bench.events import event, records
from local.bench.machine import Machine

_SUBSCRIPTIONS: Final = {
    "add_contact_to_list": "Add or Update Contact",
    "send_transactional_sms": "Send Transactional SMS",
}


@dataclass(frozen=True)
class Way:
    """A function that is brought so many messages at a time, or, with none, one event after the other."""

    action: str
    messages: int
    events: int
    promised: int | None = None

    @property
    def title(self) -> str:
        """What it is called."""
        return f"{self.action}, {f'{self.messages:,} at a time' if self.messages else 'one by one'}"


@dataclass(frozen=True)
class WholeWay:
    """What the events of a way took. `seconds` and `cpu_seconds` are medians of the runs, of the function's process.

    `waited_seconds` are those between two looks at an import, which the bench does not wait.
    """

    way: Way
    seconds: float
    cpu_seconds: float
    waited_seconds: float
    calls: int
    log_bytes: int

    @property
    def events_a_second(self) -> float:
        """Events that went all the way in a second, Dotdigital's and AWS's own time included."""
        return self.way.events / self.seconds


WAYS: Final = (
    Way("add_contact_to_list", 0, 1_000, 1_500),
    Way("send_transactional_sms", 0, 300),
    Way("add_contact_to_list", 10, 1_000),
    Way("add_contact_to_list", 4_000, 4_000, 20_000),
)


def measure_whole_way(machine: Machine, *, runs: int) -> Iterator[WholeWay]:
    """Deliver the events of each way so often, after a first time that does not count."""
    # Only here: the environment that a function reads when it is loaded is the machine's.
    from lambda_runtime.action_function import ActionFunction  # noqa: PLC0415

    waits: list[float] = []
    for action in _SUBSCRIPTIONS:
        machine.put(action, ActionFunction(action, sleep=waits.append).answer)
    for way in WAYS:
        bring = _bringing(way, machine)
        bring(0)
        machine.calls()
        said, took = machine.said_bytes, []
        waits.clear()
        for run in range(1, runs + 1):
            started, worked = time.perf_counter(), time.process_time()
            bring(run)
            took.append((time.perf_counter() - started, time.process_time() - worked))
        seconds, cpu_seconds = (median(figures) for figures in zip(*took, strict=True))
        counted = sum(waits) / runs, len(machine.calls()) // runs, (machine.said_bytes - said) // runs
        yield WholeWay(way, seconds, cpu_seconds, *counted)


def _bringing(way: Way, machine: Machine) -> Callable[[int], None]:
    subscription = _SUBSCRIPTIONS[way.action]

    def one_by_one(run: int) -> None:
        for number in range(run * way.events, (run + 1) * way.events):
            outcome = machine.invoke(way.action, event(number, subscription))["outcome"]
            if outcome != "delivered":
                raise RuntimeError(f"{way.action} ended as {outcome}")

    def in_batches(run: int) -> None:
        for numbers in batched(range(run * way.events, (run + 1) * way.events), way.messages, strict=False):
            machine.deliver(way.action, records(numbers, subscription))

    return in_batches if way.messages else one_by_one
