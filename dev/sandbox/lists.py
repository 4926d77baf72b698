"""Lists, which v2 calls address books: reading and creating them, and taking contacts off.

https://developer.dotdigital.com/reference/address-books
"""

from typing import Annotated, Final, Literal
from uuid import uuid4

from pydantic import Field, StringConstraints, TypeAdapter, ValidationError

from dev.sandbox.account import ContactList
from dev.sandbox.api import Id, Request, Response, Route, V2Body, v2_body, v2_error
from dev.sandbox.clock import iso

_MOST: Final = 1000
_IDS: Final = TypeAdapter(Annotated[list[Id], Field(max_length=_MOST)])


class NewList(V2Body):
    """The body of POST /v2/address-books."""

    name: Annotated[str, StringConstraints(min_length=1, max_length=128)]
    visibility: Literal["Public", "Private"] = "Private"


class Unsubscribed(V2Body):
    """The body of POST /v2/address-books/{listId}/contacts/unsubscribe."""

    email: Annotated[str, Field(min_length=1)]


def get_lists(request: Request) -> Response:
    """Return a page of lists and how many contacts are on each."""
    return Response(200, [_shown(request, item) for item in request.page(request.account.lists)])


def post_list(request: Request) -> Response:
    """Create a list; no other list, reserved or not, may have its name."""
    given = v2_body(request, NewList, "ERROR_ADDRESSBOOK_INVALID")
    lists = request.account.lists
    if given.name.strip().lower() in {item.name.lower() for item in lists}:
        raise v2_error(400, "ERROR_ADDRESSBOOK_DUPLICATE")
    new = ContactList(id=max(item.id for item in lists) + 1, name=given.name, visibility=given.visibility)
    lists.append(new)
    request.effect("list_created", listId=new.id, name=new.name)
    return Response(200, _shown(request, new))


def delete_membership(request: Request) -> Response:
    """Take a contact off a list; the contact itself stays."""
    list_id, contact_id = request.path_id("listId"), request.path_id("contactId")
    _check_writable(request, list_id)
    contact = request.account.book.by_id(contact_id)
    if contact is None or list_id not in contact.lists:
        raise v2_error(404, "ERROR_CONTACT_NOT_FOUND")
    del contact.lists[list_id]
    request.effect("list_left", contactId=contact_id, listId=list_id)
    return Response(204)


def post_removal(request: Request) -> Response:
    """Take contacts off a list, at once although the response says Started; who is not on it is passed over."""
    list_id = request.path_id("listId")
    _check_writable(request, list_id)
    for number in dict.fromkeys(_contact_ids(request)):
        contact = request.account.book.by_id(number)
        if contact is not None and contact.lists.pop(list_id, None) is not None:
            request.effect("list_left", contactId=number, listId=list_id)
    return Response(202, {"id": str(uuid4()), "status": "Started"})


def post_unsubscribe(request: Request) -> Response:
    """Suppress a contact for one list, on which it stays: to be added again then does nothing."""
    list_id = request.path_id("listId")
    _check_writable(request, list_id)
    given = v2_body(request, Unsubscribed)
    contact = request.account.book.holder("email", given.email)
    if contact is None or contact.deleted:
        raise v2_error(404, "ERROR_CONTACT_NOT_FOUND")
    if contact.lists.get(list_id) != "suppressed":
        contact.lists[list_id] = "suppressed"
        request.effect("list_unsubscribed", contactId=contact.contact_id, listId=list_id)
    suppressed = {"id": contact.contact_id, "email": contact.identifiers["email"], "status": "Unsubscribed"}
    removed = iso(request.state.clock.now())
    return Response(200, {"suppressedContact": suppressed, "dateRemoved": removed, "reason": "Unsubscribed"})


def _check_writable(request: Request, list_id: int) -> None:
    found = request.account.contact_list(list_id)
    if found is None:
        raise v2_error(404, "ERROR_ADDRESSBOOK_NOT_FOUND")
    if not found.writable:
        raise v2_error(400, "ERROR_ADDRESSBOOK_NOTWRITABLE", "Address book cannot be written to via the API.")


def _contact_ids(request: Request) -> list[int]:
    try:
        numbers = _IDS.validate_json(request.body)
    except ValidationError:
        raise v2_error(400, "ERROR_PARAMETER_INVALID", f"Give 1 to {_MOST} contact ids.") from None
    if not numbers:
        raise v2_error(400, "ERROR_CONTACTS_ARE_NOT_SPECIFIED")
    return numbers


def _shown(request: Request, item: ContactList) -> dict[str, object]:
    contacts = len(request.account.members(item.id))
    return {"id": item.id, "name": item.name, "visibility": item.visibility, "contacts": contacts}


_CONTACTS: Final = "/v2/address-books/{listId}/contacts"
ROUTES: Final = (
    Route("GET", "/v2/address-books", get_lists, "low"),
    Route("POST", "/v2/address-books", post_list, "medium"),
    Route("DELETE", f"{_CONTACTS}/{{contactId}}", delete_membership, "medium"),
    Route("POST", f"{_CONTACTS}/delete", post_removal, "low"),
    Route("POST", f"{_CONTACTS}/unsubscribe", post_unsubscribe, "medium"),
)
