"""The Dotdigital account that a preview plays: the sandbox's, with all that the payload names there and usable.

What a real account lacks or refuses, only Dotdigital knows.
"""

from collections.abc import Iterable, Iterator, Mapping
from datetime import datetime
from typing import Any, Final

from actions.fields.contact import ContactPayload
from actions.fields.payload import Payload
from local.sandbox.account import Account, Campaign, ContactList, DataField, FieldType, Program
from local.sandbox.contact import Contact, EmailChannel, Identifier

_ONE_ADDRESS: Final = "email"
_ACTIVE: Final = "Active"


def provide(account: Account, payload: Payload, now: datetime) -> list[str]:
    """Put into the account what the payload names, and say what is assumed of the account."""
    given = payload.model_dump(by_alias=True, exclude_none=True)
    assumed = [
        *(_contact_list(account, number) for number in _numbers(given, "listId")),
        *(_program(account, number, now) for number in _numbers(given, "programId")),
        *(_campaign(account, number) for number in _numbers(given, "campaignId")),
        *_data_fields(account, given.get("dataFields")),
        *_sender(account, given.get("fromAddress")),
    ]
    for identifier, value in _contacts(payload, given):
        assumed.append(_contact(account, identifier, value, list(_numbers(given, "listId")), now))
    return assumed


def _numbers(given: Mapping[str, Any], alias: str) -> Iterator[int]:
    if isinstance(given.get(alias), int):
        yield given[alias]


def _contacts(payload: Payload, given: Mapping[str, Any]) -> Iterator[tuple[Identifier, str]]:
    if isinstance(payload, ContactPayload):
        yield payload.identifier.channel, payload.identifier.value
    elif isinstance(given.get(_ONE_ADDRESS), str):
        yield "email", given[_ONE_ADDRESS]


def _contact_list(account: Account, number: int) -> str:
    found = account.contact_list(number)
    if found:
        found.writable = True
    else:
        account.lists.append(ContactList(id=number, name=f"List {number}"))
    return f"the list {number} exists"


def _program(account: Account, number: int, now: datetime) -> str:
    found = account.program(number)
    if found:
        found.status = _ACTIVE
        found.enrolled.clear()
    else:
        created = now.isoformat()
        account.programs.append(Program(id=number, name=f"Program {number}", status=_ACTIVE, date_created=created))
    return f"the program {number} exists and is active"


def _campaign(account: Account, number: int) -> str:
    sender = account.from_addresses[0]
    usable = Campaign(
        id=number, name=f"Campaign {number}", subject="", from_name="", from_address=sender, status="Triggered"
    )
    account.campaigns[:] = [*(each for each in account.campaigns if each.id != number), usable]
    return f"the campaign {number} exists and may be sent"


def _data_fields(account: Account, values: Any) -> Iterator[str]:
    for name, value in values.items() if isinstance(values, Mapping) else ():
        found = account.data_field(name)
        if not found:
            found = DataField(name=name, type=_type_of(value))
            account.data_fields.append(found)
        yield f"the data field {found.name} exists and is {found.type}"


def _type_of(value: Any) -> FieldType:
    if isinstance(value, bool):
        return "Boolean"
    return "Numeric" if isinstance(value, int | float) else "String"


def _sender(account: Account, address: Any) -> Iterator[str]:
    if isinstance(address, str):
        account.from_addresses.append(address.rpartition("<")[2].rstrip("> "))
        yield "the from address is one of the account's"


def _contact(account: Account, identifier: Identifier, value: str, lists: Iterable[int], now: datetime) -> str:
    found = account.book.holder(identifier, value)
    if not found:
        found = Contact(contact_id=account.book.new_id(), identifiers={identifier: value}, created=now, updated=now)
        account.book.add(found)
    found.deleted = False
    found.email = EmailChannel(email_type=found.email.email_type, opt_in_type=found.email.opt_in_type)
    found.sms_status = "subscribed"
    for number in lists:
        found.lists.setdefault(number, "subscribed")
    return f"the contact exists, is subscribed and on the lists that are named; {found.contact_id} stands for its id"
