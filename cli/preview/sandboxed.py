"""Performs a payload against the sandbox on loopback, and keeps the requests as they would go out.

The sandbox's account has all that the payload names there and usable: what a real account lacks or refuses, only
Dotdigital knows.
"""

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from delivery.action import Action
from delivery.claim import Send
from delivery.fields.contact import ChannelsPayload
from delivery.fields.payload import Payload
from delivery.outcome import Outcome
from delivery.pipeline import Delivery, Prepared
from dev.sandbox.account import Account, Campaign, Collection, ContactList, DataField, FieldType, Program
from dev.sandbox.contact_book import Contact, EmailChannel
from dev.sandbox.journal import RequestRecord
from dev.sandbox.server import Sandbox
from dotdigital import Account as ApiAccount
from dotdigital import Dotdigital, Identifier, Transport

_ANYBODY: Final = {"email": "somebody@example.com", "mobileNumber": "447700900999"}
_OF_THOSE_WHO_LEFT: Final = frozenset({"resubscribe_contact"})


@dataclass(frozen=True)
class Request:
    """A request: its path and query as they stand in the request line, its body as it is sent."""

    method: str
    path: str
    query: str
    body: str | None


@dataclass(frozen=True)
class Performed:
    """What became of a payload, with which requests, and what was assumed of the account."""

    outcome: Outcome
    requests: list[Request]
    assumed: list[str]


class _NothingSent:
    """A record of sends that knows none, so that each is made."""

    def claim(self, send: Send) -> Outcome | None:
        return None

    def complete(self, send: Send, outcome: Outcome) -> None:
        pass


def perform(
    action: Action[Any], prepare: Callable[[Delivery[Any]], Prepared[Any] | Outcome], now: datetime
) -> Performed:
    """Take what `prepare` gives through the action, as a function that has just started does."""
    with Sandbox() as sandbox:
        account = ApiAccount(sandbox.url, sandbox.username, sandbox.password)
        delivery = Delivery(action, Dotdigital(Transport(account)), now, _NothingSent())
        prepared = prepare(delivery)
        if isinstance(prepared, Outcome):
            return Performed(prepared, [], [])
        with sandbox.state.lock:
            assumed = provide(sandbox.state.account, action.name, prepared.payload, now)
        outcome = delivery.perform(prepared)
        return Performed(outcome, [_request(record) for record in sandbox.requests], assumed)


def _request(record: RequestRecord) -> Request:
    path, _, query = record.raw_path.partition("?")
    # json.dumps undoes the sandbox's json.loads byte for byte, because the client writes its bodies with it.
    return Request(record.method, path, query, None if record.body is None else json.dumps(record.body))


def provide(account: Account, action: str, payload: Payload, now: datetime) -> list[str]:
    """Put into the account what the payload names, and say what is assumed of the account.

    What the fields are called is the same in every action: list_id, program_id, campaign_id, data_fields and so on.
    """
    given = {name: value for name, value in payload if value is not None}
    assumed = [*_resources(account, given, now), *_data_fields(account, given.get("data_fields"))]
    identifier = _identifier(payload, given)
    if identifier:
        contact = _contact(account, identifier, payload, now)
        on_list = isinstance(given.get("list_id"), int)
        contact.lists |= {given["list_id"]: "subscribed"} if on_list else {}
        contact.sms_status = contact.email.status = "unsubscribed" if action in _OF_THOSE_WHO_LEFT else "subscribed"
        status = f"{contact.sms_status}{' and on the list' if on_list else ''}"
        assumed.append(f"the contact exists, is {status}; {contact.contact_id} stands for its id")
    return assumed


def _resources(account: Account, given: Mapping[str, Any], now: datetime) -> Iterator[str]:
    if isinstance(number := given.get("list_id"), int):
        _put(account.lists, ContactList(id=number, name=f"List {number}"))
        yield f"the list {number} exists"
    if isinstance(number := given.get("program_id"), int):
        created = now.isoformat()
        _put(account.programs, Program(id=number, name=f"Program {number}", status="Active", date_created=created))
        yield f"the program {number} exists and is active"
    if isinstance(number := given.get("campaign_id"), int):
        texts = {"name": f"Campaign {number}", "subject": "", "from_name": "", "status": "Triggered"}
        _put(account.campaigns, Campaign(id=number, from_address=account.from_addresses[0], **texts))
        yield f"the campaign {number} exists and may be sent"
    if isinstance(address := given.get("from_address"), str):
        account.from_addresses.append(address.rpartition("<")[2].rstrip("> "))
        yield "the from address is one of the account's"
    if isinstance(name := given.get("collection"), str) and (scope := given.get("scope")) in ("account", "contact"):
        account.collections[name] = Collection(scope=scope, type=given.get("collection_type", "custom"))
        yield f"the collection {name} exists, of the {scope}"


def _put[R: (ContactList, Program, Campaign)](resources: list[R], new: R) -> None:
    resources[:] = [each for each in resources if each.id != new.id]
    resources.append(new)


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


def _identifier(payload: Payload, given: Mapping[str, Any]) -> Identifier | None:
    found = getattr(payload, "identifier", None) or getattr(payload, "contact", None)
    if isinstance(found, Identifier):
        return found
    return Identifier("email", given["email"]) if isinstance(given.get("email"), str) else None


def _contact(account: Account, identifier: Identifier, payload: Payload, now: datetime) -> Contact:
    found = account.book.holder(identifier.channel, identifier.value)
    if not found:
        number = account.book.new_id()
        found = Contact(contact_id=number, identifiers={identifier.channel: identifier.value}, created=now, updated=now)
        account.book.add(found)
    if isinstance(payload, ChannelsPayload):
        for channel in ("email", "mobileNumber"):
            if channel not in found.identifiers:
                account.book.identify(found, channel, _ANYBODY[channel])
    found.deleted = False
    found.email = EmailChannel(email_type=found.email.email_type, opt_in_type=found.email.opt_in_type)
    return found
