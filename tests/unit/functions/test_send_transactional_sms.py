from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.deliveries import deliver, delivered, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "send_transactional_sms"
PAYLOAD = {"to": "+44 7700 900123", "message": "Your loaf is ready"}
BODY = {"to": {"phoneNumber": "447700900123"}, "body": "Your loaf is ready", "rules": ["sms"]}
ACCEPTED = (201, {"messageId": "c0ffee", "status": "processing"})


def send(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def message(**differences: Any) -> Sent:
    return Sent("POST", "/cpaas/messages", "", {**BODY, **differences})


def sms(**options: Any) -> dict[str, Any]:
    return {"channelOptions": {"sms": options}}


@pytest.mark.parametrize(
    ("differences", "body", "parts"),
    [
        ({}, {}, 1),
        ({"from": "FJO"}, sms(**{"from": "FJO"}), 1),
        ({"from": 447700900999}, sms(**{"from": "447700900999"}), 1),
        ({"from": "", "link_shortening": False, "allow_unicode": "false"}, {}, 1),
        ({"link_shortening": 1}, {"shortenLinks": "on"}, 1),
        ({"allow_unicode": "true"}, sms(allowUnicode=True), 1),
        (
            {"from": "FJORD", "allow_unicode": True, "message": "Ďakujeme 🥐"},
            {**sms(**{"from": "FJORD"}, allowUnicode=True), "body": "Ďakujeme 🥐"},
            1,
        ),
        ({"message": 42}, {"body": "42"}, 1),
        ({"message": '1\n"2"\\ {€}'}, {"body": '1\n"2"\\ {€}'}, 1),
        ({"message": "a" * 2000}, {"body": "a" * 2000}, 14),
        ({"message": "\u2019" * 160}, {"body": "'" * 160}, 1),
    ],
)
def test_a_message_goes_as_the_mapping_says_and_its_parts_are_told(
    server: DotdigitalServer, differences: dict[str, Any], body: dict[str, Any], parts: int
) -> None:
    server.responds(ACCEPTED)
    assert send(server, **differences) == delivered(ACTION, messageId="c0ffee", smsParts=parts)
    assert server.sent == [message(**body)]


def outside(characters: str, places: str) -> str:
    return f"has {characters} outside the GSM alphabet ({places}); set allow_unicode to send them, in shorter parts"


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("to", None, "is required"),
        ("message", " ", "is required"),
        ("message", "a" * 2001, "must have 2000 characters or fewer, and has 2001"),
        ("message", "\u2026" * 667, "must have 2000 characters or fewer, and has 2001 in GSM"),
        ("message", "Ďakujeme 🥐", outside("2 characters", "U+010E at 1, U+1F950 at 10")),
        (
            "message",
            "Tea\u2026 ಧನ್ಯವಾದ",
            outside("7 characters", "U+0CA7 at 6, U+0CA8 at 7, U+0CCD at 8 and 4 more"),
        ),
        ("from", "ab", "must have 3 characters or more; leave it out for a random number"),
        ("allow_unicode", "yes", "must be true or false"),
        ("link_shortening", "1", "must be true or false"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, field: str, value: Any, reason: str
) -> None:
    assert send(server, **{field: value}) == wrong_fields(ACTION, **{field: reason})
    assert server.sent == []


def test_a_control_character_is_outside_the_gsm_alphabet(server: DotdigitalServer) -> None:
    reason = outside("1 character", "U+0001 at 3")
    assert send(server, message="1\n\u0001") == wrong_fields(ACTION, message=reason)
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
    server.responds(ACCEPTED, ACCEPTED)
    for allowed in (False, True):
        assert send(server, message=text, allow_unicode=allowed).outcome == "delivered"
    assert [request.body["body"] for request in server.sent] == [sent, text]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        ((201, {"messageId": "c0ffee", "status": "failed"}), "the message is failed"),
        ((403, {"message": "Error: ERROR_FEATURENOTACTIVE"}), "SMS pay as you go"),
    ],
)
def test_what_dotdigital_will_not_send_is_rejected_with_its_reason(
    server: DotdigitalServer, response: Any, reason: str
) -> None:
    server.responds(response)
    outcome = send(server)
    assert outcome.outcome == "rejected"
    assert reason in str(outcome.reason)
    assert server.sent == [message()]
