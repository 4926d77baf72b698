"""Payloads of one action that are performed together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from actions.delivery.outcome import Skipped
from dotdigital import Dotdigital

Result = Mapping[str, Any] | Skipped | Exception
"""What performing a payload came to: the ids that Dotdigital gave, nothing to do, or what was raised."""


@dataclass(frozen=True)
class Batch[P]:
    """Payloads in the order of their events.

    An action that sends asks `claim` just before each call which of these positions it may send, and leaves the others
    alone: another function sends them, or has.
    """

    payloads: Sequence[P]
    dotdigital: Dotdigital
    claim: Callable[[Sequence[int]], Sequence[int]]


PerformBatch = Callable[[Batch[Any]], Iterator[tuple[int, Result]]]
"""Performs a batch and gives each position's result as soon as it is known. A claimed position that it does not give,
or what it raises, counts as a break in the middle."""


def perform_or_error[P](perform: Callable[[P, Dotdigital], Result], payload: P, dotdigital: Dotdigital) -> Result:
    """Perform one payload and give what it came to, what it raised too."""
    try:
        return perform(payload, dotdigital)
    except Exception as error:
        return error
