"""The account and the subscriptions of a run: those that ship, and what its events need beside them."""

import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

from dev import SUBSCRIPTIONS_FILE
from dev.sandbox.account import SEED
from tests.faults.planned import FIELDS, LEFT_LIST, ORDER_CONTACT, ORDER_MAIL, ORDER_TEXT, Planned
from tests.faults.poison import POISONS

BYSTANDERS: Final = 200
_FIRST_ID: Final = 20_000


def write_account(path: Path, events: Iterable[Planned]) -> Path:
    """Write a seed with the contacts that the events expect, and bystanders that none of them names."""
    account = json.loads(SEED.read_text(encoding="utf-8"))
    names = [*(f"FIELD{number}" for number in range(FIELDS)), "LAST"]
    account["dataFields"] += [{"name": name, "type": "Numeric"} for name in names]
    contacts = [_contact(f"bystander-{number}@example.com", on_list=True) for number in range(BYSTANDERS)]
    for due in (due for planned in events for due in planned.dues if not due.wrong):
        if due.action == "send_email_campaign":
            contacts.append(_contact(due.mark))
        if due.action == "remove_contact_from_list":
            contacts.append(_contact(due.mark, on_list=True))
    account["contacts"] += [contact | {"contactId": _FIRST_ID + place} for place, contact in enumerate(contacts)]
    path.write_text(json.dumps(account), encoding="utf-8")
    return path


def write_subscriptions(path: Path) -> Path:
    """Write the subscriptions that ship, two of one event for two actions, of a triggered campaign, and of poisons."""
    shipped = json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8"))
    trigger = 'type = "track" and event = "Order Shipped"'
    text = {"to": {"@path": "$.properties.phone"}, "message": {"@path": "$.properties.message"}, "from": "Shop"}
    contact = {
        "channelIdentifier": "email",
        "emailIdentifier": {"@path": "$.properties.email"},
        "updateEmailSubscription": False,
        "dataFields": {"@path": "$.properties.dataFields"},
    }
    shipped["subscriptions"] += [poison.subscription for poison in POISONS]
    shipped["subscriptions"] += [
        {"name": ORDER_TEXT, "partnerAction": "sendTransactionalSms", "subscribe": trigger, "mapping": text},
        {"name": ORDER_CONTACT, "partnerAction": "addContactToList", "subscribe": trigger, "mapping": contact},
        {
            "name": ORDER_MAIL,
            "partnerAction": "sendTriggeredCampaign",
            "subscribe": f'type = "track" and event = "{ORDER_MAIL}"',
            "mapping": {"campaignId": 603, "toAddresses": {"@path": "$.properties.email"}},
        },
    ]
    path.write_text(json.dumps({"subscriptions": shipped["subscriptions"]}), encoding="utf-8")
    return path


def _contact(email: str, *, on_list: bool = False) -> dict[str, Any]:
    moment = "2025-01-20T10:00:00Z"
    return {
        "created": moment,
        "updated": moment,
        "identifiers": {"email": email},
        "email": {"emailType": "Html", "optInType": "Single", "status": "subscribed"},
        "lists": {str(LEFT_LIST): "subscribed"} if on_list else {},
    }
