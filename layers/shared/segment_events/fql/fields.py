"""The fields of a Segment event that a trigger can ask about, and how one is found in an event.

Names and meanings: https://segment.com/docs/connections/spec/common/. Segment's own triggers
know type, event, name, userId, properties, traits and context. Only mappings and lists are entered, never attributes.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType, NoneType
from typing import Any

from segment_events.fql.tree import Path


@dataclass(frozen=True, slots=True)
class Field:
    """How a trigger reads one top-level field.

    `typed` lists the types of bare values (null, true, 5) that keep their type when they are
    compared with this field; the rest are compared as text, so `event = null` looks for an
    event named "null", as it does in Segment. `nested` fields are objects, of which a trigger
    names a part, such as properties.total; the others have no parts.
    """

    typed: tuple[type, ...] = ()
    nested: bool = False


_TEXT = Field()
_NAME = Field(typed=(NoneType,))
_IDENTIFIER = Field(typed=(NoneType, bool))
_OBJECT = Field(typed=(NoneType, bool, int, float), nested=True)

FIELDS: Mapping[str, Field] = MappingProxyType(
    {
        "type": _TEXT,
        "event": _TEXT,
        "name": _NAME,
        "userId": _IDENTIFIER,
        "anonymousId": _IDENTIFIER,
        "messageId": _IDENTIFIER,
        "groupId": _IDENTIFIER,
        "previousId": _IDENTIFIER,
        "projectId": _IDENTIFIER,
        "channel": _IDENTIFIER,
        "timestamp": _IDENTIFIER,
        "originalTimestamp": _IDENTIFIER,
        "sentAt": _IDENTIFIER,
        "receivedAt": _IDENTIFIER,
        "properties": _OBJECT,
        "traits": _OBJECT,
        "context": _OBJECT,
        "integrations": _OBJECT,
    }
)


type Lookup = Callable[[Any], Any]
"""From an event to the value of one field, None when it is missing (or null)."""

type _Step = tuple[str, int | None]

_LONGEST_INDEX = 9


def compile_lookup(path: Path) -> Lookup:
    """Compile one path to what finds its value. It raises for no JSON value."""
    here = _compile_steps(path.keys)
    if path.otherwise is None:
        return here
    there = _compile_steps(path.otherwise)

    def look_twice(event: Any) -> Any:
        value = here(event)
        return there(event) if value is None else value

    return look_twice


def _compile_steps(keys: tuple[str, ...]) -> Lookup:
    steps = tuple((key, _as_index(key)) for key in keys)

    def look_up(value: Any) -> Any:
        for step in steps:
            value = _enter(value, step)
            if value is None:
                return None
        return value

    return look_up


def _as_index(key: str) -> int | None:
    digits = key.isascii() and key.isdigit() and len(key) <= _LONGEST_INDEX
    return int(key) if digits and key == str(int(key)) else None


def _enter(value: Any, step: _Step) -> Any:
    key, index = step
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list):
        return value[index] if index is not None and index < len(value) else None
    return value.get(key) if isinstance(value, Mapping) else None
