"""SMS: to one number through v2, and through cpaas."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

V2 = "/v2/sms-messages/send-to"
CPAAS = "/cpaas/messages"
MESSAGE = {"to": {"phoneNumber": "447700900001"}, "body": "Hello", "rules": ["sms"]}


def test_v2_sends_and_answers_with_nothing(api: Any, effects: Any) -> None:
    assert api("POST", f"{V2}/447700900001", {"message": "Hello"}) == (204, "")
    assert effects() == [("sms_sent", {"api": "v2", "to": "447700900001", "message": "Hello"})]


def test_v2_takes_1600_characters(api: Any) -> None:
    assert api("POST", f"{V2}/447700900001", {"message": "a" * 1600}) == (204, "")


@pytest.mark.parametrize(
    ("number", "body", "message"),
    [
        ("07700900001", {"message": "Hello"}, "Error: ERROR_SMS_INVALIDPHONENUMBER"),
        ("44770090000123456", {"message": "Hello"}, "Error: ERROR_SMS_INVALIDPHONENUMBER"),
        ("447700900001", {"message": ""}, "Not valid: message. ERROR_SMS_INVALID"),
        ("447700900001", {"message": "a" * 1601}, "Not valid: message. ERROR_SMS_INVALID"),
        ("447700900001", {"text": "Hello"}, "Not valid: message, text. ERROR_SMS_INVALID"),
    ],
)
def test_what_v2_refuses(api: Any, effects: Any, number: str, body: object, message: str) -> None:
    assert api("POST", f"{V2}/{number}", body) == (400, {"message": message})
    assert effects() == []


def test_cpaas_sends_and_answers_with_the_message(api: Any, effects: Any) -> None:
    body = {
        **MESSAGE,
        "channelOptions": {"sms": {"from": "Shop", "allowUnicode": True}},
        "metadata": {"messageId": "m-1"},
        "shortenLinks": "on",
    }
    status, answer = api("POST", CPAAS, body)
    assert (status, answer) == (
        201,
        {
            "messageId": answer["messageId"],
            "status": "processing",
            "sentOn": answer["sentOn"],
            **body,
        },
    )
    assert effects() == [
        (
            "sms_sent",
            {
                "api": "cpaas",
                "to": "447700900001",
                "message": "Hello",
                "sender": "Shop",
                "messageId": answer["messageId"],
                "metadata": {"messageId": "m-1"},
            },
        )
    ]


def test_cpaas_takes_a_number_with_a_plus(api: Any, effects: Any) -> None:
    assert api("POST", CPAAS, {**MESSAGE, "to": {"phoneNumber": "+447700900001"}})[0] == 201
    assert effects()[0][1]["to"] == "447700900001"


@pytest.mark.parametrize(
    ("text", "options", "effect"),
    [
        ("Café @ £5 [€]", {}, "sms_sent"),
        ("小さい", {}, "sms_not_sent"),
        ("小さい", {"sms": {"allowUnicode": False}}, "sms_not_sent"),
        ("小さい", {"sms": {"allowUnicode": True}}, "sms_sent"),
    ],
)
def test_unicode_that_is_not_allowed_is_taken_but_not_sent(
    api: Any, effects: Any, text: str, options: object, effect: str
) -> None:
    assert api("POST", CPAAS, {**MESSAGE, "body": text, "channelOptions": options})[0] == 201
    assert [name for name, _ in effects()] == [effect]


@pytest.mark.parametrize(
    ("change", "key"),
    [
        ({"to": {"phoneNumber": "07700 900001"}}, "to.phoneNumber"),
        ({"to": {"phoneNumber": 447700900001}}, "to.phoneNumber"),
        ({"to": {}}, "to.phoneNumber"),
        ({"body": ""}, "body"),
        ({"body": "b" * 2001}, "body"),
        ({"rules": []}, "rules"),
        ({"rules": ["email"]}, "rules.0"),
        ({"channelOptions": {"sms": {"from": "ab"}}}, "channelOptions.sms.from"),
        ({"channelOptions": {"sms": {"allowUnicode": "yes"}}}, "channelOptions.sms.allowUnicode"),
        ({"shortenLinks": True}, "shortenLinks"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_cpaas_refuses(api: Any, effects: Any, change: dict[str, Any], key: str) -> None:
    status, answer = api("POST", CPAAS, MESSAGE | change)
    assert (status, answer["message"]) == (400, "Validation failed")
    assert [failure["key"] for failure in answer["validationFailures"]] == [key]
    assert effects() == []
