"""Remove Contact from List: take a contact off one list. The contact itself stays.

https://developer.dotdigital.com/reference/delete-contact-from-address-book
"""

from http import HTTPStatus
from typing import Any

from pydantic import Field

from actions import Action
from actions.delivery.outcome import Skipped
from actions.fields.contact import ContactPayload
from actions.fields.scalars import Id
from dotdigital import Dotdigital, NotFoundError, RejectedError


class RemoveContactFromListPayload(ContactPayload):
    """The contact and the list."""

    list_id: Id = Field(alias="listId", title="List", description="The list to remove the contact from.")


def perform(payload: RemoveContactFromListPayload, dotdigital: Dotdigital) -> dict[str, Any] | Skipped:
    """Find the contact and take it off the list; somebody unknown or not on it is skipped.

    The removal is asked for even where the contact does not show the list: what it shows may be behind.
    """
    try:
        contact = dotdigital.contacts.get(payload.identifier)
    except NotFoundError:
        return Skipped("Dotdigital has no such contact")
    shows_list = payload.list_id in contact.list_ids
    try:
        dotdigital.lists.remove(payload.list_id, contact.id)
    except RejectedError as error:
        if not _says_not_on_list(error, shows_list=shows_list):
            raise
        return Skipped("the contact is not on the list")
    if not shows_list:
        return Skipped("the contact was not on the list")
    return {"contactId": contact.id, "listId": payload.list_id}


def _says_not_on_list(error: RejectedError, *, shows_list: bool) -> bool:
    if "ADDRESSBOOK" in (error.code or ""):
        return False
    # A 404 that names nothing is believed only of a contact that does not show the list either.
    return isinstance(error, NotFoundError) or (error.status == HTTPStatus.NOT_FOUND and not shows_list)


ACTION = Action(
    name="remove_contact_from_list",
    title="Remove Contact from List",
    description="Removes a contact from a list.",
    trigger='type = "track" and event = "Remove Contact from List"',
    payload=RemoveContactFromListPayload,
    perform=perform,
)
