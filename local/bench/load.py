"""Many events through POST /segment to the sandbox: events a second, and what the functions' process holds."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import batched
from typing import Final

from local.bench.events import event, request
from local.bench.machine import Machine, resident_bytes

_BATCH: Final = 500
_MESSAGES: Final = 1_000
_ACTION: Final = "add_contact_to_list"
_OK: Final = 200


@dataclass(frozen=True)
class Mark:
    """How things stood after so many events. Seconds are the functions' own, without the event source mapping's."""

    events: int
    webhook_seconds: float
    action_seconds: float
    resident_bytes: int

    @property
    def events_a_second(self) -> float:
        """Events that went all the way, for each second that a function ran."""
        return self.events / (self.webhook_seconds + self.action_seconds)


class Load:
    """Posts batches of 500 events and lets the queue drain after every second one."""

    def __init__(self, machine: Machine) -> None:
        """Let the functions do what they do once: a start is not load."""
        self._machine = machine
        machine.invoke("segment_webhook", request([event(0)]))
        machine.deliver(_ACTION, machine.take(_ACTION, 1))
        self._webhook_seconds = self._action_seconds = 0.0

    def run(self, events: int, marks: tuple[int, ...]) -> Iterator[Mark]:
        """Post so many events and tell how things stand at each of the marks."""
        done = 0
        for numbers in batched(range(events), _BATCH, strict=False):
            self._post(numbers)
            done += len(numbers)
            if done % _MESSAGES == 0 or done == events:
                self._drain()
            if done in marks:
                yield Mark(done, self._webhook_seconds, self._action_seconds, resident_bytes())

    def _post(self, numbers: tuple[int, ...]) -> None:
        posted = request([event(number) for number in numbers])
        started = time.perf_counter()
        answer = self._machine.invoke("segment_webhook", posted, 30)
        self._webhook_seconds += time.perf_counter() - started
        if answer["statusCode"] != _OK:
            raise RuntimeError(f"segment_webhook answered {answer['statusCode']}: {answer['body']}")

    def _drain(self) -> None:
        while taken := self._machine.take(_ACTION, _MESSAGES):
            started = time.perf_counter()
            self._machine.deliver(_ACTION, taken)
            self._action_seconds += time.perf_counter() - started
