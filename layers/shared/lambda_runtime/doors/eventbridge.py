"""EventBridge's envelopes, where somebody invokes a function with one: read as those that EventBridge delivers.

https://segment.com/docs/connections/destinations/catalog/amazon-eventbridge/
"""

from collections.abc import Sequence
from typing import Any

from actions.delivery.incoming import EventBus, Incoming, IncomingError, is_envelope
from actions.delivery.outcome import Outcome
from dotdigital.json_text import well_formed
from lambda_runtime.doors.work import outcomes_as_json


class RetryEventError(RuntimeError):
    """The event is to come again: raised so that Lambda, which was called without anybody waiting, calls again."""


class EventBridgeDoor:
    """Takes one event an envelope."""

    name = "eventbridge"
    most_seconds = float("inf")

    def __init__(self, action: str, bus: EventBus) -> None:
        """Take Segment's events, and the account's own whose detail-type is `action` or its slug."""
        self._action = action
        self._bus = bus

    def takes(self, event: Any) -> bool:
        """Tell whether `event` is an EventBridge envelope."""
        return is_envelope(event)

    def unwrap(self, event: Any) -> Incoming:
        """Take the event out of its envelope. Raises IncomingError."""
        incoming = self._bus.read(well_formed(event))
        if incoming.action not in (None, self._action):
            raise IncomingError(f"the detail-type must be {self._action}")
        return incoming

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome, which nobody waits for. Raises RetryEventError so that Lambda calls again."""
        if outcomes[0].outcome == "retry":
            raise RetryEventError(f"{outcomes[0].action}: to be tried again")
        return outcomes_as_json(outcomes)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome: it cannot be read the next time either."""
        return refused.as_json()
