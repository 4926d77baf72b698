"""Contacts, through the v3 API: read one, create or update one, delete one.

https://developer.dotdigital.com/reference/unified-contacts
"""

from collections.abc import Mapping, Sequence
from http import HTTPStatus
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, Literal, NamedTuple, TypedDict, get_args

from dotdigital.errors import RejectedError
from dotdigital.http_messages import JsonObject, Request, path
from dotdigital.transport import Resource

Channel = Literal["email", "mobileNumber"]
_CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
_CONFLICT: Final = "the address and the mobile number are two contacts': merge them in Dotdigital, or correct one"
_ONE_CASE: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def one_spelling(value: str) -> str:
    """Return an address or a number as it is compared: two are one contact only where just ASCII case differs.

    Unicode's rules of case join letters that name different people: K, the sign of kelvin, is no k of an address.
    """
    return value.translate(_ONE_CASE)


class Identifier(NamedTuple):
    """What finds one contact: its e-mail address, or its mobile number as international digits."""

    channel: Channel
    value: str


class Contact(NamedTuple):
    """What the actions need of a contact. The statuses are Dotdigital's own, "" where it gave none."""

    id: int
    status: str
    email_status: str
    list_ids: frozenset[int]
    sms_status: str = ""
    identifiers: frozenset[Identifier] = frozenset()

    @property
    def is_deleted(self) -> bool:
        """Tell whether it is in the recycle bin, from where an update would bring it back."""
        return self.status.lower() in ("deleted", "binned")


class ContactDetails(TypedDict, total=False):
    """What an update says of a contact, under v3's own names. What is left out stays as it is.

    The contact joins `lists`, and has `identifiers` beside the one that finds it. A data field that is None is cleared.
    """

    identifiers: Mapping[str, str]
    channelProperties: Mapping[str, Mapping[str, Any]]
    dataFields: Mapping[str, Any]
    lists: Sequence[int]


class Contacts(Resource):
    """The v3 contacts of an account."""

    def get(self, identifier: Identifier) -> Contact:
        """Read a contact. Raises NotFoundError where there is none.

        https://developer.dotdigital.com/reference/getcontact
        """
        response = self._transport.request(Request("GET", _path(identifier)))
        return _contact(*response.with_id("contactId"))

    def upsert(self, identifier: Identifier, details: ContactDetails | None = None) -> Contact | None:
        """Create the contact or update it.

        Returns None where the response does not show the contact: whoever needs it calls `get`, and repeats nothing.
        Raises RejectedError, which says so, where another contact has one of the identifiers.
        https://developer.dotdigital.com/reference/importcontact
        """
        body = {"identifiers": {identifier.channel: identifier.value}, **(details or {})}
        query = {"merge-option": "overwrite"} if details else None
        read = self._patch(Request("PATCH", _path(identifier), body=body, query=query))
        contact_id = read.id("contactId")
        return None if contact_id is None else _contact(contact_id, read)

    def _patch(self, request: Request) -> JsonObject:
        try:
            return self._transport.request(request).object()
        except RejectedError as error:
            if error.status != HTTPStatus.CONFLICT:
                raise
        # Somebody may have made this very contact at the same moment: the second time it is there.
        try:
            return self._transport.request(request).object()
        except RejectedError as error:
            if error.status != HTTPStatus.CONFLICT or len(request.body["identifiers"]) == 1:
                raise
            raise RejectedError(f"{_CONFLICT} ({error.description})", status=error.status, code=error.code) from None

    def delete(self, identifier: Identifier) -> int | None:
        """Delete the contact itself, into the recycle bin, and return its id, None where the response does not say.

        Raises NotFoundError where there is no such contact.
        To take a contact off a list, see `Lists`. https://developer.dotdigital.com/reference/deletecontact
        """
        return self._transport.request(Request("DELETE", _path(identifier))).object().id("contactId")


def _path(identifier: Identifier) -> str:
    return path("contacts", "v3", identifier.channel, identifier.value)


def _contact(contact_id: int, read: JsonObject) -> Contact:
    channels, identifiers = read.object("channelProperties"), read.object("identifiers")
    return Contact(
        id=contact_id,
        status=read.text("status"),
        email_status=channels.object("email").text("status"),
        sms_status=channels.object("sms").text("status"),
        list_ids=frozenset(list_id for each in read.objects("lists") if (list_id := each.id("id"))),
        identifiers=frozenset(
            Identifier(channel, value) for channel in _CHANNELS if (value := identifiers.text(channel))
        ),
    )
