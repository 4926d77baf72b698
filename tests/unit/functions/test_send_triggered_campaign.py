from typing import Any

import pytest

from cli.actions import load_action
from delivery.outcome import Outcome
from tests.support.deliveries import NOW, deliver, delivered, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

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
    ("differences", "body", "recipients"),
    [
        ({}, {}, 1),
        ({"campaignId": "31", "ccAddresses": "", "fromAddress": None, "personalizationValues": {}}, {}, 1),
        ({"fromAddress": "Shop <shop@example.com>"}, {"fromAddress": "Shop <shop@example.com>"}, 1),
        (
            {"ccAddresses": "a@example.com", "bccAddresses": "b@example.com,c@example.com"},
            {"ccAddresses": ["a@example.com"], "bccAddresses": ["b@example.com", "c@example.com"]},
            4,
        ),
        ({"personalizationValues": {"gone": None}}, {}, 1),
        (
            {"personalizationValues": {"a": 1, "b": 2.0, "c": 0.5, "d": False, "e": "", "f": ["x"]}},
            {
                "personalizationValues": [
                    {"name": name, "value": value}
                    for name, value in {"a": "1", "b": "2", "c": "0.5", "d": "false", "e": "", "f": "x"}.items()
                ]
            },
            1,
        ),
    ],
)
def test_an_e_mail_goes_as_the_mapping_says(
    server: DotdigitalServer, differences: dict[str, Any], body: dict[str, Any], recipients: int
) -> None:
    server.responds(200)
    assert send(server, **differences) == delivered(ACTION, recipients=recipients)
    assert server.sent == [email(**body)]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("campaignId", None, "is required"),
        ("toAddresses", "", "is required"),
        ("toAddresses", " , ", f"{ADDRESSES}, and has 0"),
        ("toAddresses", ["a@example.com", "b@example.com"], "must be text"),
        ("toAddresses", "noor", f"{ADDRESSES}; address 1 is not one"),
        ("personalizationValues", [{"name": "a", "value": "b"}], "must be an object"),
        ("personalizationValues", {"a": {"b": 1}}, SCALARS),
        ("personalizationValues", {"a": [1, 2]}, SCALARS),
        ("personalizationValues", {" ": "a"}, "must have a name for each value"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, field: str, value: Any, reason: str
) -> None:
    assert send(server, **{field: value}) == wrong_fields(ACTION, **{field: reason})
    assert server.sent == []


@pytest.mark.parametrize(("status", "outcome"), [(404, "rejected"), (503, "in_doubt")])
def test_a_refusal_is_told_and_what_may_have_been_sent_is_in_doubt(
    server: DotdigitalServer, status: int, outcome: str
) -> None:
    server.responds((status, {"message": "Error: ERROR_CAMPAIGN_NOT_FOUND"}))
    assert send(server).outcome == outcome
    assert server.sent == [email()]


def test_e_mails_to_the_same_people_are_about_one_person() -> None:
    payload = load_action(ACTION).payload
    people = {
        payload.read({**PAYLOAD, "toAddresses": addresses}, now=NOW).person
        for addresses in ("a@example.com, B@example.com", "b@example.com,A@example.com")
    }
    assert people == {"a@example.com,b@example.com"}
