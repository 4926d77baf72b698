"""Events each of which was once enough to end everything that came with it: its batch, its post, its log line."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from tests.support.segment import track

ACTION: Final = "add_contact_to_list"
FIELD: Final = "POINTS"
"""The data field that every subscription of these writes, and no other."""


@dataclass(frozen=True)
class Poison:
    """An event with a subscription of its own, which writes what `city` makes of it into a data field.

    `mapped` takes the place of fields of the mapping.
    `text` replaces the value of the property `odd` in the event's JSON, where that is no JSON that Python writes.
    Without `is_wrong` the contact is updated as if nothing were odd. segment_webhook rejects what `goes_nowhere`.
    """

    name: str
    is_wrong: bool
    city: Any = field(default_factory=lambda: {"@path": "$.properties.odd"})
    odd: Any = None
    text: str | None = None
    goes_nowhere: bool = False
    mapped: Mapping[str, Any] = field(default_factory=dict)

    @property
    def subscription(self) -> dict[str, Any]:
        """The subscription, as subscriptions.json has it."""
        mapping = {
            "channelIdentifier": "email",
            "emailIdentifier": {"@path": "$.properties.email"},
            "updateEmailSubscription": False,
            "dataFields": {"CITY": self.city, FIELD: _NUMBER},
            **self.mapped,
        }
        trigger = f'type = "track" and event = "{self.name}"'
        return {"name": self.name, "partnerAction": "addContactToList", "subscribe": trigger, "mapping": mapping}

    def event(self, number: int, message_id: str) -> dict[str, Any]:
        """The event, about a contact that no other event names."""
        properties = {"email": f"poisoned-{number}@example.com", "number": number, "odd": self.odd}
        return track(self.name, **properties) | {"messageId": message_id}

    def event_text(self, number: int, message_id: str) -> str:
        """The event as JSON."""
        marked = self.event(number, message_id)
        if self.text is None:
            return json.dumps(marked)
        marked["properties"]["odd"] = "(odd)"
        return json.dumps(marked).replace('"(odd)"', self.text)


def _deep(levels: int, key: str, innermost: Any) -> Any:
    return {key: _deep(levels - 1, key, innermost)} if levels else innermost


_ODD: Final = {"@path": "$.properties.odd"}
_NUMBER: Final = {"@path": "$.properties.number"}
_BY_NUMBER: Final = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": _ODD}
_DOUBLED: Final = "{% assign x = properties.odd %}" + "{% assign x = x | append: x %}" * 20 + "{{ x }}"
_LABORIOUS: Final = "{{ properties.odd" + " | replace: 'a', 'bb' | replace: 'b', 'a'" * 20 + " }}"
POISONS: Final = (
    Poison(
        "keys repeated by flatten",
        True,
        {"@json": {"mode": "encode", "value": {"@flatten": {"value": _ODD, "separator": "."}}}},
        _deep(80, "k" * 150, {str(number): 0 for number in range(2_000)}),
    ),
    Poison("a template of braces", True, {"@template": _ODD}, "{{" * 100_000),
    Poison("a template that repeats", True, {"@template": "{{properties.odd}}" * 2_000}, "x" * 10_000),
    Poison("liquid that doubles", True, {"@liquid": _DOUBLED}, "a" * 1_000),
    Poison("liquid that labours", True, {"@liquid": _LABORIOUS}, "a" * 20_000),
    Poison("a number of 310 digits in JSON", False, {"@json": {"mode": "encode", "value": _ODD}}, 10**309),
    Poison("a number of 310 digits in a path", False, odd=10**309),
    Poison("a number of 5,000 digits", False, text="9" * 5_000),
    Poison("a number of 5,000 digits to decode", True, {"@json": {"mode": "decode", "value": _ODD}}, "9" * 5_000),
    Poison("half an emoji", False, odd="half \ud83d"),
    Poison("half an emoji as a key", False, "York", {"\ud83d": {"\ude00": "\ud83d"}}),
    Poison("nested 300 deep", True, odd=_deep(300, "k", 0), goes_nowhere=True),
    Poison("nested 90 deep", True, odd=_deep(90, "k", 0)),
    Poison("a list of lists", True, odd=[[]]),
    Poison("50,000 keys", True, odd={str(number): number for number in range(50_000)}),
    Poison("almost what a queue holds", True, odd="x" * 900_000),
    Poison("a number without +", True, odd="(202) 555-0143", mapped=_BY_NUMBER),
    Poison("a blank date", False, odd=" ", mapped={"dataFields": {"LASTSEEN": _ODD, FIELD: _NUMBER}}),
)
