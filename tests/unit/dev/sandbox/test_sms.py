"""SMS: to one number through v2, and through cpaas."""

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

V2 = "/v2/sms-messages/send-to"
CPAAS = "/cpaas/messages"
MESSAGE = {"to": {"phoneNumber": "447700900001"}, "body": "Hello", "rules": ["sms"]}


@pytest.mark.parametrize("number", ["447700900001", "%2B447700900001"])
@pytest.mark.parametrize("message", ["Hello", "a" * 1600])
def test_v2_sends_and_answers_with_nothing(api: Any, effects: Any, number: str, message: str) -> None:
    assert api("POST", f"{V2}/{number}", {"message": message}) == (204, "")
    assert effects() == [("sms_sent", {"api": "v2", "to": "447700900001", "message": message})]


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
