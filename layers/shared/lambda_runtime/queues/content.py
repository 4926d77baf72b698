"""What the message of an action's queue says: an event for one subscription, or a payload that is already mapped."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from dotdigital.json_text import read_json
from segment_events import Event, EventError, read_event


class ContentError(ValueError):
    """The message cannot be read, now or later."""


@dataclass(frozen=True)
class EventContent:
    """An event for the subscription of that name. `attempt` is a person's, who lets a send in doubt be made again."""

    subscription: str
    event: Event
    raw: Mapping[str, Any]
    attempt: str | None

    @property
    def message_id(self) -> str:
        """Segment's id of the event."""
        return self.event.message_id

    @property
    def moment(self) -> float | None:
        """When the event happened, in epoch seconds, where it says so."""
        try:
            moment = datetime.fromisoformat(self.event.timestamp or "")
        except ValueError:
            return None
        return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp()


@dataclass(frozen=True)
class PayloadContent:
    """A payload, and what makes it one and the same when it comes again."""

    payload: Mapping[str, Any]
    message_id: str
    attempt: str | None
    subscription: str = "(payload)"
    moment: float | None = None


Content = EventContent | PayloadContent


def read_content(body: str) -> Content:
    """Read the body of a message. Raises ContentError with a reason that holds nothing of it."""
    try:
        said = read_json(body)
    except (ValueError, RecursionError):
        raise ContentError("the message is not JSON") from None
    if not isinstance(said, dict):
        raise ContentError("the message is not an object")
    attempt = said.get("attempt")
    if not isinstance(attempt, str | None):
        raise ContentError("the attempt is not text")
    match said:
        case {"subscription": str(subscription), "event": dict(raw)}:
            try:
                return EventContent(subscription, read_event(raw), raw, attempt)
            except EventError as error:
                raise ContentError(f"not a Segment event: {error}") from None
        case {"payload": dict(payload), "messageId": str(message_id)}:
            return PayloadContent(payload, message_id, attempt)
    raise ContentError("the message is neither {subscription, event} nor {payload, messageId}")
