"""A Segment event: the six calls of the Spec and the deletion notice, read with tolerance.

Only `messageId` and `type` are needed; the rest may be missing, null or, as in deletion notices, `[]` for `{}`.
Triggers and mappings read the raw event. https://segment.com/docs/connections/spec/common/
"""

from collections.abc import Iterator, Mapping
from typing import Any, Final, NamedTuple

_TYPES: Final = ("identify", "track", "page", "screen", "group", "alias", "delete")
_ONE_OF: Final = f"must be one of {', '.join(map(repr, _TYPES[:-1]))} or {_TYPES[-1]!r}"


class EventError(ValueError):
    """A value that is no Segment event. `fields` gives a reason for each field at fault; none holds its value."""

    def __init__(self, fields: Mapping[str, str]) -> None:
        """Keep the reasons by field."""
        super().__init__("; ".join(f"{field} {reason}" for field, reason in fields.items()))
        self.fields = fields


class Event(NamedTuple):
    """One event, as far as we look at it. `refuses_dotdigital`: its integrations object says no."""

    type: str
    message_id: str
    event: str | None
    timestamp: str | None
    refuses_dotdigital: bool


def read_event(raw: Any) -> Event:
    """Read parsed JSON as an event. Raises EventError that names each field at fault."""
    if not isinstance(raw, Mapping):
        raise EventError({"event": "must be a JSON object"})
    kind, message_id = raw.get("type"), raw.get("messageId")
    if kind not in _TYPES or not isinstance(message_id, str) or not message_id:
        raise EventError(dict(_problems(raw)))
    integrations = raw.get("integrations")
    refuses = isinstance(integrations, Mapping) and integrations.get("Dotdigital") is False
    return Event(kind, message_id, _text(raw.get("event")), _text(raw.get("timestamp")), refuses)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) else None


def _problems(raw: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    if raw.get("type") not in _TYPES:
        yield "type", _ONE_OF if "type" in raw else "is required"
    message_id = raw.get("messageId")
    if not isinstance(message_id, str) or not message_id:
        yield "messageId", "must be text" if "messageId" in raw else "is required"
