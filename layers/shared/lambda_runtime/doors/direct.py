"""Direct invokes: a bare Segment event, `{payload}`, or `{event, mapping?, subscribe?}` to try what is not configured.

https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
"""

from collections.abc import Mapping, Sequence
from typing import Any, Final

from actions import Action
from actions.delivery.outcome import Outcome
from actions.delivery.subscription import Subscription, SubscriptionError
from lambda_runtime.doors.work import EnvelopeError, EventWork, Work, outcomes_as_json, work_of

_ANY_EVENT: Final = "type != null"


class DirectDoor:
    """Takes one event an invoke and answers with the outcome as JSON."""

    name = "direct"
    most_seconds = float("inf")

    def __init__(self, action: Action[Any]) -> None:
        """Try events with `action`."""
        self._action = action

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Take whatever no other door takes."""
        return True

    def unwrap(self, event: Mapping[str, Any]) -> Work:
        """Take the event, with the mapping and trigger that it is tried with. Raises EnvelopeError, EventError."""
        work = work_of(event, "")
        if isinstance(work, EventWork) and isinstance(event.get("event"), Mapping):
            return EventWork(work.event, work.raw, self._tried(event))
        return work

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome."""
        return outcomes_as_json(outcomes)

    def refuse(self, error: EnvelopeError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome."""
        return refused.as_json()

    def _tried(self, event: Mapping[str, Any]) -> Subscription:
        entry = {
            "name": "(tried)",
            "action": self._action.name,
            "subscribe": event.get("subscribe", _ANY_EVENT),
            "mapping": event.get("mapping", self._action.payload.default_mapping()),
        }
        try:
            return Subscription.read(entry)
        except SubscriptionError as error:
            raise EnvelopeError(str(error)) from None
