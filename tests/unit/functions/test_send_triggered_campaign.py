from typing import Any

import pytest

from cli.actions import load_action
from delivery.outcome import Outcome
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import SUBSCRIPTION, deliver, delivered, wrong_fields

ACTION = "send_triggered_campaign"
PAYLOAD = {"campaignId": 31, "toAddresses": "noor@example.com"}
BODY = {"campaignId": 31, "toAddresses": ["noor@example.com"]}
ADDRESSES = "must be 1 to 100 e-mail addresses, separated by commas"
SCALARS = "must hold text, numbers and booleans only, no objects and no lists"


def send(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def email(**differences: Any) -> Sent:
    return Sent("POST", "/v2/email/triggered-campaign", "", {**BODY, **differences})


@pytest.mark.parametrize(
    ("differences", "body"),
    [
        ({}, {}),
        ({"campaignId": "31", "ccAddresses": "", "fromAddress": None, "personalizationValues": {}}, {}),
        ({"fromAddress": "Shop <shop@example.com>"}, {"fromAddress": "Shop <shop@example.com>"}),
        ({"bccAddresses": "a@example.com"}, {"bccAddresses": ["a@example.com"]}),
        ({"personalizationValues": {"gone": None}}, {}),
        (
            {"personalizationValues": {"a": 1, "b": 2.0, "c": 0.5, "d": False, "e": "", "f": ["x"]}},
            {
                "personalizationValues": [
                    {"name": name, "value": value}
                    for name, value in {"a": "1", "b": "2", "c": "0.5", "d": "false", "e": "", "f": "x"}.items()
                ]
            },
        ),
    ],
)
def test_an_e_mail_goes_as_the_mapping_says(
    server: DotdigitalServer, differences: dict[str, Any], body: dict[str, Any]
) -> None:
    server.answers(200)
    recipients = 1 + len(body.get("bccAddresses", []))
    assert send(server, **differences) == delivered(ACTION, recipients=recipients)
    assert server.sent == [email(**body)]


@pytest.mark.parametrize(
    ("differences", "fields"),
    [
        ({"campaignId": None, "toAddresses": ""}, {"campaignId": "is required", "toAddresses": "is required"}),
        ({"toAddresses": " , "}, {"toAddresses": f"{ADDRESSES}, and has 0"}),
        ({"toAddresses": ["a@example.com", "b@example.com"]}, {"toAddresses": "must be text"}),
        ({"toAddresses": "noor"}, {"toAddresses": f"{ADDRESSES}; address 1 is not one"}),
        ({"personalizationValues": [{"name": "a", "value": "b"}]}, {"personalizationValues": "must be an object"}),
        ({"personalizationValues": {"a": {"b": 1}}}, {"personalizationValues": SCALARS}),
        ({"personalizationValues": {"a": [1, 2]}}, {"personalizationValues": SCALARS}),
        ({"personalizationValues": {" ": "a"}}, {"personalizationValues": "must have a name for each value"}),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, differences: dict[str, Any], fields: dict[str, str]
) -> None:
    assert send(server, **differences) == wrong_fields(ACTION, **fields)
    assert server.sent == []


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (404, "ERROR_CAMPAIGN_NOT_FOUND", "rejected"),
        (400, "ERROR_INVALID_PERSONALISATION_VALUES", "rejected"),
        (400, "ERROR_APIUSAGE_EXCEEDED", "retry"),
        (503, None, "in_doubt"),
    ],
)
def test_a_refusal_is_told_and_what_may_have_been_sent_is_in_doubt(
    server: DotdigitalServer, status: int, code: str | None, outcome: str
) -> None:
    server.answers(status, {"message": f"Error: {code}"})
    found = send(server)
    assert (found.outcome, found.subscription, (found.dotdigital or {}).get("code")) == (outcome, SUBSCRIPTION, code)
    assert server.sent == [email()]


def test_e_mails_to_the_same_people_are_about_one_person() -> None:
    payload = load_action(ACTION).payload
    people = {
        payload.model_validate({**PAYLOAD, "toAddresses": addresses}).person
        for addresses in ("a@example.com, B@example.com", "b@example.com,A@example.com")
    }
    assert people == {"a@example.com,b@example.com"}


def test_the_defaults() -> None:
    action = load_action(ACTION)
    assert action.trigger == 'type = "track" and event = "Send Triggered Campaign"'
    assert action.payload.default_mapping() == load_action("send_transactional_email").payload.default_mapping()
    assert action.is_send
