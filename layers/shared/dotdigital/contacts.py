"""Contacts, through the v3 API: read one, create or update one, delete one.

https://developer.dotdigital.com/reference/unified-contacts
"""

from collections.abc import Mapping
from http import HTTPStatus
from string import ascii_lowercase, ascii_uppercase
from typing import Any, Final, Literal, NamedTuple, get_args

from dotdigital.errors import RejectedError
from dotdigital.http_messages import JsonObject, Request, path
from dotdigital.transport import Transport

Channel = Literal["email", "mobileNumber"]
_CHANNELS: Final[tuple[Channel, ...]] = get_args(Channel)
_CONFLICT: Final = "the address and the mobile number are two contacts': merge them in Dotdigital, or correct one"
_ONE_CASE: Final = str.maketrans(ascii_uppercase, ascii_lowercase)


def one_spelling(value: str) -> str:
    """Give an address or a number as it is compared: two are one contact only where ASCII case is all that differs.

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
        """Whether it is in the recycle bin, from where an update would bring it back."""
        return self.status.lower() in ("deleted", "binned")


class Contacts:
    """The v3 contacts of an account."""

    def __init__(self, transport: Transport) -> None:
        """Make requests through `transport`."""
        self._transport = transport

    def get(self, identifier: Identifier) -> Contact:
        """Read a contact. Raises NotFoundError where there is none.

        https://developer.dotdigital.com/reference/getcontact
        """
        response = self._transport.request(Request("GET", _path(identifier)))
        return _contact(response.object_with_id("contactId"))

    def upsert(self, identifier: Identifier, details: Mapping[str, Any] | None = None) -> Contact | None:
        """Create the contact or update it, with `details` as v3 names them: channelProperties, dataFields, lists.

        Lists are added to and a data field that is null is cleared; what is left out stays as it is. Gives None where
        it is done and the response does not tell the contact: who needs it reads it, and repeats nothing. Where the
        details have `identifiers`, the contact is given them beside the one that finds it. Raises RejectedError that
        says so where another contact has one of them.
        https://developer.dotdigital.com/reference/importcontact
        """
        body = {"identifiers": {identifier.channel: identifier.value}, **(details or {})}
        query = {"merge-option": "overwrite"} if details else None
        contact = self._patch(Request("PATCH", _path(identifier), body=body, query=query))
        return _contact(contact) if contact.id("contactId") else None

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
        """Delete the contact itself, into the recycle bin, and give its id, None where the response does not tell it.

        Raises NotFoundError where there is no such contact.
        To take a contact off a list, see `Lists`. https://developer.dotdigital.com/reference/deletecontact
        """
        return self._transport.request(Request("DELETE", _path(identifier))).object().id("contactId")


def _path(identifier: Identifier) -> str:
    return path("contacts", "v3", identifier.channel, identifier.value)


def _contact(read: JsonObject) -> Contact:
    channels, identifiers = read.object("channelProperties"), read.object("identifiers")
    return Contact(
        id=read.id("contactId") or 0,
        status=read.text("status"),
        email_status=channels.object("email").text("status"),
        sms_status=channels.object("sms").text("status"),
        list_ids=frozenset(list_id for each in read.objects("lists") if (list_id := each.id("id"))),
        identifiers=frozenset(
            Identifier(channel, value) for channel in _CHANNELS if (value := identifiers.text(channel))
        ),
    )
