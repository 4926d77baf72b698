"""GET, PATCH and DELETE of /contacts/v3/{identifier}/{value}.

https://developer.dotdigital.com/reference/unified-contacts
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, Final

from pydantic import Field, JsonValue, StringConstraints, TypeAdapter

from dev.sandbox.account import Account
from dev.sandbox.api import Id, Refusal, Request, Response, Route, V3Body, bad_request, v3_body, v3_error
from dev.sandbox.channels import ChannelProperties, set_channels
from dev.sandbox.contact_book import IDENTIFIERS, Contact, Identifier
from dev.sandbox.data_fields import checked_values

_ADDRESS: Final = re.compile(r"[^\s@]+@[^\s@]+")
_NUMBER: Final = re.compile(r"\+?([1-9][0-9]{6,14})")
_CONTACT_ID: Final = re.compile(r"[1-9][0-9]{0,9}")
_MOST_CHARACTERS: Final = 256
_IdentifierText = Annotated[str, StringConstraints(min_length=1, max_length=_MOST_CHARACTERS)]


class Identifiers(V3Body):
    """The identifiers of the contact; at least one of them if the contact is new."""

    email: _IdentifierText | None = None
    mobile_number: _IdentifierText | None = None

    def by_name(self) -> dict[Identifier, str]:
        """Return those that are given, as they are given."""
        given: dict[Identifier, str | None] = {"email": self.email, "mobileNumber": self.mobile_number}
        return {name: value for name, value in given.items() if value}


class ContactRequest(V3Body):
    """The body of a PATCH, as strictly typed as v3 is. Only in `data_fields` may null stand: it clears a field.

    Preferences and records of consent, which no action writes, are refused.
    https://developer.dotdigital.com/reference/importcontact
    """

    identifiers: Identifiers = Identifiers()
    data_fields: dict[str, JsonValue] = Field(default_factory=dict)
    channel_properties: ChannelProperties = ChannelProperties()
    lists: Annotated[list[Id], Field(min_length=1, max_length=100)] | None = None


@dataclass(frozen=True, slots=True)
class Named:
    """What a request names: the identifier, its value, and the contact (deleted or not) if there is one."""

    identifier: str
    value: str
    contact: Contact | None


_BODY: Final = TypeAdapter(ContactRequest)


def get_contact(request: Request) -> Response:
    """Return the full contact."""
    return Response(200, request.account.as_v3(existing(request)))


def patch_contact(request: Request) -> Response:
    """Create (201) or update (200) a contact; return the full contact."""
    if request.query.get("merge-option", "overwrite") != "overwrite":
        raise bad_request([("merge-option", "The sandbox has overwrite alone")])
    given = v3_body(request, _BODY)
    it = _named(request)
    contact = upsert(request, it, given)
    return Response(201 if it.contact is None else 200, request.account.as_v3(contact))


def delete_contact(request: Request) -> Response:
    """Delete the contact itself: into the recycle bin, from where a PATCH brings it back."""
    contact = existing(request)
    contact.deleted = True
    request.effect("contact_deleted", contactId=contact.contact_id)
    return Response(200, {"contactId": contact.contact_id})


def existing(request: Request) -> Contact:
    """Return the contact that the path names; refuse with 404 if there is none or it is deleted."""
    it = _named(request)
    if it.contact is None or it.contact.deleted:
        text = f"Not found using the identifier '{it.identifier}'"
        raise v3_error(404, "contacts:contactNotFound", "Contact not found", [(it.value, text)])
    return it.contact


def identifier_value(identifier: Identifier, value: str) -> str:
    """Return the value of an identifier as it is kept; refuse one that is not valid with 400.

    Numbers are kept as digits. Addresses need only an @ with something on either side.
    """
    number = _NUMBER.fullmatch(value)
    if identifier == "mobileNumber" and number is not None:
        return number[1]
    if identifier == "email" and len(value) <= _MOST_CHARACTERS and _ADDRESS.fullmatch(value):
        return value
    raise _invalid_id(identifier, value)


def upsert(request: Request, it: Named, given: ContactRequest) -> Contact:
    """Create or update the contact that is named: every check first, then the change, so nothing is halfway.

    Refuses with 400 what is wrong in the body and with 409 an identifier that belongs to somebody else.
    """
    account = request.account
    values = checked_values(account, given.data_fields, given.lists or [])
    identifiers = _checked_identifiers(account, given.identifiers, it.contact)
    contact = it.contact or _new_contact(request, it, identifiers)
    if contact.deleted:
        contact.deleted = False
        request.effect("contact_undeleted", contactId=contact.contact_id)
    had_address = "email" in contact.identifiers
    changed = [*_identify(account, contact, identifiers), *_fill(contact, values)]
    effect = "contact_created" if it.contact is None else "contact_updated"
    request.effect(effect, contactId=contact.contact_id, changed=changed)
    set_channels(request, contact, given.channel_properties, had_address=had_address)
    _join_lists(request, contact, given.lists or [])
    contact.updated = request.state.clock.now()
    return contact


def _named(request: Request) -> Named:
    """Return what the path names; refuse an unknown identifier or a value that is not valid."""
    identifier, value = request.params["identifier"], request.params["value"]
    book = request.account.book
    for name in IDENTIFIERS:
        if identifier == name:
            kept = identifier_value(name, value)
            return Named(name, kept, book.holder(name, kept))
    if identifier != "contactId":
        raise bad_request([("identifier", f"Unknown identifier '{identifier}'")])
    if not _CONTACT_ID.fullmatch(value):
        raise _invalid_id(identifier, value)
    return Named(identifier, value, book.by_id(int(value)))


def _invalid_id(identifier: str, value: str) -> Refusal:
    text = f"Not a valid value for the identifier '{identifier}'"
    return v3_error(400, "contacts:invalidId", "Invalid identifier", [(value, text)])


def _checked_identifiers(account: Account, given: Identifiers, holder: Contact | None) -> Mapping[Identifier, str]:
    """Return the identifiers as they are kept; refuse those of another contact than `holder` with 409."""
    kept = {name: identifier_value(name, value) for name, value in given.by_name().items()}
    for name, value in kept.items():
        other = account.book.holder(name, value)
        if other is not None and other is not holder:
            details = [(name, f"The {name} belongs to another contact")]
            raise v3_error(409, "contacts:idAlreadyExists", "Identifier exists", details)
    return kept


def _new_contact(request: Request, it: Named, identifiers: Mapping[Identifier, str]) -> Contact:
    """Add a contact; refuse to do so by contactId, or without an address or number in the body."""
    if it.identifier == "contactId":
        raise _invalid_id(it.identifier, it.value)
    if not identifiers:
        raise bad_request([("identifiers", f"A new contact needs one of {', '.join(IDENTIFIERS)}")])
    account, now = request.account, request.state.clock.now()
    number, sms = account.book.new_id(), account.new_sms_status
    contact = Contact(contact_id=number, identifiers={}, created=now, updated=now, sms_status=sms)
    account.book.add(contact)
    return contact


def _identify(account: Account, contact: Contact, given: Mapping[Identifier, str]) -> list[str]:
    changed = {name: value for name, value in given.items() if contact.identifiers.get(name) != value}
    for name, value in changed.items():
        account.book.identify(contact, name, value)
    return list(changed)


def _fill(contact: Contact, values: Mapping[str, JsonValue]) -> list[str]:
    """Write the data fields; return the names of those that changed."""
    changed = {name: value for name, value in values.items() if contact.data_fields.get(name) != value}
    contact.data_fields |= changed
    return list(changed)


def _join_lists(request: Request, contact: Contact, numbers: list[int]) -> None:
    for number in numbers:
        if number not in contact.lists:
            contact.lists[number] = contact.list_status
            request.effect("list_joined", contactId=contact.contact_id, listId=number)


_PATH: Final = "/contacts/v3/{identifier}/{value}"
ROUTES: Final = (
    Route("GET", _PATH, get_contact, "high"),
    Route("PATCH", _PATH, patch_contact, "medium"),
    Route("DELETE", _PATH, delete_contact, "medium"),
)
