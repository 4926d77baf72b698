"""What has to be right before a PATCH of a contact changes anything."""

from __future__ import annotations

from pydantic import JsonValue

from dev.sandbox.account import Account
from dev.sandbox.answers import Refusal, bad_request, v3_error
from dev.sandbox.contact import IDENTIFIERS, Contact, Identifier
from dev.sandbox.contact_path import Named, identifier_value, invalid_id
from dev.sandbox.contact_request import ContactRequest, Identifiers
from dev.sandbox.field_values import field_values


def checked_values(account: Account, request: ContactRequest) -> dict[str, JsonValue]:
    """The data fields under the account's names.

    Refuses with 400 for unknown or reserved lists, unknown fields and values of a wrong type,
    all of them in one answer.
    """
    values, problems = field_values(account, request.data_fields)
    for number in request.lists or []:
        found = account.contact_list(number)
        if found is None or not found.writable:
            problems.append(("lists", f"List {number} is not found or takes no contacts"))
    if problems:
        raise Refusal(bad_request(problems))
    return values


def checked_identifiers(account: Account, given: Identifiers, holder: Contact | None) -> dict[Identifier, str]:
    """The identifiers in the form in which they are kept.

    Refuses with 400 a value that is not valid, and with 409 one that belongs to another contact
    than `holder`.
    """
    values = {"email": given.email, "mobileNumber": given.mobile_number}
    kept = {name: identifier_value(name, value) for name in IDENTIFIERS if (value := values[name])}
    for name, value in kept.items():
        other = account.book.holder(name, value)
        if other is not None and other is not holder:
            details = [(name, f"The {name} belongs to another contact")]
            raise Refusal(v3_error(409, "contacts:idAlreadyExists", "Identifier exists", details))
    return kept


def check_new(it: Named, identifiers: dict[Identifier, str]) -> None:
    """Refuse to create a contact by contactId, or without an address or number in the body."""
    if it.identifier == "contactId":
        raise Refusal(invalid_id(it.identifier, it.value))
    if not identifiers:
        text = f"A new contact needs one of {', '.join(IDENTIFIERS)}"
        raise Refusal(bad_request([("identifiers", text)]))
