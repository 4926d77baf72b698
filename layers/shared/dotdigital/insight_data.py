"""Insight data, through the v3 API: records in collections, and events on the timelines of contacts.

Dotdigital keeps the events of a type as a collection of Insight data under the type's name. Events need the CXDP
package.

https://developer.dotdigital.com/reference/insight-data-1
https://developer.dotdigital.com/reference/import-events
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final, Literal

from dotdigital.contacts import Identifier
from dotdigital.errors import RejectedError
from dotdigital.http_messages import Request, path
from dotdigital.transport import Resource

MOST_EVENTS: Final = 5_000
_LONGEST_TYPE: Final = 80
Scope = Literal["account", "contact"]
CollectionType = Literal["custom", "orders", "catalog", "cartInsight"]
_NAME: Final = re.compile(r"[-A-Za-z_][-A-Za-z0-9_]{1,254}")
_STANDARD: Final = (
    "cartInsight",
    "catalog",
    "consentInsight",
    "easyEditorExtensions",
    "nostoEmailCampaigns",
    "orders",
    "productCategories",
    "webInsight",
    "wishList",
)
_STANDARD_BY_NAME: Final = {name.lower(): name for name in _STANDARD}


@dataclass(frozen=True)
class InsightRecord:
    """A record of a contact that exists, or of the account where `contact` is None. `json` is any JSON object."""

    collection: str
    key: str
    json: Mapping[str, Any]
    contact: Identifier | None = None


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


class InsightData(Resource):
    """The Insight data of an account."""

    def put(self, record: InsightRecord) -> None:
        """Create the record, or replace the one with its key.

        Raises NotFoundError where there is no such collection (code insightData:collectionNotFound) or contact.
        https://developer.dotdigital.com/reference/putaccountinsightdatarecord
        """
        contact = record.contact
        owner = ("account",) if contact is None else ("contacts", contact.channel, contact.value)
        to = path("insightData", "v3", *owner, _checked(record.collection), record.key)
        self._transport.request(Request("PUT", to, body=dict(record.json)))

    def create_collection(self, name: str, scope: Scope, kind: CollectionType | None = None) -> None:
        """Create a collection. One that exists is no error, and keeps its type.

        Without a `kind` a collection named like one of Dotdigital's own types, in any case, is of that type; any other
        is custom.
        https://developer.dotdigital.com/reference/postcreateinsightdatacollection
        """
        named = kind or _STANDARD_BY_NAME.get(name.lower(), "custom")
        query = {"collectionScope": scope, "collectionType": named}
        self._transport.request(Request("POST", path("insightData", "v3", "collections", _checked(name)), query=query))


class Events(Resource):
    """The events of an account's contacts."""

    def import_(self, events: Sequence[ContactEvent]) -> None:
        """Record 1 to 5,000 events. Dotdigital works on them after its response and does not report on each.

        Raises RejectedError, for all of them, where one has a type that cannot be. An id that comes again is taken to
        be the same event: Dotdigital calls it unique.
        https://developer.dotdigital.com/reference/importevents
        """
        if not 0 < len(events) <= MOST_EVENTS:
            raise RejectedError(f"an import takes 1 to {MOST_EVENTS} events")
        for event in events:
            if problem := problem_of_type(event.type):
                raise RejectedError(f"the event type {problem}")
        body = [_item(event) for event in events]
        self._transport.request(Request("POST", path("events", "v3", "import"), body=body))


def is_collection_name(name: str) -> bool:
    """Tell whether `name` can name a collection: 2 to 255 letters, digits, _ or -, no digit first."""
    return bool(_NAME.fullmatch(name))


def problem_of_type(name: str) -> str | None:
    """Return why `name` can be no event type, else None. A collection of Dotdigital's own cannot hold events."""
    if not name.strip() or len(name) > _LONGEST_TYPE:
        return f"must have 1 to {_LONGEST_TYPE} characters"
    if _is_standard(name):
        return "must not be the name of one of Dotdigital's own Insight data types, such as orders"
    return None


def _is_standard(name: str) -> bool:
    return name.strip().lower() in _STANDARD_BY_NAME


def _checked(name: str) -> str:
    if not is_collection_name(name):
        raise RejectedError("the name of a collection must be 2 to 255 letters, digits, _ or -, no digit first")
    return name


def _item(event: ContactEvent) -> dict[str, Any]:
    timestamp = event.timestamp.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
    item: dict[str, Any] = {
        "contactIdentity": {"identifier": event.contact.channel, "value": event.contact.value},
        "type": event.type,
        "id": event.id,
        "eventTimestamp": timestamp,
    }
    if event.summary:
        item["timelineDetails"] = {"summary": event.summary}
    if event.data is not None:
        item["eventData"] = dict(event.data)
    return item
