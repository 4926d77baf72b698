"""Carrying out a PATCH of a contact: every check first, then the change, so nothing is halfway."""

from __future__ import annotations

from typing import Final, Literal, get_args

from pydantic import JsonValue

from dev.sandbox.call import Call
from dev.sandbox.channels import set_channels
from dev.sandbox.contact import Contact, Identifier
from dev.sandbox.contact_checks import check_new, checked_identifiers, checked_values
from dev.sandbox.contact_path import Named
from dev.sandbox.contact_request import ContactRequest

MergeOption = Literal["overwrite", "overwrite-if-not-empty", "overwrite-if-empty"]
MERGE_OPTIONS: Final[tuple[str, ...]] = get_args(MergeOption)
_EMPTY: Final[tuple[JsonValue, ...]] = (None, "")


def upsert(call: Call, it: Named, request: ContactRequest, merge: str) -> Contact:
    """Create or update the contact that the path names.

    Refuses with 400 for what is wrong in the body and with 409 for an identifier that belongs
    to somebody else.
    """
    values = checked_values(call.account, request)
    identifiers = checked_identifiers(call.account, request.identifiers, it.contact)
    if it.contact is None:
        check_new(it, identifiers)
    contact = it.contact or _new_contact(call)
    if contact.deleted:
        contact.deleted = False
        call.effect("contact_undeleted", contactId=contact.contact_id)
    had_address = "email" in contact.identifiers
    changed = [*_identify(call, contact, identifiers), *_fill(contact, values, merge)]
    effect = "contact_created" if it.contact is None else "contact_updated"
    call.effect(effect, contactId=contact.contact_id, changed=changed)
    set_channels(call, contact, request.channel_properties, old=had_address)
    _join_lists(call, contact, request.lists or [])
    _keep_consent(contact, request)
    contact.updated = call.state.clock.now()
    return contact


def _new_contact(call: Call) -> Contact:
    account, now = call.account, call.state.clock.now()
    contact = Contact(
        contact_id=account.book.new_id(),
        identifiers={},
        created=now,
        updated=now,
        sms_status=account.new_sms_status,
    )
    account.book.add(contact)
    return contact


def _identify(call: Call, contact: Contact, given: dict[Identifier, str]) -> list[str]:
    changed: list[str] = []
    for name, value in given.items():
        if contact.identifiers.get(name) != value:
            call.account.book.identify(contact, name, value)
            changed.append(name)
    return changed


def _fill(contact: Contact, values: dict[str, JsonValue], merge: str) -> list[str]:
    """Write the data fields by the merge option; answers with the names of those that changed."""
    changed = []
    for name, value in values.items():
        held = contact.data_fields.get(name)
        kept = (merge == "overwrite-if-not-empty" and value in _EMPTY) or (
            merge == "overwrite-if-empty" and held not in _EMPTY
        )
        if not kept and held != value:
            contact.data_fields[name] = value
            changed.append(name)
    return changed


def _join_lists(call: Call, contact: Contact, numbers: list[int]) -> None:
    for number in numbers:
        if number not in contact.lists:
            contact.lists[number] = contact.list_status
            call.effect("list_joined", contactId=contact.contact_id, listId=number)


def _keep_consent(contact: Contact, request: ContactRequest) -> None:
    contact.preferences |= {item.id: item.is_opted_in for item in request.preferences or []}
    contact.consent_records += [item.model_dump(mode="json", by_alias=True) for item in request.consent_records or []]
