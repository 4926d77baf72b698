"""The events of a run: each is made so that what it does can be told from what every other one does."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Any, Final

from tests.faults.poison import ACTION, FIELD, POISONS
from tests.support.segment import track

LIST: Final = 301
LEFT_LIST: Final = 303
PROGRAM: Final = 501
FIELDS: Final = 8
"""Data fields that events of one contact write, one each, so that no update can hide another that was lost."""

ORDER_TEXT: Final = "Order text"
ORDER_CONTACT: Final = "Order contact"
ORDER_MAIL: Final = "Order Confirmed"
"""Subscriptions of a run beside those that ship; the last one's event has its name."""

_POISONS: Final = [poison for poison in POISONS if poison.text is None and not poison.goes_nowhere]
_FIRST: Final = datetime(2026, 11, 20, 8, 0, tzinfo=UTC)
_SENDERS: Final = {
    "Send SMS": "send_sms",
    "Send Transactional SMS": "send_transactional_sms",
    "Send Transactional Email": "send_transactional_email",
    "Send Email Campaign": "send_email_campaign",
    "Enrol Contact to Program": "enrol_contact",
    ORDER_MAIL: "send_triggered_campaign",
}


@dataclass(frozen=True)
class Due:
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
    dues: tuple[Due, ...]


@dataclass
class Plan:
    """Makes events one after the other, out of a seed."""

    random: Random
    made: int = 0

    def events(self, count: int) -> list[Planned]:
        """Make `count` events over all actions; of 40 one is wrong, one is not wanted, and one is poison."""
        return [self._next() for _ in range(count)]

    def _next(self) -> Planned:
        self.made += 1
        number = self.made
        if number % 40 == 0:
            return self._planned(number, "Page Viewed", {}, [])
        if number % 40 == 10:
            return self._poison(number)
        wrong = number % 40 == 20
        match self.random.choice(["contact", "contact", "leave", "order", *_SENDERS]):
            case "contact":
                return self._contact(number, wrong=wrong)
            case "leave":
                email = "not-an-address" if wrong else f"leaver-{number}@example.com"
                properties = {"email": email, "listId": LEFT_LIST}
                mark = [("Remove Contact from List", "remove_contact_from_list", email, wrong)]
                return self._planned(number, "Remove Contact from List", properties, mark)
            case "order":
                return self._order(number)
            case name:
                return self._send(number, name, wrong=wrong)

    def _poison(self, number: int) -> Planned:
        poison, message_id = _POISONS[number // 40 % len(_POISONS)], f"run-{number:06}"
        event = poison.event(number, message_id)
        mark = (event["properties"]["email"], FIELD, number)
        return Planned(event, (Due(poison.name, ACTION, message_id, mark, poison.is_wrong),))

    def _contact(self, number: int, *, wrong: bool) -> Planned:
        email, field = self._person(number)
        email = "not-an-address" if wrong else email
        properties = {"email": email, "listId": LIST, "dataFields": {field: number, "LAST": number}}
        mark = ("Add or Update Contact", "add_contact_to_list", (email, field, number), wrong)
        return self._planned(number, "Add or Update Contact", properties, [mark])

    def _order(self, number: int) -> Planned:
        email, field = self._person(number)
        text = f"Order {number} is on its way"
        properties = {"phone": _phone(number), "message": text, "email": email, "dataFields": {field: number}}
        marks = [
            (ORDER_TEXT, "send_transactional_sms", text, False),
            (ORDER_CONTACT, "add_contact_to_list", (email, field, number), False),
        ]
        return self._planned(number, "Order Shipped", properties, marks)

    def _person(self, number: int) -> tuple[str, str]:
        # The same person has its events close together, so that they meet in one batch; a field is used once a person.
        person, field = number // FIELDS, number % FIELDS
        return f"customer-{person}@example.com", f"FIELD{field}"

    def _send(self, number: int, name: str, *, wrong: bool) -> Planned:
        text = f"Text {number}"
        phone = "12" if wrong else _phone(number)
        email = "not-an-address" if wrong else f"reader-{number}@example.com"
        by_name: dict[str, tuple[dict[str, Any], str]] = {
            "Send SMS": ({"phone": phone, "message": text}, text),
            "Send Transactional SMS": ({"phone": phone, "message": text, "from": "Shop"}, text),
            "Send Transactional Email": (
                {
                    "email": email,
                    "fromAddress": "shop@example.com",
                    "subject": text,
                    "htmlContent": "<p>Hello</p>",
                    "plainTextContent": "Hello",
                },
                text,
            ),
            ORDER_MAIL: ({"email": email.replace("reader", "buyer")}, email.replace("reader", "buyer")),
            "Send Email Campaign": ({"email": email, "campaignId": 601 + number % 3}, email),
            "Enrol Contact to Program": (
                {"email": email.replace("reader", "joiner"), "programId": PROGRAM},
                email.replace("reader", "joiner"),
            ),
        }
        properties, mark = by_name[name]
        return self._planned(number, name, properties, [(name, _SENDERS[name], mark, wrong)])

    def _planned(
        self, number: int, name: str, properties: dict[str, Any], marks: list[tuple[str, str, Any, bool]]
    ) -> Planned:
        message_id = f"run-{number:06}"
        moment = (_FIRST + timedelta(seconds=number)).isoformat().replace("+00:00", "Z")
        event = track(name, **properties) | {"messageId": message_id, "timestamp": moment}
        dues = tuple(Due(subscription, action, message_id, mark, wrong) for subscription, action, mark, wrong in marks)
        return Planned(event, dues)


def _phone(number: int) -> str:
    return f"+4477009{number % 100_000:05}"
