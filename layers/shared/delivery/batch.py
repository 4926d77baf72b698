"""Payloads of one action that are performed together."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from delivery.outcome import Skipped
from dotdigital import Dotdigital, RetryLaterError, UnavailableError

SIDE_BY_SIDE: Final = 4
"""Calls at once: with two functions what a limit refuses stays under 5 % (docs/decisions.md)."""

EARLIER: Final = "an earlier event of the same person is to come first"

Result = Mapping[str, Any] | Skipped | Exception
"""What performing a payload came to: the ids that Dotdigital gave, nothing to do, or what was raised."""


@dataclass(frozen=True)
class Batch[P]:
    """Payloads in the order of their events.

    An action that sends asks `claim` just before each call which of these positions it may send, and leaves the others
    alone: another function sends them, or has. `people` has for each payload the number of its person, None where that
    is not known yet.
    """

    payloads: Sequence[P]
    dotdigital: Dotdigital
    claim: Callable[[Sequence[int]], Sequence[int]]
    people: Sequence[int] | None = None


PerformBatch = Callable[[Batch[Any]], Iterator[tuple[int, Result]]]
"""Performs a batch and gives each position's result as soon as it is known. A claimed position that it does not give,
or what it raises, counts as a break in the middle."""


def perform_or_error[P](perform: Callable[[P, Dotdigital], Result], payload: P, dotdigital: Dotdigital) -> Result:
    """Perform one payload and give what it came to, what it raised too."""
    try:
        return perform(payload, dotdigital)
    except Exception as error:
        return error


def waits_for(earlier: RetryLaterError) -> UnavailableError:
    """Give the result of what was not tried, because an earlier event of its person is to be tried again."""
    return UnavailableError(EARLIER, wait=earlier.wait)
