"""Who takes an event and why not, what the fields come from, what goes out."""

import json
from pathlib import Path
from typing import Any

import pytest

from cli.preview.envelopes import read_input
from cli.preview.preview import preview_events
from tests.unit.cli.preview.cases import EVENT, NOW, SUBSCRIPTION, parts_of, subscriptions_file

CONTACT: dict[str, Any] = {
    "name": "Customers",
    "partnerAction": "addContactToList",
    "subscribe": "type = track",
    "mapping": {
        "channelIdentifier": "email",
        "emailIdentifier": {"@path": "$.properties.email"},
        "updateEmailSubscription": False,
    },
}


def holds(field: str, value: str) -> dict[str, Any]:
    return {"condition": f'{field} = "{value}"', "holds": True, "field": field, "found": value, "negated": False}


def used(name: str, source: str, value: str) -> dict[str, Any]:
    return {"name": name, "expression": source, "source": source, "value": value, "status": "used", "reason": None}


def test_a_subscription_that_takes_the_event(tmp_path: Path) -> None:
    whose = {"action": "send_sms", "subscription": "Order texts"}
    path = "/v2/sms-messages/send-to/447700900123"
    assert parts_of(tmp_path) == [
        {
            **whose,
            "delivers": True,
            "outcome": {**whose, "outcome": "delivered", "dotdigital": {"smsParts": 1}},
            "conditions": [holds("type", "track"), holds("event", "Order Shipped")],
            "fields": [
                used("to", "$.properties.phone", "+447700900123"),
                used("message", 'template "Order {{properties.order}}"', "Order 7"),
            ],
            "requests": [{"method": "POST", "path": path, "query": "", "body": '{"message": "Order 7"}'}],
            "assumed": [],
        }
    ]


@pytest.mark.parametrize(
    ("change", "reason", "condition"),
    [
        ({"enabled": False}, "the subscription is disabled", 'type = "track"'),
        ({"subscribe": "event = Bought"}, "the trigger does not match", 'event = "Bought"'),
    ],
)
def test_why_a_subscription_does_not_take_it(
    tmp_path: Path, change: dict[str, Any], reason: str, condition: str
) -> None:
    [part] = parts_of(tmp_path, {**SUBSCRIPTION, **change})
    outcome = {"outcome": "skipped", "action": "send_sms", "subscription": "Order texts", "reason": reason}
    assert (part["outcome"], part["delivers"], part["fields"], part["requests"]) == (outcome, False, [], [])
    assert part["conditions"][0]["condition"] == condition


def test_the_integrations_object_says_no(tmp_path: Path) -> None:
    [part] = parts_of(tmp_path, integrations={"Dotdigital": False})
    assert part["outcome"]["reason"] == "the event's integrations object says no to Dotdigital"


def test_several_subscriptions_each_have_their_part(tmp_path: Path) -> None:
    parts = parts_of(tmp_path, SUBSCRIPTION, {**SUBSCRIPTION, "name": "Off", "enabled": False}, CONTACT)
    assert [(part["subscription"], part["delivers"], len(part["requests"])) for part in parts] == [
        ("Order texts", True, 1),
        ("Off", False, 0),
        ("Customers", True, 1),
    ]


@pytest.mark.parametrize(
    ("envelope", "asked"),
    [
        ({"event": EVENT}, ["Order texts", "More texts", "Customers"]),
        ({"subscription": "More texts", "event": EVENT}, ["More texts"]),
        ({"detail-type": "send_sms", "source": "shop", "detail": {"event": EVENT}}, ["Order texts", "More texts"]),
    ],
)
def test_an_envelope_goes_to_those_that_it_names(tmp_path: Path, envelope: dict[str, Any], asked: list[str]) -> None:
    path = subscriptions_file(tmp_path, SUBSCRIPTION, {**SUBSCRIPTION, "name": "More texts"}, CONTACT)
    [event] = preview_events(read_input(json.dumps(envelope)), path, NOW).events
    assert [part.subscription for part in event.parts] == asked


@pytest.mark.parametrize(
    ("mapping", "field"),
    [
        (
            {"listId": "none"},
            ("listId", '"none"', "wrong", "must be a whole number above 0, an id as Dotdigital shows it"),
        ),
        ({"emailIdentifier": None}, ("emailIdentifier", "nothing", "missing", "is required")),
        ({"listId": {"@path": "$.traits.list"}}, ("listId", "$.traits.list", "empty", None)),
        ({"emailType": ""}, ("emailType", '""', "empty", None)),
        ({"emailType": "html"}, ("emailType", '"html"', "used", None)),
        (
            {"mobileNumberIdentifier": {"@path": "$.properties.phone"}},
            (
                "mobileNumberIdentifier",
                "$.properties.phone",
                "ignored",
                "counts only with channelIdentifier mobileNumber or alsoSetMobileNumber true",
            ),
        ),
        (
            {"emailSubscriptionStatus": "subscribed"},
            ("emailSubscriptionStatus", '"subscribed"', "ignored", "counts only with updateEmailSubscription true"),
        ),
        ({"batch_size": 5}, ("batch_size", "5", "unknown", "no field of the action, so it is left out")),
    ],
)
def test_what_becomes_of_a_field(tmp_path: Path, mapping: dict[str, Any], field: tuple[str, str, str, str]) -> None:
    [part] = parts_of(tmp_path, {**CONTACT, "mapping": {**CONTACT["mapping"], **mapping}})
    [found] = [each for each in part["fields"] if each["name"] == field[0]]
    assert (found["name"], found["expression"], found["status"], found["reason"]) == field
    is_right = field[2] not in ("wrong", "missing")
    assert (part["delivers"], bool(part["requests"])) == (is_right, is_right)


