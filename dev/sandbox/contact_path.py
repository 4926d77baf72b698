"""Which contact a path `/contacts/v3/{identifier}/{value}` names."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

from dev.sandbox.answers import Answer, Refusal, bad_request, v3_error
from dev.sandbox.call import Call
from dev.sandbox.contact import IDENTIFIERS, Contact, Identifier

_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+")
_NUMBER: Final = re.compile(r"\+?([1-9][0-9]{6,14})")
_CONTACT_ID: Final = re.compile(r"[1-9][0-9]{0,9}")
_MOST_CHARACTERS: Final = 256


@dataclass(frozen=True, slots=True)
class Named:
    """What a path names: the identifier, its value, and the contact (deleted or not) if any."""

    identifier: str
    value: str
    contact: Contact | None


def invalid_id(identifier: str, value: str) -> Answer:
    """The 400 for a value that cannot be a value of that identifier."""
    text = f"Not a valid value for the identifier '{identifier}'"
    return v3_error(400, "contacts:invalidId", "Invalid identifier", [(value, text)])


def identifier_value(identifier: Identifier, value: str) -> str:
    """The value of an identifier in the form in which it is kept; refuses one that is not valid.

    Numbers are kept as digits. Addresses need only an @ with something on either side.
    """
    number = _NUMBER.fullmatch(value)
    if identifier == "mobileNumber" and number is not None:
        return number[1]
    if identifier == "email" and len(value) <= _MOST_CHARACTERS and _ADDRESS.fullmatch(value):
        return value
    raise Refusal(invalid_id(identifier, value))


def named(call: Call) -> Named:
    """What the call's path names; refuses an unknown identifier or a value that is not valid."""
    identifier, value = call.params["identifier"], call.params["value"]
    book = call.account.book
    for name in IDENTIFIERS:
        if identifier == name:
            kept = identifier_value(name, value)
            return Named(name, kept, book.holder(name, kept))
    if identifier != "contactId":
        raise Refusal(bad_request([("identifier", f"Unknown identifier '{identifier}'")]))
    if not _CONTACT_ID.fullmatch(value):
        raise Refusal(invalid_id(identifier, value))
    return Named(identifier, value, book.by_id(int(value)))


def existing(call: Call) -> Contact:
    """The contact that the path names; refuses with 404 if there is none or it is deleted."""
    it = named(call)
    if it.contact is None or it.contact.deleted:
        text = f"Not found using the identifier '{it.identifier}'"
        raise Refusal(v3_error(404, "contacts:contactNotFound", "Contact not found", [(it.value, text)]))
    return it.contact
