"""The account: its data fields, lists, programs, campaigns and Insight data, as a seed file holds them."""

from pathlib import Path
from typing import Final, Literal

from pydantic import Field, JsonValue, PrivateAttr

from dev.sandbox.contact_book import Contact, ContactBook, Record

SEED: Final = Path(__file__).with_name("seed.json")
FieldType = Literal["String", "Numeric", "Date", "Boolean"]
Scope = Literal["account", "contact"]


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


class Collection(Record):
    """A collection of Insight data: its records by owner (a contact's id, or "account") and key.

    `fields` holds the types that the first records gave the fields.
    """

    scope: Scope
    type: str
    records: dict[str, dict[str, dict[str, JsonValue]]] = Field(default_factory=dict)
    fields: dict[str, str] = Field(default_factory=dict)

    def problem_of(self, record: dict[str, JsonValue]) -> str | None:
        """Return why the record does not fit the fields of the records before it, None where it does."""
        for name, value in record.items():
            if _has_nested_list(value):
                return f"{name}: a list may not hold a list"
            if value is not None and self.fields.get(name, _kind(value)) != _kind(value):
                return f"{name}: the value is not a {self.fields[name]} as in the collection's schema"
        return None

    def put(self, owner: str, key: str, record: dict[str, JsonValue]) -> bool:
        """Keep a record; return whether there was one with its key."""
        records = self.records.setdefault(owner, {})
        replaced = key in records
        records[key] = record
        for name, value in record.items():
            if value is not None:
                self.fields.setdefault(name, _kind(value))
        return replaced


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
        """Return the contacts; `contacts` is only what the seed held."""
        return self._book

    def data_field(self, name: str) -> DataField | None:
        """Return the data field of that name, without regard to case."""
        wanted = name.lower()
        return next((field for field in self.data_fields if field.name.lower() == wanted), None)

    def contact_list(self, number: int) -> ContactList | None:
        """Return the list with that id."""
        return next((item for item in self.lists if item.id == number), None)

    def program(self, number: int) -> Program | None:
        """Return the program with that id."""
        return next((item for item in self.programs if item.id == number), None)

    def campaign(self, number: int) -> Campaign | None:
        """Return the campaign with that id."""
        return next((item for item in self.campaigns if item.id == number), None)

    def members(self, number: int) -> list[Contact]:
        """Return the contacts on a list."""
        return [contact for contact in self.book if number in contact.lists]

    def as_v3(self, contact: Contact) -> dict[str, object]:
        """Return the full contact as v3 shows it."""
        names = {item.id: item.name for item in self.lists}
        return contact.as_v3([field.name for field in self.data_fields], names)


def load_account(path: Path = SEED) -> Account:
    """Read an account from a seed file. Raises `pydantic.ValidationError` if the file does not hold one."""
    return Account.model_validate_json(path.read_bytes())


def _kind(value: JsonValue) -> str:
    match value:
        case bool():
            return "boolean"
        case int() | float():
            return "number"
        case str():
            return "string"
        case list():
            return "list"
        case _:
            return "object"


def _has_nested_list(value: JsonValue) -> bool:
    match value:
        case list():
            return any(isinstance(item, list) or _has_nested_list(item) for item in value)
        case dict():
            return any(_has_nested_list(item) for item in value.values())
        case _:
            return False