def test_a_required_field_that_is_not_mapped_is_told(tmp_path: Path) -> None:
    [part] = parts_of(tmp_path, {**SUBSCRIPTION, "mapping": {"to": "+447700900123"}})
    found = part["fields"][1]
    assert (found["name"], found["expression"], found["status"]) == ("message", None, "missing")
    assert found["reason"] == "is required"


def test_a_wrong_data_field_is_told_by_its_name(tmp_path: Path) -> None:
    mapping = {**CONTACT["mapping"], "dataFields": {"POINTS": "many"}}
    [part] = parts_of(tmp_path, {**CONTACT, "mapping": mapping})
    assert part["fields"][-1]["name"] == "dataFields.POINTS"
    assert part["fields"][-1]["status"] == "wrong"
    assert [request["path"] for request in part["requests"]] == ["/v2/data-fields/"]


def test_a_field_that_is_wrong_for_what_is_not_there(tmp_path: Path) -> None:
    mapping = {**CONTACT["mapping"], "channel": "both"}
    [part] = parts_of(tmp_path, {**CONTACT, "partnerAction": "resubscribeContact", "mapping": mapping})
    assert (part["fields"][-1]["name"], part["fields"][-1]["status"]) == ("challenge", "wrong")


def test_a_directive_for_the_whole_mapping(tmp_path: Path) -> None:
    whole = {
        "@merge": {"objects": [{"to": {"@path": "$.properties.phone"}}, {"message": "Hello"}], "direction": "right"}
    }
    [part] = parts_of(tmp_path, {**SUBSCRIPTION, "mapping": whole})
    assert [(field["name"], field["expression"], field["value"]) for field in part["fields"]] == [
        ("to", None, "+447700900123"),
        ("message", None, "Hello"),
    ]


def test_a_mapping_that_fails_for_the_event(tmp_path: Path) -> None:
    mapping = {**SUBSCRIPTION["mapping"], "message": {"@path": {"@path": "$.properties.order"}}}
    [part] = parts_of(tmp_path, {**SUBSCRIPTION, "mapping": mapping})
    assert part["outcome"] == {
        "outcome": "rejected",
        "action": "send_sms",
        "subscription": "Order texts",
        "reason": "mapping/message/@path: the path should be a text but is a number",
    }


def test_the_moment_counts_for_the_mapping_too(tmp_path: Path) -> None:
    mapping = {**SUBSCRIPTION["mapping"], "message": {"@liquid": "{{ 'now' | date: '%Y-%m-%d' }}"}}
    [part] = parts_of(tmp_path, {**SUBSCRIPTION, "mapping": mapping})
    assert part["requests"][0]["body"] == '{"message": "2026-11-21"}'


@pytest.mark.parametrize(("at", "delivers"), [("2026-11-20T10:30:00Z", True), ("2026-11-20T09:30:00Z", False)])
def test_a_send_date_is_judged_by_the_moment_of_the_event(tmp_path: Path, at: str, delivers: bool) -> None:
    mapping = {"email": "kim@example.com", "campaignId": 601, "sendDate": at}
    campaign = {
        "name": "Campaigns",
        "partnerAction": "sendEmailCampaign",
        "subscribe": "type = track",
        "mapping": mapping,
    }
    [part] = parts_of(tmp_path, campaign, timestamp="2026-11-20T10:00:00Z")
    assert part["delivers"] is delivers


@pytest.mark.parametrize(
    ("difference", "outcome"),
    [
        ({"subscribe": 'type = "identify"'}, ("delivered", None)),
        (
            {"enabled": False},
            ("rejected", "the subscription was disabled while the event waited: mend that and replay it, or drop it"),
        ),
    ],
)
def test_what_waits_in_a_queue_is_not_matched_again(
    tmp_path: Path, difference: dict[str, Any], outcome: tuple[str, str | None]
) -> None:
    path = subscriptions_file(tmp_path, SUBSCRIPTION | difference)
    message = {"subscription": SUBSCRIPTION["name"], "event": EVENT}
    [event] = preview_events(read_input(json.dumps(message)), path, NOW).events
    [part] = event.parts
    assert (part.outcome.outcome, part.outcome.reason) == outcome
