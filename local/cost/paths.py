"""The paths that an event can take, each as what one event uses on it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

from local.cost.basis import Basis
from local.cost.deliveries import IN_BULK, ONE_BY_ONE, SMS, TEN_AT_A_TIME, Delivery
from local.cost.entrances import asked, posted, published
from local.cost.prices import Prices
from local.cost.usage import Usage


@dataclass(frozen=True)
class Path:
    """A way in, and a way out of the action's queue; the direct route (no `entrance`) has no queue."""

    title: str
    delivery: Delivery
    entrance: Callable[[Basis], Usage] | None = None

    def usage(self, basis: Basis) -> Usage:
        """Give what one event uses."""
        if self.entrance is None:
            return asked(basis) + self.delivery.performed(basis)
        messages = basis.assumed("subscriptions_an_event")
        return self.entrance(basis) + self.delivery.from_queue(basis).times(messages)

    def cost(self, basis: Basis, prices: Prices, events: float) -> Mapping[str, float]:
        """Give the dollars by service of a month with so many events."""
        return self.usage(basis).times(events).cost(prices)


def _posted(events: int) -> Callable[[Basis], Usage]:
    return lambda basis: posted(basis, events)


def _published(events: int) -> Callable[[Basis], Usage]:
    return lambda basis: published(basis, events)


DIRECT: Final = Path("direct route, one event a request", ONE_BY_ONE)
POSTED_ONE_BY_ONE: Final = Path("POST /segment with 1 event, then one by one", ONE_BY_ONE, _posted(1))
POSTED_IN_BULK: Final = Path("POST /segment with 1,000 events, then in bulk", IN_BULK, _posted(1_000))
POSTED_SMS: Final = Path("POST /segment with 1,000 events, then an SMS each, guarded", SMS, _posted(1_000))
PATHS: Final = (
    DIRECT,
    POSTED_ONE_BY_ONE,
    Path("POST /segment with 1,000 events, then one by one", ONE_BY_ONE, _posted(1_000)),
    Path("POST /segment with 1,000 events, then ten at a time", TEN_AT_A_TIME, _posted(1_000)),
    POSTED_IN_BULK,
    POSTED_SMS,
    Path("Segment's EventBridge destination 1 at a time, then one by one", ONE_BY_ONE, _published(1)),
    Path("Segment's EventBridge destination 100 at a time, then in bulk", IN_BULK, _published(100)),
    Path("your own EventBridge events 1 at a time, then an SMS each, guarded", SMS, _published(1)),
)
