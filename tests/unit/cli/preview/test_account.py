"""The account that is played has what a payload names, usable, and says what that assumes."""

from typing import Any

import pytest

from cli.actions import load_action
from cli.preview.account import provide
from dev.sandbox.account import Account, load_account
from tests.unit.cli.preview.cases import NOW

EMAIL = {"channelIdentifier": "email", "emailIdentifier": "new@example.com"}
CONTACT = "the contact exists, is subscribed; 1008 stands for its id"
ON_LIST = "the contact exists, is subscribed and on the list; 1008 stands for its id"


def provided(action: str, **mapped: Any) -> tuple[Account, list[str]]:
    account = load_account()
    return account, provide(account, action, load_action(action).payload.read(mapped, now=NOW), NOW)


@pytest.mark.parametrize(
    ("action", "mapped", "assumed"),
    [
        ("send_sms", {"to": "+447700900123", "message": "Hi"}, []),
        ("add_contact_to_list", EMAIL, [CONTACT]),
        ("add_contact_to_list", {**EMAIL, "listId": 9}, ["the list 9 exists", ON_LIST]),
        ("add_contact_to_list", {**EMAIL, "listId": 1}, ["the list 1 exists", ON_LIST]),
        (
            "add_contact_to_list",
            {**EMAIL, "dataFields": {"points": 1, "PLAN": "a", "PAID": True, "VISITS": 3}},
            [
                "the data field POINTS exists and is Numeric",
                "the data field PLAN exists and is String",
                "the data field PAID exists and is Boolean",
                "the data field VISITS exists and is Numeric",
                CONTACT,
            ],
        ),
        ("enrol_contact", {**EMAIL, "programId": 7}, ["the program 7 exists and is active", CONTACT]),
        ("enrol_contact", {**EMAIL, "programId": 503}, ["the program 503 exists and is active", CONTACT]),
        (
            "send_email_campaign",
            {"email": "new@example.com", "campaignId": 604},
            ["the campaign 604 exists and may be sent", CONTACT],
        ),
        ("resubscribe_contact", EMAIL, ["the contact exists, is unsubscribed; 1008 stands for its id"]),
        (
            "sync_audience",
            {
                "emailIdentifier": "new@example.com",
                "external_audience_id": 9,
                "segment_computation_action": "audience",
                "computation_key": "vips",
                "traits_or_props": {"vips": True},
            },
            ["the list 9 exists", ON_LIST],
        ),
        (
            "upsert_insight_data",
            {**EMAIL, "scope": "contact", "collection": "visits", "key": "1", "record": {}},
            ["the collection visits exists, of the contact", CONTACT],
        ),
        (
            "upsert_insight_data",
            {"scope": "account", "collection": "visits", "key": "1", "record": {}},
            ["the collection visits exists, of the account"],
        ),
        (
            "send_transactional_email",
            {"toAddresses": "a@example.com", "fromAddress": "Me <me@example.com>", "subject": "s", "htmlContent": "h"},
            ["the from address is one of the account's"],
        ),
    ],
)
def test_what_is_assumed(action: str, mapped: dict[str, Any], assumed: list[str]) -> None:
    assert provided(action, **mapped)[1] == assumed


def test_a_contact_that_was_bounced_or_deleted_can_be_reached() -> None:
    for address in ("bounced@example.com", "deleted@example.org", "sam@example.com"):
        account, _ = provided("remove_contact_from_list", **{**EMAIL, "emailIdentifier": address, "listId": 303})
        found = account.book.holder("email", address)
        assert found is not None
        assert (found.deleted, found.mailable, found.lists[303]) == (False, True, "subscribed")


def test_a_sender_with_a_name_is_let_in_by_its_address() -> None:
    account, _ = provided(
        "send_transactional_email",
        toAddresses="a@example.com",
        fromAddress="Me <me@example.com>",
        subject="s",
        htmlContent="h",
    )
    assert account.from_addresses[-1] == "me@example.com"


@pytest.mark.parametrize("action", ["unsubscribe_contact", "resubscribe_contact"])
def test_a_contact_has_every_channel_that_is_named(action: str) -> None:
    account, _ = provided(action, **EMAIL, channel="both", challenge=False)
    found = account.book.holder("email", "new@example.com")
    assert found is not None
    assert found.identifiers == {"email": "new@example.com", "mobileNumber": "447700900999"}
