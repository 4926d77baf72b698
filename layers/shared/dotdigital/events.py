"""Events on the timelines of contacts, through the v3 API. The account needs the CXDP package.

Dotdigital keeps the events of a type as a collection of Insight data under the type's name.
https://developer.dotdigital.com/reference/import-events
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from dotdigital.calls import Call
from dotdigital.contacts import Identifier
from dotdigital.errors import RejectedError
from dotdigital.insight_data import is_standard
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

MOST_EVENTS: Final = 5_000
_LONGEST_TYPE: Final = 80


@dataclass(frozen=True)
class ContactEvent:
    """An event of a contact that exists. `data` is any JSON object.

    The timeline shows `summary`, 1 to 160 characters, and nothing where there is none.
    """

    contact: Identifier
    type: str
    id: str
    timestamp: datetime
    summary: str | None = None
    data: Mapping[str, Any] | None = None


class Events:
    """The events of an account's contacts."""

    def __init__(self, transport: "Transport") -> None:
        """Call through `transport`."""
        self._transport = transport

    def import_(self, events: Sequence[ContactEvent]) -> None:
        """Record 1 to 5,000 events. Dotdigital works on them after its answer and does not tell of each.

        Raises RejectedError, for all of them, where one has a type that cannot be. That an id which comes again is the
        same event is what Dotdigital's "unique id" is taken to say.
        https://developer.dotdigital.com/reference/importevents
        """
        if not 0 < len(events) <= MOST_EVENTS:
            raise RejectedError(f"an import takes 1 to {MOST_EVENTS} events")
        for event in events:
            if problem := problem_of_type(event.type):
                raise RejectedError(f"the event type {problem}")
        body = [_item(event) for event in events]
        self._transport.make(Call("POST", path("events", "v3", "import"), body=body))


def problem_of_type(name: str) -> str | None:
    """Tell why `name` can be no event type, None where it can: its collection would be one of Dotdigital's own."""
    if not name.strip() or len(name) > _LONGEST_TYPE:
        return f"must have 1 to {_LONGEST_TYPE} characters"
    if is_standard(name):
        return "must not be the name of one of Dotdigital's own Insight data types, such as orders"
    return None


def _item(event: ContactEvent) -> dict[str, Any]:
    moment = event.timestamp.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    item: dict[str, Any] = {
        "contactIdentity": {"identifier": event.contact.channel, "value": event.contact.value},
        "type": event.type,
        "id": event.id,
        "eventTimestamp": moment,
    }
    if event.summary:
        item["timelineDetails"] = {"summary": event.summary}
    if event.data is not None:
        item["eventData"] = dict(event.data)
    return item
