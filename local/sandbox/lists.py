"""Lists, which v2 calls address books: reading them, and taking a contact off one.

https://developer.dotdigital.com/reference/get-address-books
"""

from __future__ import annotations

from typing import Final

from local.sandbox.answers import Answer, Refusal, v2_error
from local.sandbox.call import Call, Route, page


def get_lists(call: Call) -> Answer:
    """Answer with a page of lists and how many contacts are on each."""
    rows = [
        {
            "id": item.id,
            "name": item.name,
            "visibility": item.visibility,
            "contacts": len(call.account.members(item.id)),
        }
        for item in page(call, call.account.lists)
    ]
    return Answer(200, rows)


def delete_membership(call: Call) -> Answer:
    """Take a contact off a list; the contact itself stays."""
    list_id, contact_id = call.number("listId"), call.number("contactId")
    found = call.account.contact_list(list_id)
    if found is None:
        raise Refusal(v2_error(404, "ERROR_ADDRESSBOOK_NOT_FOUND"))
    if not found.writable:
        text = "Address book cannot be written to via the API."
        raise Refusal(v2_error(400, "ERROR_ADDRESSBOOK_NOTWRITABLE", text))
    contact = call.account.book.by_id(contact_id)
    if contact is None or list_id not in contact.lists:
        raise Refusal(v2_error(404, "ERROR_CONTACT_NOT_FOUND"))
    del contact.lists[list_id]
    call.effect("list_left", contactId=contact_id, listId=list_id)
    return Answer(204)


ROUTES: Final = (
    Route("GET", "/v2/address-books", get_lists, "low"),
    Route("DELETE", "/v2/address-books/{listId}/contacts/{contactId}", delete_membership, "medium"),
)
