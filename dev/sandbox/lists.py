"""Lists, which v2 calls address books: reading them, creating one, and taking a contact off one.

https://developer.dotdigital.com/reference/get-address-books
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import StringConstraints

from dev.sandbox.account import ContactList
from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.call import Call, Route, V2Body, page, v2_body


class NewList(V2Body):
    """The body of POST /v2/address-books."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    visibility: Literal["Public", "Private"] = "Private"


def get_lists(call: Call) -> Answer:
    """Answer with a page of lists and how many contacts are on each."""
    return Answer(200, [_row(call, item) for item in page(call, call.account.lists)])


def post_list(call: Call) -> Answer:
    """Create a list; no other list, reserved or not, may have its name."""
    given = v2_body(call, NewList, "ERROR_ADDRESSBOOK_INVALID")
    lists = call.account.lists
    if given.name.strip().lower() in {item.name.lower() for item in lists}:
        raise Refusal(v2_error(400, "ERROR_ADDRESSBOOK_DUPLICATE"))
    new = ContactList(id=max(item.id for item in lists) + 1, name=given.name, visibility=given.visibility)
    lists.append(new)
    call.effect("list_created", listId=new.id, name=new.name)
    return Answer(200, _row(call, new))


def delete_membership(call: Call) -> Answer:
    """Take a contact off a list; the contact itself stays."""
    list_id, contact_id = call.number("listId"), call.number("contactId")
    writable_list(call, list_id)
    contact = call.account.book.by_id(contact_id)
    if contact is None or list_id not in contact.lists:
        raise Refusal(v2_error(404, "ERROR_CONTACT_NOT_FOUND"))
    del contact.lists[list_id]
    call.effect("list_left", contactId=contact_id, listId=list_id)
    return Answer(204)


def writable_list(call: Call, list_id: int) -> ContactList:
    """The list with that id; refuses one that is unknown with 404 and a reserved one with 400."""
    found = call.account.contact_list(list_id)
    if found is None:
        raise Refusal(v2_error(404, "ERROR_ADDRESSBOOK_NOT_FOUND"))
    if not found.writable:
        text = "Address book cannot be written to via the API."
        raise Refusal(v2_error(400, "ERROR_ADDRESSBOOK_NOTWRITABLE", text))
    return found


def _row(call: Call, item: ContactList) -> dict[str, object]:
    contacts = len(call.account.members(item.id))
    return {"id": item.id, "name": item.name, "visibility": item.visibility, "contacts": contacts}


ROUTES: Final = (
    Route("GET", "/v2/address-books", get_lists, "low"),
    Route("POST", "/v2/address-books", post_list, "medium"),
    Route("DELETE", "/v2/address-books/{listId}/contacts/{contactId}", delete_membership, "medium"),
)
