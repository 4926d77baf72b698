from typing import Any

import pytest

from delivery.outcome import Outcome, Refusal
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import SUBSCRIPTION, deliver, delivered, wrong_fields

ACTION = "send_sms"
PAYLOAD = {"to": "+44 7700 900123", "message": "Half price figs today"}
PATH = "/v2/sms-messages/send-to/447700900123"


def send(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


@pytest.mark.parametrize(
    ("message", "text", "parts"),
    [
        ("Half price figs today", "Half price figs today", 1),
        ("ಧನ್ಯವಾದ", "ಧನ್ಯವಾದ", 1),
        ("a" * 161, "a" * 161, 2),
        ("a" * 1600, "a" * 1600, 11),
        ("it\u2019s \u2013 5", "it\u2019s \u2013 5", 1),
        (42, "42", 1),
        (" two\nlines ", " two\nlines ", 1),
    ],
)
def test_a_message_goes_as_it_is(server: DotdigitalServer, message: Any, text: str, parts: int) -> None:
    server.answers(204)
    assert send(server, message=message) == delivered(ACTION, smsParts=parts)
    assert server.sent == [Sent("POST", PATH, "", {"message": text})]


@pytest.mark.parametrize(
    ("differences", "fields"),
    [
        ({"to": None, "message": ""}, {"to": "is required", "message": "is required"}),
        ({"message": " \n"}, {"message": "is required"}),
        ({"message": ["a", "b"]}, {"message": "must be text"}),
        ({"message": "a" * 1601}, {"message": "must have 1600 characters or fewer, and has 1601"}),
        (
            {"to": "07700 900123"},
            {
                "to": "must be one whole number with + and its country code, without extension: +447700900123; "
                "where numbers have no +, map numberCountry to say which country's they are"
            },
        ),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, differences: dict[str, Any], fields: dict[str, str]
) -> None:
    assert send(server, **differences) == wrong_fields(ACTION, **fields)
    assert server.sent == []


def test_a_send_that_broke_is_in_doubt(server: DotdigitalServer) -> None:
    server.answers(500, {"message": "oops"})
    assert send(server) == Outcome("in_doubt", ACTION, SUBSCRIPTION, "oops", refusal=Refusal(500))
