"""Events on the timelines of contacts: POST /events/v3/import; and which exports are subscribed to, which is none.

https://developer.dotdigital.com/reference/importevents. The work is done at once, and nothing tells of each event.
"""

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, TypeAdapter

from dev.sandbox.account import Collection
from dev.sandbox.api import Problems, Refusal, Request, Response, Route, V3Body, v3_body, v3_error
from dev.sandbox.contact_book import IDENTIFIERS, Contact
from dev.sandbox.insight_data import STANDARD_TYPES

_MOST: Final = 5000
_OTHER: Final = re.compile(r"[^A-Za-z0-9]")


def _own_type(text: str) -> str:
    if text in STANDARD_TYPES:
        raise ValueError("is one of the standard types")
    return text


def _timestamp(text: str) -> str:
    datetime.fromisoformat(text)
    return text


class ContactIdentity(V3Body):
    """Whose event it is."""

    identifier: str
    value: str


class TimelineDetails(V3Body):
    """What the timeline shows."""

    summary: Annotated[str, Field(min_length=1, max_length=160)]


class ImportedEvent(V3Body):
    """One event of an import; names that are not known are passed over, as the description allows them."""

    model_config = ConfigDict(extra="ignore")

    contact_identity: ContactIdentity
    type: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_own_type)]
    id: str | None = None
    event_timestamp: Annotated[str, AfterValidator(_timestamp)] | None = None
    timeline_details: TimelineDetails | None = None
    event_data: dict[str, JsonValue] | None = None


_BODY: Final = TypeAdapter(Annotated[list[ImportedEvent], Field(min_length=1, max_length=_MOST)])


def post_import(request: Request) -> Response:
    """Record the events; one of an unknown contact is dropped and the caller is not told."""
    for event in v3_body(request, _BODY, _bad_json):
        ids = {"type": event.type, "eventId": event.id}
        contact = _contact(request, event.contact_identity)
        if contact is None:
            request.effect("event_dropped", **ids, reason="contactNotFound")
            continue
        again = _keep(request, contact, event)
        request.effect("event_recorded", contactId=contact.contact_id, **ids, again=again)
    return Response(202)


def get_export_subscriptions(request: Request) -> Response:
    """Return the one page of subscriptions, which is empty."""
    page = {"marker": "", "link": f"{request.base_url}/events/v3/export/subscriptions"}
    return Response(200, {"_links": {"self": page, "first": page}, "_items": []})


def _bad_json(problems: Problems) -> Refusal:
    return v3_error(400, "events:badJson", "The request JSON is badly formed", problems)


def _contact(request: Request, identity: ContactIdentity) -> Contact | None:
    book = request.account.book
    if identity.identifier == "contactId" and identity.value.isdigit():
        return book.by_id(int(identity.value))
    for name in IDENTIFIERS:
        if identity.identifier == name:
            found = book.holder(name, identity.value.removeprefix("+"))
            return None if found is None or found.deleted else found
    return None


def _keep(request: Request, contact: Contact, event: ImportedEvent) -> bool:
    """Keep the event in the collection of its type; return whether its id was there."""
    collections = request.account.collections
    name = _OTHER.sub("_", event.type)
    collection = collections.setdefault(name, Collection(scope="contact", type="event"))
    owner, key = str(contact.contact_id), event.id or str(request.number)
    data: dict[str, JsonValue] = {"id": key, "event": event.type, "event_data": event.event_data}
    return collection.put(owner, key, {**data, "created_date": event.event_timestamp})


ROUTES: Final = (
    Route("POST", "/events/v3/import", post_import, "low"),
    Route("GET", "/events/v3/export/subscriptions", get_export_subscriptions, "low"),
)
