"""A contact, and the book of all contacts with its look-up by identifier."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from functools import lru_cache
from string import ascii_lowercase, ascii_uppercase
from typing import Final, Literal

import phonenumbers
from pydantic import BaseModel, ConfigDict, Field, JsonValue
from pydantic.alias_generators import to_camel

from dev.sandbox.clock import iso

Identifier = Literal["email", "mobileNumber"]
IDENTIFIERS: Final[tuple[Identifier, ...]] = ("email", "mobileNumber")
_ONE_CASE: Final = str.maketrans(ascii_uppercase, ascii_lowercase)
_OVERALL: Final = {"noSubscription", "subscribed", "unsubscribed", "pendingOptIn"}


class Record(BaseModel):
    """A thing of the account, as `seed.json` holds it and as Dotdigital shows it: camelCase names."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")

    def as_json(self) -> dict[str, object]:
        """Return the thing as JSON."""
        return self.model_dump(mode="json", by_alias=True)


class EmailChannel(Record):
    """The e-mail channel of a contact. Dotdigital writes the types in Pascal case."""

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

    @property
    def mailable(self) -> bool:
        """Return whether marketing e-mail may be sent to the contact."""
        return "email" in self.identifiers and self.email.status == "subscribed"

    @property
    def status(self) -> str:
        """Return the overall status, from the e-mail channel or, without an address, from SMS."""
        channel = self.email.status if "email" in self.identifiers else self.sms_status
        return channel if channel in _OVERALL else "suppressed"

    @property
    def list_status(self) -> str:
        """Return the status that the contact has on a list that it joins now."""
        if self.status == "pendingOptIn":
            return "pending"
        return "subscribed" if self.status in ("subscribed", "noSubscription") else "suppressed"

    def as_v3(self, fields: Iterable[str], lists: dict[int, str]) -> dict[str, object]:
        """Return the full contact as v3 shows it; `lists` gives the names of the lists.

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
            "preferences": [],
            "consentRecords": [],
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
    """Return the ISO code of the country that a number (international digits) belongs to."""
    try:
        parsed = phonenumbers.parse(f"+{number}")
    except phonenumbers.NumberParseException:
        return None
    region = phonenumbers.region_code_for_number(parsed)
    return region or phonenumbers.region_code_for_country_code(parsed.country_code or 0)


def comparable(identifier: str, value: str) -> str:
    """Return the form under which an identifier is compared: addresses without the case of ASCII letters."""
    return value.translate(_ONE_CASE) if identifier == "email" else value


class ContactBook:
    """All contacts of the account, deleted ones included, by id and by identifier."""

    def __init__(self, contacts: Iterable[Contact]) -> None:
        """Hold these contacts."""
        self._by_id: dict[int, Contact] = {}
        self._by_identifier: dict[tuple[Identifier, str], Contact] = {}
        for contact in contacts:
            self.add(contact)
        self._last_id = max(self._by_id, default=1000)

    def __iter__(self) -> Iterator[Contact]:
        """Iterate over all contacts that are not deleted."""
        return (contact for contact in self._by_id.values() if not contact.deleted)

    def everyone(self) -> list[Contact]:
        """Return all contacts, deleted ones too."""
        return list(self._by_id.values())

    def by_id(self, contact_id: int) -> Contact | None:
        """Return the contact with that id, if it is there and not deleted."""
        contact = self._by_id.get(contact_id)
        return None if contact is None or contact.deleted else contact

    def holder(self, identifier: Identifier, value: str) -> Contact | None:
        """Return the contact that has that identifier, deleted or not."""
        return self._by_identifier.get((identifier, comparable(identifier, value)))

    def new_id(self) -> int:
        """Return the id of the next contact."""
        self._last_id += 1
        return self._last_id

    def add(self, contact: Contact) -> None:
        """Put a new contact into the book."""
        self._by_id[contact.contact_id] = contact
        for identifier, value in contact.identifiers.items():
            self._by_identifier[identifier, comparable(identifier, value)] = contact

    def identify(self, contact: Contact, identifier: Identifier, value: str) -> None:
        """Give a contact another address or number; the old one is free again."""
        old = contact.identifiers.get(identifier)
        if old is not None:
            del self._by_identifier[identifier, comparable(identifier, old)]
        contact.identifiers[identifier] = value
        self._by_identifier[identifier, comparable(identifier, value)] = contact
