"""The requests of a preview are those that production would send, byte for byte."""

import json
from typing import Any

import pytest

from cli.actions import load_action
from cli.preview.preview import preview
from cli.preview.sending import perform
from cli.preview.unwrapping import read_input
from delivery.incoming import EventBus
from delivery.pipeline import Delivery
from dotdigital import Account, Dotdigital, Transport
from tests.support.functions import PROJECT
from tests.support.sends import Record
from tests.support.wire_server import WireServer, json_answer
from tests.unit.cli.preview.cases import NOW

SUBSCRIPTIONS = PROJECT / "layers/subscriptions/subscriptions.json"
EXPECTED = json.loads((PROJECT / "events/expectations.json").read_text(encoding="utf-8"))
FIELDS = '[{"name": "CITY", "type": "String"}, {"name": "POINTS", "type": "Numeric"}]'
CONTACT = {"channelIdentifier": "email", "emailIdentifier": "a+b/c?d%20é@example.com", "listId": 302}


@pytest.mark.parametrize(
    ("action", "mapped", "answers"),
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
def test_a_preview_is_what_goes_over_the_wire(action: str, mapped: dict[str, Any], answers: list[str]) -> None:
    with WireServer(*map(json_answer, answers)) as server:
        dotdigital = Dotdigital(Transport(Account(server.url, "user", "password")))
        Delivery(load_action(action), dotdigital, NOW, Record()).payload(mapped, "s")
    previewed = perform(load_action(action), mapped, "s", NOW)
    shown = [
        (f"{each.method} {each.path}{'?' if each.query else ''}{each.query} HTTP/1.1", (each.body or "").encode())
        for each in previewed.requests
    ]
    assert shown == [(received.line, received.body) for received in server.received]


@pytest.mark.parametrize("name", [name for name, expected in EXPECTED.items() if expected.get("requests")])
def test_every_event_file_shows_the_requests_that_are_expected_of_it(name: str) -> None:
    text = (PROJECT / f"events/{name}.json").read_text(encoding="utf-8")
    given = read_input(text, name.split("/", maxsplit=1)[0], EventBus(allows_payloads=True))
    seen = preview(given, SUBSCRIPTIONS, NOW)
    requests = [
        f"{each.method} {each.path}{'?' if each.query else ''}{each.query}"
        for event in seen.events
        for part in event.parts
        for each in part.requests
    ]
    assert seen.delivers
    # The sandbox lacks a collection until its first record; a preview takes it for granted.
    expected = [each for each in EXPECTED[name]["requests"] if not each.startswith("POST /insightData/v3/collections/")]
    assert set(expected) <= set(requests)


def test_no_credentials_are_shown() -> None:
    assert "sandbox-password" not in repr(perform(load_action("send_sms"), {"to": "+447700900123"}, "s", NOW))
