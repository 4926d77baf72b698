"""A contact, and the book of all contacts with its look-up by identifier."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Final, Literal

import phonenumbers
from pydantic import Field, JsonValue

from dev.sandbox.clock import iso
from dev.sandbox.record import Record

Identifier = Literal["email", "mobileNumber"]
IDENTIFIERS: Final[tuple[Identifier, ...]] = ("email", "mobileNumber")
_ONE_CASE: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_OVERALL: Final = {"noSubscription", "subscribed", "unsubscribed", "pendingOptIn"}


class EmailChannel(Record):
    """The e-mail channel of a contact. Dotdigital answers with types in Pascal case."""

    email_type: str = "Html"
    opt_in_type: str = "Unknown"
    status: str = "subscribed"


class Contact(Record):
    """A contact of the account. `lists` holds the status on each list by the list's id."""

    contact_id: int
    identifiers: dict[Identifier, str]
    created: datetime
    updated: datetime
    deleted: bool = False
    data_fields: dict[str, JsonValue] = Field(default_factory=dict)
    email: EmailChannel = Field(default_factory=EmailChannel)
    sms_status: str = "noSubscription"
    whats_app_status: str = "noSubscription"
    lists: dict[int, str] = Field(default_factory=dict)
    preferences: dict[int, bool] = Field(default_factory=dict)
    consent_records: list[dict[str, JsonValue]] = Field(default_factory=list)

    @property
    def mailable(self) -> bool:
        """Whether marketing e-mail may be sent to the contact."""
        return "email" in self.identifiers and self.email.status == "subscribed"

    @property
    def status(self) -> str:
        """The overall status, from the e-mail channel or, without an address, from SMS."""
        channel = self.email.status if "email" in self.identifiers else self.sms_status
        return channel if channel in _OVERALL else "suppressed"

    @property
    def list_status(self) -> str:
        """The status that the contact has on a list that it joins now."""
        if self.status == "pendingOptIn":
            return "pending"
        return "subscribed" if self.status in ("subscribed", "noSubscription") else "suppressed"

    def as_reply(self, fields: Iterable[str], lists: dict[int, str]) -> dict[str, object]:
        """The full contact as v3 answers it; `lists` gives the names of the lists.

        https://developer.dotdigital.com/reference/getcontact
        """
        return {
            "contactId": self.contact_id,
            "status": "binned" if self.deleted else self.status,
            "created": iso(self.created),
            "updated": iso(self.updated),
            "identifiers": dict(self.identifiers),
            "dataFields": {name: self.data_fields.get(name) for name in fields},
            "channelProperties": self._channels(),
            "lists": [{"id": number, "name": lists[number], "status": status} for number, status in self.lists.items()],
            "preferences": [{"id": number, "isOptedIn": opted} for number, opted in self.preferences.items()],
            "consentRecords": list(self.consent_records),
        }

    def _channels(self) -> dict[str, object]:
        channels: dict[str, object] = {}
        if "email" in self.identifiers:
            channels["email"] = self.email.as_json()
        if number := self.identifiers.get("mobileNumber"):
            channels["sms"] = {"countryCode": country_code(number), "status": self.sms_status}
            channels["whatsApp"] = {"status": self.whats_app_status}
        return channels


@lru_cache(maxsize=10_000)
def country_code(number: str) -> str | None:
    """The ISO code of the country that a number (international digits) belongs to."""
    try:
        parsed = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(parsed)
    return region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def normal(identifier: str, value: str) -> str:
    """The form under which an identifier is compared: addresses without regard to the case of ASCII letters."""
    return value.translate(_ONE_CASE) if identifier == "email" else value


class ContactBook:
    """All contacts of the account, deleted ones included, by id and by identifier."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        """Hold these contacts."""
        self._by_id = {contact.contact_id: contact for contact in contacts}
        self._last_id = max(self._by_id, default=1000)
        self._by_identifier: dict[tuple[Identifier, str], Contact] = {}
        for contact in self._by_id.values():
            self._index(contact)

    def __iter__(self) -> Iterator[Contact]:
        """All contacts that are not deleted."""
        return (contact for contact in self._by_id.values() if not contact.deleted)

    def everyone(self) -> list[Contact]:
        """All contacts, deleted ones too."""
        return list(self._by_id.values())

    def by_id(self, contact_id: int) -> Contact | None:
        """The contact with that id, if it is there and not deleted."""
        contact = self._by_id.get(contact_id)
        return None if contact is None or contact.deleted else contact

    def holder(self, identifier: Identifier, value: str) -> Contact | None:
        """The contact that has that identifier, deleted or not."""
        return self._by_identifier.get((identifier, normal(identifier, value)))

    def new_id(self) -> int:
        """The id of the next contact."""
        self._last_id += 1
        return self._last_id

    def add(self, contact: Contact) -> None:
        """Put a new contact into the book."""
        self._by_id[contact.contact_id] = contact
        self._index(contact)

    def identify(self, contact: Contact, identifier: Identifier, value: str) -> None:
        """Give a contact another address or number; the old one is free again."""
        old = contact.identifiers.get(identifier)
        if old is not None:
            del self._by_identifier[identifier, normal(identifier, old)]
        contact.identifiers[identifier] = value
        self._by_identifier[identifier, normal(identifier, value)] = contact

    def _index(self, contact: Contact) -> None:
        for identifier, value in contact.identifiers.items():
            self._by_identifier[identifier, normal(identifier, value)] = contact
