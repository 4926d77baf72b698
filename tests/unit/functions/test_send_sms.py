from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.deliveries import deliver, delivered, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

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
        ("a" * 1600, "a" * 1600, 11),
        ("it\u2019s \u2013 5", "it\u2019s \u2013 5", 1),
        (42, "42", 1),
        (" two\nlines ", " two\nlines ", 1),
    ],
)
def test_a_message_goes_as_it_is(server: DotdigitalServer, message: Any, text: str, parts: int) -> None:
    server.responds(204)
    assert send(server, message=message) == delivered(ACTION, smsParts=parts)
    assert server.sent == [Sent("POST", PATH, "", {"message": text})]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("to", None, "is required"),
        ("message", " \n", "is required"),
        ("message", ["a", "b"], "must be text"),
        ("message", "a" * 1601, "must have 1600 characters or fewer, and has 1601"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, field: str, value: Any, reason: str
) -> None:
    assert send(server, **{field: value}) == wrong_fields(ACTION, **{field: reason})
    assert server.sent == []


def test_a_send_that_broke_is_in_doubt(server: DotdigitalServer) -> None:
    server.responds(500)
    assert send(server).outcome == "in_doubt"
