"""EventBridge: Segment's partner events, whose detail is the event, and the account's own, whose detail names it.

https://segment.com/docs/connections/destinations/catalog/amazon-eventbridge/
"""

from collections.abc import Mapping, Sequence
from typing import Any

from actions import slug_of
from actions.delivery.outcome import Outcome
from lambda_runtime.doors.work import EnvelopeError, Work, outcomes_as_json, work_of

_PARTNER = "aws.partner/segment.com"


class RetryEventError(RuntimeError):
    """The event is to come again: raised so that Lambda, which was called without anybody waiting, calls again."""


class EventBridgeDoor:
    """Takes one event an envelope."""

    name = "eventbridge"
    most_seconds = float("inf")

    def __init__(self, action: str) -> None:
        """Take the account's own events whose detail-type is `action` or its slug."""
        self._detail_types = (action, slug_of(action))

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Tell whether `event` is an EventBridge envelope."""
        return "detail-type" in event and "detail" in event

    def unwrap(self, event: Mapping[str, Any]) -> Work:
        """Take the event out of its envelope. Raises EnvelopeError."""
        is_segment = str(event.get("source", "")).startswith(_PARTNER)
        if not is_segment and event["detail-type"] not in self._detail_types:
            raise EnvelopeError(f"the detail-type must be {self._detail_types[0]}", 404)
        return work_of(event["detail"], str(event.get("id", "")))

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome, which nobody waits for. Raises RetryEventError so that Lambda calls again."""
        if outcomes[0].outcome == "retry":
            raise RetryEventError(f"{outcomes[0].action}: to be tried again")
        return outcomes_as_json(outcomes)

    def refuse(self, error: EnvelopeError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome: it cannot be read the next time either."""
        return refused.as_json()
