"""Lists (address books), through the v2 API.

https://developer.dotdigital.com/reference/address-books
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Literal

from dotdigital.errors import RejectedError
from dotdigital.http_messages import JsonObject, Request, path, positive
from dotdigital.transport import Resource

MOST_REMOVED: Final = 1_000
_LONGEST_NAME: Final = 128
_LISTS: Final = ("v2", "address-books")


@dataclass(frozen=True)
class ContactList:
    """A list: Public or Private, and how many contacts are on it."""

    id: int
    name: str
    visibility: str
    contacts: int


class Lists(Resource):
    """The lists of an account."""

    def all(self) -> tuple[ContactList, ...]:
        """Return every list. https://developer.dotdigital.com/reference/get-address-books."""
        return tuple(_list(*item) for item in self._transport.pages(*_LISTS).items())

    def create(self, name: str, visibility: Literal["Private", "Public"] = "Private") -> ContactList:
        """Create a list. Raises RejectedError, ERROR_ADDRESSBOOK_DUPLICATE where a list or a segment has the name.

        Repeating a creation whose response was lost raises that. https://developer.dotdigital.com/reference/create-address-book
        """
        if not name.strip() or len(name) > _LONGEST_NAME:
            raise RejectedError(f"the name of a list must have 1 to {_LONGEST_NAME} characters")
        body = {"name": name, "visibility": visibility}
        response = self._transport.request(Request("POST", path(*_LISTS), body=body))
        return _list(*response.with_id("id"), name, visibility)

    def remove(self, list_id: int, contact_id: int) -> None:
        """Take a contact off a list; the contact itself stays. Raises NotFoundError where list or contact is unknown.

        https://developer.dotdigital.com/reference/delete-contact-from-address-book
        """
        to = path(*_LISTS, positive(list_id, "list"), "contacts", positive(contact_id, "contact"))
        self._transport.request(Request("DELETE", to))

    def remove_many(self, list_id: int, contact_ids: Sequence[int]) -> None:
        """Take 1 to 1,000 contacts off a list, soon after the response; the contacts themselves stay.

        https://developer.dotdigital.com/reference/delete-contacts-from-address-book
        """
        body = [positive(contact_id, "contact") for contact_id in contact_ids]
        if not 0 < len(body) <= MOST_REMOVED:
            raise RejectedError(f"a removal takes 1 to {MOST_REMOVED} contacts")
        to = path(*_LISTS, positive(list_id, "list"), "contacts", "delete")
        self._transport.request(Request("POST", to, body=body))

    def unsubscribe(self, list_id: int, email: str) -> None:
        """Unsubscribe a contact from one list: it is suppressed there, so that adding it again does nothing.

        Raises NotFoundError where list or contact is unknown.
        https://developer.dotdigital.com/reference/unsubscribe-contact-from-address-book
        """
        to = path(*_LISTS, positive(list_id, "list"), "contacts", "unsubscribe")
        self._transport.request(Request("POST", to, body={"email": email}))


def _list(number: int, read: JsonObject, name: str = "", visibility: str = "") -> ContactList:
    return ContactList(
        id=number,
        name=read.text("name") or name,
        visibility=read.text("visibility") or visibility,
        contacts=read.integer("contacts") or 0,
    )
