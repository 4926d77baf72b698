"""How long segment_webhook takes for a batch: by its size, and for the largest that Segment sends."""

import time
from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median, quantiles
from typing import Final

from local.bench.events import event, request
from local.bench.machine import Machine

SIZES: Final = (1, 10, 100, 1_000, 4_000)
LARGEST: Final = SIZES[-1]
_OK: Final = 200


@dataclass(frozen=True)
class Batch:
    """Batches of one size: how many events and bytes each had, and how many seconds each took to be answered."""

    events: int
    body_bytes: int
    seconds: tuple[float, ...]

    @property
    def p50(self) -> float:
        """The median, in seconds."""
        return median(self.seconds)

    @property
    def p99(self) -> float:
        """The 99th percentile, in seconds; of few runs it is near the slowest."""
        return quantiles(self.seconds, n=100, method="inclusive")[98]

    @property
    def milliseconds_an_event(self) -> float:
        """The median by event."""
        return self.p50 * 1000 / self.events


def measure_batches(machine: Machine, *, runs: int) -> Iterator[Batch]:
    """Post batches of every size `runs` times; small ones more often, since each is quickly done."""
    machine.invoke("segment_webhook", request([event(0)]), 30)
    for size in SIZES:
        yield _measured(machine, size, runs * (5 if size < LARGEST else 1))


def _measured(machine: Machine, size: int, runs: int) -> Batch:
    posted = request([event(number) for number in range(size)])
    seconds = tuple(_answered_in(machine, posted) for _ in range(runs))
    while machine.take("add_contact_to_list", LARGEST):
        pass
    return Batch(size, len(posted["body"].encode()), seconds)


def _answered_in(machine: Machine, posted: dict[str, object]) -> float:
    started = time.perf_counter()
    answer = machine.invoke("segment_webhook", posted, 30)
    seconds = time.perf_counter() - started
    if answer["statusCode"] != _OK:
        raise RuntimeError(f"segment_webhook answered {answer['statusCode']}: {answer['body']}")
    return seconds
