"""The events of a run, and the account and subscriptions that they need.

Each event is made so that what it does can be told from what every other one does.
"""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any, Final

from dev import SUBSCRIPTIONS_FILE
from dev.sandbox.account import SEED
from tests.faults.poison import ACTION, FIELD, POISONS
from tests.support.segment import track

LEFT_LIST: Final = 303
FIELDS: Final = 8
"""Data fields that events of one contact write, one each, so that no update can hide another that was lost."""
ORDER_TEXT: Final = "Order text"
ORDER_CONTACT: Final = "Order contact"
ORDER_MAIL: Final = "Order Confirmed"
"""Subscriptions of a run beside those that ship; the last one's event has its name."""
BYSTANDERS: Final = 200
_FIRST_ID: Final = 20_000
_POISONS: Final = [poison for poison in POISONS if poison.text is None and not poison.goes_nowhere]
_FIRST: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
_MAIL: Final = {"fromAddress": "shop@example.com", "htmlContent": "<p>Hello</p>", "plainTextContent": "Hello"}


@dataclass(frozen=True)
class Kind:
    """A kind of send: its subscription, whose event has the same name, and the path of the request that makes it.

    `by` is the property that its effect in the sandbox is known by: a text, a subject, or the address of a contact;
    `more` are properties that the event needs beside it.
    """

    subscription: str
    action: str
    path: str
    by: str
    more: Mapping[str, Any]

    def properties(self, email: str, phone: str, text: str) -> dict[str, Any]:
        """What the subscription needs of its event."""
        given = {"phone": phone, "message": text} if self.by == "message" else {"email": email, "subject": text}
        return {**given, **self.more}


SENDS: Final = (
    Kind("Send SMS", "send_sms", "^/v2/sms-messages/", "message", {}),
    Kind("Send Transactional SMS", "send_transactional_sms", "^/cpaas/messages$", "message", {"from": "Shop"}),
    Kind("Send Transactional Email", "send_transactional_email", "^/v2/email$", "subject", _MAIL),
    Kind("Send Email Campaign", "send_email_campaign", "^/v2/campaigns/send$", "email", {"campaignId": 601}),
    Kind("Enrol Contact to Program", "enrol_contact", "^/v2/programs/enrolments$", "email", {"programId": 501}),
    Kind(ORDER_MAIL, "send_triggered_campaign", "^/v2/email/triggered-campaign$", "email", {}),
)
SENDING_ACTIONS: Final = frozenset(kind.action for kind in SENDS)


