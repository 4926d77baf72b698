from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import SUBSCRIPTION, deliver, delivered, wrong_fields

ACTION = "send_transactional_sms"
PAYLOAD = {"to": "+44 7700 900123", "message": "Your loaf is ready"}
BODY = {"to": {"phoneNumber": "447700900123"}, "body": "Your loaf is ready", "rules": ["sms"]}


def send(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def message(**differences: Any) -> Sent:
    return Sent("POST", "/cpaas/messages", "", {**BODY, **differences})


@pytest.mark.parametrize(
    ("differences", "body"),
    [
        ({}, {}),
        ({"from": "FJORD"}, {"channelOptions": {"sms": {"from": "FJORD"}}}),
        ({"from": "FJO"}, {"channelOptions": {"sms": {"from": "FJO"}}}),
        ({"from": 447700900999}, {"channelOptions": {"sms": {"from": "447700900999"}}}),
        ({"from": "", "link_shortening": False, "allow_unicode": "false"}, {}),
        ({"link_shortening": 1}, {"shortenLinks": "on"}),
        ({"allow_unicode": "true"}, {"channelOptions": {"sms": {"allowUnicode": True}}}),
        (
            {"from": "FJORD", "allow_unicode": True, "message": "Ďakujeme 🥐"},
            {"channelOptions": {"sms": {"from": "FJORD", "allowUnicode": True}}, "body": "Ďakujeme 🥐"},
        ),
        ({"message": 42}, {"body": "42"}),
        ({"message": '1\n"2"\\ {€}'}, {"body": '1\n"2"\\ {€}'}),
    ],
)
def test_a_message_goes_as_the_mapping_says(
    server: DotdigitalServer, differences: dict[str, Any], body: dict[str, Any]
) -> None:
    server.answers(201, {"messageId": "c0ffee", "status": "processing"})
    assert send(server, **differences) == delivered(ACTION, messageId="c0ffee", smsParts=1)
    assert server.sent == [message(**body)]


@pytest.mark.parametrize(("length", "parts"), [(160, 1), (161, 2), (2000, 14)])
def test_the_parts_are_told(server: DotdigitalServer, length: int, parts: int) -> None:
    server.answers(201, {"messageId": "c0ffee"})
    assert send(server, message="a" * length) == delivered(ACTION, messageId="c0ffee", smsParts=parts)
    assert server.sent == [message(body="a" * length)]


@pytest.mark.parametrize(
    ("differences", "fields"),
    [
        ({"to": None, "message": None}, {"to": "is required", "message": "is required"}),
        ({"message": " "}, {"message": "is required"}),
        ({"message": "a" * 2001}, {"message": "must have 2000 characters or fewer, and has 2001"}),
        ({"from": "ab"}, {"from": "must have 3 characters or more; leave it out for a random number"}),
        ({"allow_unicode": "yes"}, {"allow_unicode": "must be true or false"}),
        ({"link_shortening": "1"}, {"link_shortening": "must be true or false"}),
        (
            {"message": "Ďakujeme 🥐"},
            {
                "message": "has 2 characters outside the GSM alphabet (U+010E at 1, U+1F950 at 10); "
                "set allow_unicode to send them, in shorter parts"
            },
        ),
        (
            {"message": "Tea\u2026 ಧನ್ಯವಾದ", "allow_unicode": False},
            {
                "message": "has 7 characters outside the GSM alphabet (U+0CA7 at 6, U+0CA8 at 7, U+0CCD at 8 and 4 "
                "more); set allow_unicode to send them, in shorter parts"
            },
        ),
        ({"message": "\u2026" * 667}, {"message": "must have 2000 characters or fewer, and has 2001 in GSM"}),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, differences: dict[str, Any], fields: dict[str, str]
) -> None:
    assert send(server, **differences) == wrong_fields(ACTION, **fields)
    assert server.sent == []


@pytest.mark.parametrize(
    ("text", "sent"),
    [
        ("it\u2019s \u201cwarm\u201d", 'it\'s "warm"'),
        ("9\u201317 h \u2014 today\u2026", "9-17 h - today..."),
        ("5\u00a0\u20ac\tnow", "5 \u20ac now"),
        ("Cafe\u0301", "Café"),
        ("line\u2028two\u200b", "line\ntwo"),
        ("\u039a\u0391\u039b\u0397\u039c\u0395\u03a1\u0391", "KAΛHMEPA"),
    ],
)
def test_what_has_a_look_alike_in_the_gsm_alphabet_is_replaced_where_unicode_is_not_allowed(
    server: DotdigitalServer, text: str, sent: str
) -> None:
    for _ in range(2):
        server.answers(201, {"messageId": "c0ffee"})
    assert send(server, message=text) == delivered(ACTION, messageId="c0ffee", smsParts=1)
    assert send(server, message=text, allow_unicode=True) == delivered(ACTION, messageId="c0ffee", smsParts=1)
    assert [call.body["body"] for call in server.sent] == [sent, text]


def test_a_control_character_is_outside_the_gsm_alphabet(server: DotdigitalServer) -> None:
    assert send(server, message="1\n\u0001") == wrong_fields(
        ACTION,
        message="has 1 character outside the GSM alphabet (U+0001 at 3); set allow_unicode to send them, in shorter "
        "parts",
    )
    assert server.sent == []


def test_a_message_that_will_not_be_delivered_is_rejected(server: DotdigitalServer) -> None:
    server.answers(201, {"messageId": "c0ffee", "status": "failed"})
    outcome = send(server)
    assert (outcome.outcome, outcome.subscription) == ("rejected", SUBSCRIPTION)
    assert server.sent == [message()]


def test_an_account_without_pay_as_you_go_is_told_what_to_switch_on(server: DotdigitalServer) -> None:
    server.answers(403, {"message": "Error: ERROR_FEATURENOTACTIVE"})
    outcome = send(server)
    assert outcome.outcome == "rejected"
    assert "SMS pay as you go" in str(outcome.reason)
    assert server.sent == [message()]
