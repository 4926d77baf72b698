"""Taking many contacts off a list, and unsubscribing one from it.

https://developer.dotdigital.com/reference/address-books
"""

from __future__ import annotations

from typing import Annotated, Final
from uuid import uuid4

from pydantic import Field, TypeAdapter, ValidationError

from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.call import Call, Route, V2Body, v2_body
from dev.sandbox.clock import iso
from dev.sandbox.lists import writable_list

_MOST: Final = 1000
_IDS: Final = TypeAdapter(Annotated[list[Annotated[int, Field(ge=1, le=2**31 - 1)]], Field(max_length=_MOST)])


class Unsubscribed(V2Body):
    """The body of POST /v2/address-books/{listId}/contacts/unsubscribe."""

    email: Annotated[str, Field(min_length=1)]


def post_removal(call: Call) -> Answer:
    """Take contacts off a list, at once although the answer says Started; who is not on it is passed over."""
    list_id = call.number("listId")
    writable_list(call, list_id)
    for number in dict.fromkeys(_numbers(call)):
        contact = call.account.book.by_id(number)
        if contact is not None and contact.lists.pop(list_id, None) is not None:
            call.effect("list_left", contactId=number, listId=list_id)
    return Answer(202, {"id": str(uuid4()), "status": "Started"})


def post_unsubscribe(call: Call) -> Answer:
    """Suppress a contact for one list, on which it stays: to be added again then does nothing."""
    list_id = call.number("listId")
    writable_list(call, list_id)
    given = v2_body(call, Unsubscribed)
    contact = call.account.book.holder("email", given.email)
    if contact is None or contact.deleted:
        raise Refusal(v2_error(404, "ERROR_CONTACT_NOT_FOUND"))
    if contact.lists.get(list_id) != "suppressed":
        contact.lists[list_id] = "suppressed"
        call.effect("list_unsubscribed", contactId=contact.contact_id, listId=list_id)
    suppressed = {"id": contact.contact_id, "email": contact.identifiers["email"], "status": "Unsubscribed"}
    removed = iso(call.state.clock.now())
    return Answer(200, {"suppressedContact": suppressed, "dateRemoved": removed, "reason": "Unsubscribed"})


def _numbers(call: Call) -> list[int]:
    try:
        numbers = _IDS.validate_json(call.body)
    except ValidationError:
        raise Refusal(v2_error(400, "ERROR_PARAMETER_INVALID", f"Give 1 to {_MOST} contact ids.")) from None
    if not numbers:
        raise Refusal(v2_error(400, "ERROR_CONTACTS_ARE_NOT_SPECIFIED"))
    return numbers


ROUTES: Final = (
    Route("POST", "/v2/address-books/{listId}/contacts/delete", post_removal, "low"),
    Route("POST", "/v2/address-books/{listId}/contacts/unsubscribe", post_unsubscribe, "medium"),
)
