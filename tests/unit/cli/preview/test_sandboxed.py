"""The requests of a preview are those that production would send, byte for byte."""

from typing import Any

import pytest

from cli.actions import load_action
from cli.preview.envelopes import read_input
from cli.preview.preview import preview_events
from cli.preview.sandboxed import Performed, perform, provide
from delivery.incoming import EventBus, IncomingPayload
from delivery.pipeline import Delivery, Times
from dev import PROJECT, SUBSCRIPTIONS_FILE
from dev.sandbox.account import Account, load_account
from dotdigital import Account as ApiAccount
from dotdigital import Dotdigital, Transport
from tests.support.deliveries import Record
from tests.support.functions import EXPECTATIONS
from tests.support.wire_server import WireServer, json_response
from tests.unit.cli.preview.cases import NOW

FIELDS = '[{"name": "CITY", "type": "String"}, {"name": "POINTS", "type": "Numeric"}]'
CONTACT = {"channelIdentifier": "email", "emailIdentifier": "a+b/c?d%20é@example.com", "listId": 302}


def performed(action: str, **mapped: Any) -> Performed:
    return perform(load_action(action), lambda delivery: delivery.prepare(mapped, "s", Times(NOW, NOW)), NOW)


@pytest.mark.parametrize(
    ("action", "mapped", "responses"),
    [
        ("send_sms", {"to": "+447700900123", "message": 'Grüße 🌲 "quoted" \\ \n 1 < 2'}, ["{}"]),
        (
            "add_contact_to_list",
            {**CONTACT, "dataFields": {"CITY": "Århus", "POINTS": 1.5e-7}},
            [FIELDS, '{"contactId": 7}'],
        ),
        (
            "send_transactional_email",
            {"toAddresses": "ada@example.com", "fromAddress": "shop@example.com", "subject": "é", "htmlContent": "<p>"},
            ["{}"],
        ),
    ],
)
def test_a_preview_is_what_goes_over_the_wire(action: str, mapped: dict[str, Any], responses: list[str]) -> None:
    with WireServer(*map(json_response, responses)) as server:
        dotdigital = Dotdigital(Transport(ApiAccount(server.url, "user", "password")))
        Delivery(load_action(action), dotdigital, NOW, Record()).payload(IncomingPayload(mapped))
    previewed = performed(action, **mapped)
    shown = [
        (f"{each.method} {each.path}{'?' if each.query else ''}{each.query} HTTP/1.1", (each.body or "").encode())
        for each in previewed.requests
    ]
    assert shown == [(received.line, received.body) for received in server.received]


@pytest.mark.parametrize("name", [name for name, expected in EXPECTATIONS.items() if expected.get("requests")])
def test_every_event_file_shows_the_requests_that_are_expected_of_it(name: str) -> None:
    text = (PROJECT / f"events/{name}.json").read_text(encoding="utf-8")
    given = read_input(text, name.split("/", maxsplit=1)[0], EventBus(allows_payloads=True))
    seen = preview_events(given, SUBSCRIPTIONS_FILE, NOW)
    requests = [
        f"{each.method} {each.path}{'?' if each.query else ''}{each.query}"
        for event in seen.events
        for part in event.parts
        for each in part.requests
    ]
    assert seen.delivers
    # The sandbox lacks a collection until its first record; a preview takes it for granted.
    expected = [
        each for each in EXPECTATIONS[name]["requests"] if not each.startswith("POST /insightData/v3/collections/")
    ]
    assert set(expected) <= set(requests)


def test_no_credentials_are_shown() -> None:
    assert "sandbox-password" not in repr(performed("send_sms", to="+447700900123", message="Hi"))


EMAIL = {"channelIdentifier": "email", "emailIdentifier": "new@example.com"}
REACHED = "the contact exists, is subscribed; 1008 stands for its id"
ON_LIST = "the contact exists, is subscribed and on the list; 1008 stands for its id"


def provided(action: str, **mapped: Any) -> tuple[Account, list[str]]:
    account = load_account()
    return account, provide(account, action, load_action(action).payload.read(mapped, now=NOW), NOW)


@pytest.mark.parametrize(
    ("action", "mapped", "assumed"),
    [
        ("send_sms", {"to": "+447700900123", "message": "Hi"}, []),
        ("add_contact_to_list", EMAIL, [REACHED]),
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
                REACHED,
            ],
        ),
        ("enrol_contact", {**EMAIL, "programId": 7}, ["the program 7 exists and is active", REACHED]),
        ("enrol_contact", {**EMAIL, "programId": 503}, ["the program 503 exists and is active", REACHED]),
        (
            "send_email_campaign",
            {"email": "new@example.com", "campaignId": 604},
            ["the campaign 604 exists and may be sent", REACHED],
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
            ["the collection visits exists, of the contact", REACHED],
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
