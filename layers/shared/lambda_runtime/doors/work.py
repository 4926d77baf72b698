"""What a door takes out of its envelope, what it answers, and what it says where it cannot read."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from actions.delivery.outcome import Outcome
from actions.delivery.subscription import Subscription
from segment_events import Event, EventError, read_event


class EnvelopeError(ValueError):
    """What came is not for this function, or cannot be read. `status` is the HTTP status that says so."""

    def __init__(self, message: str, status: int = 400, fields: Mapping[str, str] | None = None) -> None:
        """Keep the status, and the reasons by field."""
        super().__init__(message)
        self.status = status
        self.fields = fields


@dataclass(frozen=True)
class EventWork:
    """An event for the subscriptions of the action, or for one that is tried and not configured."""

    event: Event
    raw: Mapping[str, Any]
    tried: Subscription | None = None

    @property
    def correlation_id(self) -> str:
        """What logs find the event by."""
        return self.event.message_id


@dataclass(frozen=True)
class PayloadWork:
    """A payload that is already mapped. Without a `message_id` it is something new each time that it comes."""

    payload: Mapping[str, Any]
    correlation_id: str
    message_id: str | None = None


Work = EventWork | PayloadWork


class Door(Protocol):
    """A way into a function."""

    name: str
    most_seconds: float

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Tell whether `event` is this door's envelope."""
        ...

    def unwrap(self, event: Mapping[str, Any]) -> Work:
        """Take out what is to be done. Raises EnvelopeError, SecretError."""
        ...

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Answer with the gravest outcome first."""
        ...

    def refuse(self, error: EnvelopeError, refused: Outcome) -> dict[str, Any]:
        """Answer what could not be read."""
        ...


def work_of(content: Any, correlation_id: str) -> Work:
    """Take a bare event, `{"event": {...}}` or `{"payload": {...}}`. Raises EnvelopeError."""
    if not isinstance(content, Mapping):
        raise EnvelopeError("must be one JSON object: a Segment event, or {payload} with the fields of the action")
    if isinstance(content.get("payload"), Mapping) and "type" not in content:
        message_id = content.get("messageId")
        named = message_id if isinstance(message_id, str) and message_id else None
        return PayloadWork(content["payload"], named or correlation_id, named)
    raw = content["event"] if isinstance(content.get("event"), Mapping) else content
    try:
        return EventWork(read_event(raw), raw)
    except EventError as error:
        raise EnvelopeError(f"not a Segment event: {error}", fields=error.fields) from None


def outcomes_as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Give the first outcome, and all of them beside it where several subscriptions took the event."""
    first = outcomes[0].as_json()
    return first if len(outcomes) == 1 else {**first, "outcomes": [outcome.as_json() for outcome in outcomes]}
