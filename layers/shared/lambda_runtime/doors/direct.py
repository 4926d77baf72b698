"""Direct invokes: a bare Segment event, `{payload}`, or `{event, mapping?, subscribe?}` to try what is not configured.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from actions import Action
from actions.delivery.incoming import EventBus, Incoming, IncomingError, invoked
from actions.delivery.outcome import Outcome
from actions.delivery.subscription import Subscription, SubscriptionError
from dotdigital.json_text import well_formed
from lambda_runtime.doors.work import outcomes_as_json

_NOT_TRIED: Final = "the mapping or the trigger cannot be tried"
_ANY_EVENT: Final = "type != null"


class DirectDoor:
    """Takes one event an invoke and answers with the outcome as JSON."""

    name = "direct"
    most_seconds = float("inf")

    def __init__(self, bus: EventBus) -> None:
        """Read an envelope as `bus` does."""
        self._bus = bus

    def takes(self, event: Any) -> bool:
        """Take whatever no other door takes."""
        return True

    def unwrap(self, event: Any) -> Incoming:
        """Take the event, with the mapping and trigger that it is tried with. Raises IncomingError."""
        return invoked(well_formed(event), self._bus)

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome."""
        return outcomes_as_json(outcomes)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome."""
        return refused.as_json()


def tried_subscription(action: Action[Any], tried: Mapping[str, Any]) -> Subscription:
    """Compile the mapping and the trigger that an event is tried with, or the action's own.

    Raises IncomingError with every problem under `subscription`: they quote what came, and logs name the fields alone.
    """
    entry = {
        "name": "(tried)",
        "action": action.name,
        "subscribe": tried.get("subscribe", _ANY_EVENT),
        "mapping": tried.get("mapping", action.payload.default_mapping()),
    }
    try:
        return Subscription.read(entry)
    except SubscriptionError as error:
        raise IncomingError(_NOT_TRIED, {"subscription": str(error)}) from None
