"""What came, read by where it came from: whoever writes an event can make nothing more of it than an event.

HTTP, backfills and the queue of segment_webhook bring Segment events and nothing else, whatever keys they carry. An
EventBridge envelope counts where EventBridge delivers it, or where somebody invokes a function with it. A payload that
is already mapped comes by a direct invoke, or from the account's own bus where the stack allows it.
https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from delivery.action import action_name, action_names
from delivery.fields.timestamps import timestamp_of
from dotdigital.json_text import read_json
from segment_events import Event, EventError, read_event

SEGMENT_SOURCE_PREFIX: Final = "aws.partner/segment.com"
"""What the source of Segment's partner events begins with, before a slash."""

EVENTBRIDGE: Final = "eventbridge"
"""What the name of the queue ends with that EventBridge alone fills."""

_TRIED: Final = ("mapping", "subscribe")
_EXPECTED: Final = "it must be one JSON object: a Segment event, {event, mapping, subscribe} or {payload}"
_PAYLOADS_ARE_OFF: Final = (
    "payloads that are already mapped are off for events of your own bus: put {event} in place of {payload}, or set "
    "the stack's parameter AllowPayloads to true and replay it"
)


class IncomingError(ValueError):
    """What came cannot be read. The text says what is expected and holds nothing of what came.

    `status` is the HTTP status that says so, `fields` has the reasons by field.
    """

    status: int = HTTPStatus.BAD_REQUEST

    def __init__(self, message: str, fields: Mapping[str, str] | None = None) -> None:
        """Keep the reasons by field."""
        super().__init__(message)
        self.fields = fields


@dataclass(frozen=True)
class IncomingEvent:
    """A Segment event, for `action` alone or, without one, for all that want it.

    A message of an action's queue names the `subscription` that wanted it. `attempt` is a person's, who lets a send
    that is in doubt be made again. `tried` has the mapping and the trigger that stand in for the subscriptions' own.
    """

    event: Event
    raw: Mapping[str, Any]
    action: str | None = None
    subscription: str | None = None
    attempt: str | None = None
    tried: Mapping[str, Any] | None = None

    @property
    def message_id(self) -> str:
        """Segment's id of the event."""
        return self.event.message_id

    @property
    def timestamp(self) -> datetime | None:
        """When it happened, by its own word, None where it says nothing that can be read."""
        try:
            return timestamp_of(self.event.timestamp)
        except ValueError:
            return None


@dataclass(frozen=True)
class IncomingPayload:
    """A payload that is already mapped, for `action` or, without one, for the action that was invoked.

    Without a `message_id` it is something new each time that it comes. It does not say when it happened.
    """

    payload: Mapping[str, Any]
    action: str | None = None
    message_id: str | None = None
    attempt: str | None = None
    timestamp: None = None


Incoming = IncomingEvent | IncomingPayload


class EventBus(NamedTuple):
    """Reads what EventBridge delivers: Segment's partner events, and events of the account's own."""

    segment_source_prefix: str = SEGMENT_SOURCE_PREFIX
    allows_payloads: bool = False

    def read(self, envelope: Any) -> Incoming:
        """Read an envelope. Segment's holds an event; one of the account's own names its action. Raises IncomingError.

        A payload is one and the same when its envelope, by its id, comes again.
        """
        if not is_envelope(envelope):
            raise IncomingError("it is no envelope of EventBridge with a detail-type and a detail")
        source, detail = envelope.get("source"), envelope["detail"]
        if isinstance(source, str) and source.startswith(f"{self.segment_source_prefix}/"):
            return segment_event(detail)
        action = _action_of(envelope["detail-type"])
        if not isinstance(detail, Mapping):
            raise IncomingError("the detail must be an object: {event} with a Segment event in it")
        if _wraps(detail, "payload"):
            return self._payload(detail["payload"], action, envelope.get("id"))
        return segment_event(detail["event"] if _wraps(detail, "event") else detail, action)

    def _payload(self, payload: Mapping[str, Any], action: str, envelope_id: Any) -> IncomingPayload:
        if not self.allows_payloads:
            raise IncomingError(_PAYLOADS_ARE_OFF)
        if not isinstance(envelope_id, str) or not envelope_id:
            raise IncomingError("the envelope of a payload must have its id")
        return IncomingPayload(payload, action, envelope_id)


def segment_event(raw: Any, action: str | None = None) -> IncomingEvent:
    """Read a Segment event, which is nothing else whatever keys it has. Raises IncomingError."""
    if not isinstance(raw, Mapping):
        raise IncomingError("not a Segment event: it is not an object")
    try:
        return IncomingEvent(read_event(raw), raw, action)
    except EventError as error:
        raise IncomingError(f"not a Segment event: {error}", error.fields) from None


def events_of_request(content: Any) -> list[Any]:
    """Give the events of a request to /segment: one, or a batch, each of which the extensible webhook wraps."""
    if not isinstance(content, list):
        return [content]
    return [each["json"] if isinstance(each, dict) and each.keys() == {"json"} else each for each in content]


def invoked(content: Any, bus: EventBus) -> Incoming:
    """Read what an action's function is invoked with by somebody who may invoke it. Raises IncomingError."""
    if not isinstance(content, Mapping):
        raise IncomingError(_EXPECTED)
    if is_envelope(content):
        return bus.read(content)
    if _wraps(content, "payload"):
        message_id = content.get("messageId")
        named = message_id if isinstance(message_id, str) and message_id else None
        return IncomingPayload(content["payload"], message_id=named)
    if not _wraps(content, "event"):
        return segment_event(content)
    read = segment_event(content["event"])
    return IncomingEvent(read.event, read.raw, tried={key: content[key] for key in _TRIED if key in content})


def message_of_queue(body: str) -> Incoming:
    """Read the body of a message of an action's queue, which segment_webhook wrote. Raises IncomingError."""
    try:
        said = read_json(body)
    except (ValueError, RecursionError):
        raise IncomingError("the message is not JSON") from None
    if not isinstance(said, dict):
        raise IncomingError("the message is not an object")
    attempt = said.get("attempt")
    if not isinstance(attempt, str | None):
        raise IncomingError("the attempt is not text")
    match said:
        case {"subscription": str(subscription), "event": dict(raw)}:
            return replace(segment_event(raw), subscription=subscription, attempt=attempt)
        case {"payload": dict(payload), "messageId": str(message_id)}:
            return IncomingPayload(payload, message_id=message_id, attempt=attempt)
    raise IncomingError("the message is neither {subscription, event} nor {payload, messageId}")


def is_of_eventbridge(queue: str) -> bool:
    """Tell by the name of a message's queue whether EventBridge delivered it."""
    return queue.endswith(f"-{EVENTBRIDGE}")


def is_envelope(content: Any) -> bool:
    """Tell whether what somebody invoked a function with is an envelope of EventBridge."""
    return isinstance(content, Mapping) and {"detail-type", "detail"} <= content.keys() and "type" not in content


def _wraps(content: Mapping[str, Any], key: str) -> bool:
    """Tell whether an object holds what came under `key`; what has a type is an event itself."""
    return isinstance(content.get(key), Mapping) and "type" not in content


def _action_of(detail_type: Any) -> str:
    try:
        return action_name(detail_type)
    except LookupError:
        raise IncomingError(f"the detail-type must be the name of an action: {', '.join(action_names())}") from None
