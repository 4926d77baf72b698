"""What the sandbox's own journal says was done: sends by what they are known by, contacts touched, values held."""

from collections import Counter
from collections.abc import Mapping
from typing import Any, Final

from dev.sandbox.journal import Effect
from dev.sandbox.server import Sandbox

SENDS: Final = (
    "sms_sent",
    "sms_not_sent",
    "email_sent",
    "campaign_sent",
    "triggered_campaign_sent",
    "enrolled",
    "enrolment_fault",
)
_TOO_MANY: Final = 429
_CREATED: Final = 201
ENROLMENTS: Final = "/v2/programs/enrolments"


def address_of(sandbox: Sandbox, contact_id: int) -> str:
    """The address of a contact, by which the events name it."""
    contact = sandbox.state.account.book.by_id(contact_id)
    return "(deleted)" if contact is None else contact.identifiers.get("email", "(no address)")


def sends(sandbox: Sandbox) -> Counter[str]:
    """How often each text, subject, or address in a campaign or program was sent; a faulty enrolment counts."""
    return Counter(mark for effect in sandbox.journal if effect.effect in SENDS for mark in _marks(sandbox, effect))


def _marks(sandbox: Sandbox, effect: Effect) -> list[str]:
    details: Mapping[str, Any] = effect.details
    match effect.effect:
        case "sms_sent" | "sms_not_sent":
            return [details["message"]]
        case "email_sent":
            return [details["subject"]]
        case "triggered_campaign_sent":
            return list(details["to"])
        case "campaign_sent":
            return [address_of(sandbox, contact) for contact in details["contactIds"]]
        case _:
            return [address_of(sandbox, details["contactId"])]


def touched(sandbox: Sandbox) -> set[str]:
    """The addresses of all contacts to which anything was done."""
    ids: set[int] = set()
    for effect in sandbox.journal:
        details: Mapping[str, Any] = effect.details
        ids.update(details.get("contactIds", ()))
        ids.update([details["contactId"]] if "contactId" in details else ())
    return {address_of(sandbox, contact_id) for contact_id in ids}


def values(sandbox: Sandbox) -> Mapping[str, Mapping[str, Any]]:
    """The data fields of every contact by its address."""
    book = sandbox.state.account.book
    return {contact.identifiers.get("email", ""): contact.data_fields for contact in book}


def members(sandbox: Sandbox, list_id: int) -> set[str]:
    """The addresses on a list."""
    return {contact.identifiers.get("email", "") for contact in sandbox.state.account.members(list_id)}


def refused_by_limits(sandbox: Sandbox) -> tuple[int, int]:
    """How many calls the limits and the allowance refused, armed failures left out, and how many there were."""
    by_themselves = [record for record in sandbox.requests if record.failure is None]
    refused = [
        record
        for record in by_themselves
        if record.status == _TOO_MANY or (record.path == ENROLMENTS and record.status != _CREATED)
    ]
    return len(refused), len(by_themselves)
