"""Taking a contact off a list. The contact itself stays.

https://developer.dotdigital.com/reference/delete-contact-from-address-book
"""

from http import HTTPStatus
from typing import Any

from delivery.outcome import Skipped
from dotdigital import Dotdigital, Identifier, NotFoundError, RejectedError


def remove_from_list(identifier: Identifier, list_id: int, dotdigital: Dotdigital) -> dict[str, Any] | Skipped:
    """Find the contact and take it off the list; somebody unknown or not on it is skipped.

    The removal is asked for even where the contact does not show the list: what it shows may be behind.
    """
    try:
        contact = dotdigital.contacts.get(identifier)
    except NotFoundError:
        return Skipped("Dotdigital has no such contact")
    shows_list = list_id in contact.list_ids
    try:
        dotdigital.lists.remove(list_id, contact.id)
    except RejectedError as error:
        if not _says_not_on_list(error, shows_list=shows_list):
            raise
        return Skipped("the contact is not on the list")
    if not shows_list:
        return Skipped("the contact was not on the list")
    return {"contactId": contact.id, "listId": list_id}


def _says_not_on_list(error: RejectedError, *, shows_list: bool) -> bool:
    if "ADDRESSBOOK" in (error.code or ""):
        return False
    # A 404 that names nothing is believed only of a contact that does not show the list either.
    return isinstance(error, NotFoundError) or (error.status == HTTPStatus.NOT_FOUND and not shows_list)
