"""The account: its data fields, lists, programs, campaigns and Insight data, as a seed file holds them."""

from __future__ import annotations

from pathlib import Path
from typing import Final, Literal

from pydantic import Field, JsonValue, PrivateAttr

from dev.sandbox.contact import Contact, ContactBook
from dev.sandbox.insight_collection import Collection
from dev.sandbox.record import Record

SEED: Final = Path(__file__).with_name("seed.json")
FieldType = Literal["String", "Numeric", "Date", "Boolean"]


class DataField(Record):
    """A data field of the account."""

    name: str
    type: FieldType
    visibility: Literal["Public", "Private"] = "Private"
    default_value: JsonValue = None


class ContactList(Record):
    """A list. Reserved lists (`writable` false) take no contacts through the API."""

    id: int
    name: str
    visibility: Literal["Public", "Private"] = "Private"
    writable: bool = True


class Program(Record):
    """A program; `enrolled` holds the ids of the contacts that are inside it."""

    id: int
    name: str
    status: Literal["Draft", "Active", "Deactivated", "ReadOnly"]
    date_created: str
    enrolled: set[int] = Field(default_factory=set)


class Campaign(Record):
    """An e-mail campaign."""

    id: int
    name: str
    subject: str
    from_name: str
    from_address: str
    status: str


class Account(Record):
    """Everything in the account.

    `from_addresses` are the registered senders, the first of them the default.
    `new_sms_status` is the account setting for the SMS channel of new contacts. Sends use up no credits.
    """

    id: int
    name: str
    from_addresses: list[str]
    new_sms_status: Literal["noSubscription", "subscribed"] = "noSubscription"
    email_credits: int = 5000
    sms_credits: int = 200
    data_fields: list[DataField]
    lists: list[ContactList]
    programs: list[Program]
    campaigns: list[Campaign]
    contacts: list[Contact]
    collections: dict[str, Collection] = Field(default_factory=dict)
    _book: ContactBook = PrivateAttr()

    def model_post_init(self, context: object, /) -> None:
        """Index the contacts of the seed."""
        self._book = ContactBook(self.contacts)

    @property
    def book(self) -> ContactBook:
        """The contacts; `contacts` is only what the seed held."""
        return self._book

    def data_field(self, name: str) -> DataField | None:
        """The data field of that name, without regard to case."""
        wanted = name.lower()
        return next((field for field in self.data_fields if field.name.lower() == wanted), None)

    def contact_list(self, number: int) -> ContactList | None:
        """The list with that id."""
        return next((item for item in self.lists if item.id == number), None)

    def program(self, number: int) -> Program | None:
        """The program with that id."""
        return next((item for item in self.programs if item.id == number), None)

    def campaign(self, number: int) -> Campaign | None:
        """The campaign with that id."""
        return next((item for item in self.campaigns if item.id == number), None)

    def members(self, number: int) -> list[Contact]:
        """The contacts on a list."""
        return [contact for contact in self.book if number in contact.lists]

    def reply(self, contact: Contact) -> dict[str, object]:
        """The full contact as v3 answers it."""
        names = {item.id: item.name for item in self.lists}
        return contact.as_reply([field.name for field in self.data_fields], names)


def load_account(path: Path = SEED) -> Account:
    """Read an account from a seed file.

    Raises `pydantic.ValidationError` if the file does not hold an account.
    """
    return Account.model_validate_json(path.read_bytes())