@dataclass(frozen=True)
class Expected:
    """What one event must come to for one subscription.

    `mark` is what the effect in the sandbox is known by: a text, a subject, or the address of a contact that no other
    send has. For an update of a contact it is `(address, data field, value)`.
    """

    subscription: str
    action: str
    message_id: str
    mark: Any
    wrong: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What the event and the subscription are known by in logs and dead letters."""
        return self.subscription, self.message_id


@dataclass(frozen=True)
class Planned:
    """An event as Segment sends it, and what it must come to; nothing for one that no subscription wants."""

    event: Mapping[str, Any]
    expected: tuple[Expected, ...]


def plan_events(random: Random, count: int) -> list[Planned]:
    """Make `count` events over all actions; of 40 one is wrong, one is not wanted, and one is poison."""
    return [_next(random, number) for number in range(1, count + 1)]


def _next(random: Random, number: int) -> Planned:
    match number % 40:
        case 0:
            return _planned(number, "Page Viewed", {})
        case 10:
            return _poison(number)
    wrong = number % 40 == 20
    match random.choice(["contact", "contact", "leave", "order", *SENDS]):
        case "contact":
            return _contact(number, wrong=wrong)
        case "leave":
            email = "not-an-address" if wrong else f"leaver-{number}@example.com"
            mark = ("Remove Contact from List", "remove_contact_from_list", email, wrong)
            return _planned(number, mark[0], {"email": email, "listId": LEFT_LIST}, mark)
        case Kind() as kind:
            return _send(number, kind, wrong=wrong)
    return _order(number)


def _poison(number: int) -> Planned:
    poison, message_id = _POISONS[number // 40 % len(_POISONS)], f"run-{number:06}"
    event = poison.event(number, message_id)
    mark = (event["properties"]["email"], FIELD, number)
    return Planned(event, (Expected(poison.name, ACTION, message_id, mark, poison.is_wrong),))


def _contact(number: int, *, wrong: bool) -> Planned:
    email, field = _person(number)
    email = "not-an-address" if wrong else email
    properties = {"email": email, "listId": 301, "dataFields": {field: number, "LAST": number}}
    mark = ("Add or Update Contact", "add_contact_to_list", (email, field, number), wrong)
    return _planned(number, "Add or Update Contact", properties, mark)


def _order(number: int) -> Planned:
    (email, field), text = _person(number), f"Order {number} is on its way"
    properties = {"phone": _phone(number), "message": text, "email": email, "dataFields": {field: number}}
    return _planned(
        number,
        "Order Shipped",
        properties,
        (ORDER_TEXT, "send_transactional_sms", text, False),
        (ORDER_CONTACT, "add_contact_to_list", (email, field, number), False),
    )


def _person(number: int) -> tuple[str, str]:
    # The same person has its events close together, so that they meet in one batch; a field is used once a person.
    return f"customer-{number // FIELDS}@example.com", f"FIELD{number % FIELDS}"


def _send(number: int, kind: Kind, *, wrong: bool) -> Planned:
    email = "not-an-address" if wrong else f"{kind.action}-{number}@example.com"
    phone = "12" if wrong else _phone(number)
    properties = kind.properties(email, phone, f"Text {number}") | {"campaignId": 601 + number % 3}
    return _planned(number, kind.subscription, properties, (kind.subscription, kind.action, properties[kind.by], wrong))


def _planned(number: int, name: str, properties: dict[str, Any], *marks: tuple[str, str, Any, bool]) -> Planned:
    message_id = f"run-{number:06}"
    timestamp = (_FIRST + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
    event = track(name, **properties) | {"messageId": message_id, "timestamp": timestamp}
    expected = (Expected(subscription, action, message_id, mark, wrong) for subscription, action, mark, wrong in marks)
    return Planned(event, tuple(expected))


def _phone(number: int) -> str:
    return f"+4477009{number % 100_000:05}"


def write_account(path: Path, events: Iterable[Planned]) -> Path:
    """Write a seed with the contacts that the events expect, and bystanders that none of them names."""
    account = json.loads(SEED.read_text(encoding="utf-8"))
    names = [*(f"FIELD{number}" for number in range(FIELDS)), "LAST"]
    account["dataFields"] += [{"name": name, "type": "Numeric"} for name in names]
    contacts = [_contact_of(f"bystander-{number}@example.com", on_list=True) for number in range(BYSTANDERS)]
    for each in (each for planned in events for each in planned.expected if not each.wrong):
        if each.action in ("send_email_campaign", "remove_contact_from_list"):
            contacts.append(_contact_of(each.mark, on_list=each.action == "remove_contact_from_list"))
    account["contacts"] += [contact | {"contactId": _FIRST_ID + place} for place, contact in enumerate(contacts)]
    path.write_text(json.dumps(account), encoding="utf-8")
    return path


def write_subscriptions(path: Path, **changes: Any) -> Path:
    """Write the subscriptions that ship, two of one event for two actions, of a triggered campaign, and of poisons."""
    shipped = json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8"))["subscriptions"]
    text = {"to": {"@path": "$.properties.phone"}, "message": {"@path": "$.properties.message"}, "from": "Shop"}
    contact = {
        "channelIdentifier": "email",
        "emailIdentifier": {"@path": "$.properties.email"},
        "updateEmailSubscription": False,
        "dataFields": {"@path": "$.properties.dataFields"},
    }
    mail = {"campaignId": 603, "toAddresses": {"@path": "$.properties.email"}}
    own = [
        _subscription(ORDER_TEXT, "sendTransactionalSms", "Order Shipped", text),
        _subscription(ORDER_CONTACT, "addContactToList", "Order Shipped", contact),
        _subscription(ORDER_MAIL, "sendTriggeredCampaign", ORDER_MAIL, mail),
        *(poison.subscription for poison in POISONS),
    ]
    path.write_text(json.dumps({"subscriptions": [*(each | changes for each in shipped), *own]}), encoding="utf-8")
    return path


def _subscription(name: str, action: str, event: str, mapping: Mapping[str, Any]) -> dict[str, Any]:
    trigger = f'type = "track" and event = "{event}"'
    return {"name": name, "partnerAction": action, "subscribe": trigger, "mapping": mapping}


def _contact_of(email: str, *, on_list: bool = False) -> dict[str, Any]:
    timestamp = "2025-01-20T10:00:00Z"
    return {
        "created": timestamp,
        "updated": timestamp,
        "identifiers": {"email": email},
        "email": {"emailType": "Html", "optInType": "Single", "status": "subscribed"},
        "lists": {str(LEFT_LIST): "subscribed"} if on_list else {},
    }
