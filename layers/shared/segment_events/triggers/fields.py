"""The fields of a Segment event that a trigger can ask about.

Names and meanings: https://segment.com/docs/connections/spec/common/. Segment's own triggers
know type, event, name, userId, properties, traits and context.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType, NoneType


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
