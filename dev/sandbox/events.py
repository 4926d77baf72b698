"""Events on the timelines of contacts: POST /events/v3/import.

https://developer.dotdigital.com/reference/importevents. The work is done at once, and nothing tells of each event.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Annotated, Final

from pydantic import AfterValidator, ConfigDict, Field, JsonValue, TypeAdapter, ValidationError

from dev.sandbox.answers import Answer, Refusal, v3_error
from dev.sandbox.call import Call, Route
from dev.sandbox.contact import IDENTIFIERS, Contact
from dev.sandbox.contact_request import V3Body
from dev.sandbox.insight_collection import STANDARD, Collection

_MOST: Final = 5000
_OTHER: Final = re.compile(r"[^A-Za-z0-9]")


def _type(text: str) -> str:
    if text in STANDARD:
        raise ValueError("is one of the standard types")
    return text


def _moment(text: str) -> str:
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
    type: Annotated[str, Field(min_length=1, max_length=80), AfterValidator(_type)]
    id: str | None = None
    event_timestamp: Annotated[str, AfterValidator(_moment)] | None = None
    timeline_details: TimelineDetails | None = None
    event_data: dict[str, JsonValue] | None = None


_EVENTS: Final = TypeAdapter(Annotated[list[ImportedEvent], Field(min_length=1, max_length=_MOST)])


def post_import(call: Call) -> Answer:
    """Record the events; one of an unknown contact is dropped without a word to the caller."""
    for event in _events(call):
        identity, ids = event.contact_identity, {"type": event.type, "eventId": event.id}
        contact = _contact(call, identity)
        if contact is None:
            call.effect("event_dropped", **ids, reason="contactNotFound")
            continue
        again = _keep(call, contact, event)
        call.effect("event_recorded", contactId=contact.contact_id, **ids, again=again)
    return Answer(202)


def _events(call: Call) -> list[ImportedEvent]:
    try:
        return _EVENTS.validate_json(call.body)
    except ValidationError as error:
        problems = error.errors(include_input=False, include_url=False)
    details = [(".".join(map(str, item["loc"])) or "body", item["msg"]) for item in problems]
    raise Refusal(v3_error(400, "events:badJson", "The request JSON is badly formed", details))


def _contact(call: Call, identity: ContactIdentity) -> Contact | None:
    book = call.account.book
    if identity.identifier == "contactId" and identity.value.isdigit():
        return book.by_id(int(identity.value))
    for name in IDENTIFIERS:
        if identity.identifier == name:
            found = book.holder(name, identity.value.removeprefix("+"))
            return None if found is None or found.deleted else found
    return None


def _keep(call: Call, contact: Contact, event: ImportedEvent) -> bool:
    """Keep the event in the collection of its type; answers whether its id was there."""
    collections = call.account.collections
    name = _OTHER.sub("_", event.type)
    collection = collections.setdefault(name, Collection(scope="contact", type="event"))
    owner, key = str(contact.contact_id), event.id or str(call.request)
    data: dict[str, JsonValue] = {"id": key, "event": event.type, "event_data": event.event_data}
    return collection.put(owner, key, {**data, "created_date": event.event_timestamp})


ROUTES: Final = (Route("POST", "/events/v3/import", post_import, "low"),)
