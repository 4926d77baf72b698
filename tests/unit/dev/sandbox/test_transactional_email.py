"""POST /v2/email."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

PATH = "/v2/email"
EMAIL = {
    "toAddresses": ["kim@example.com"],
    "subject": "Your order",
    "htmlContent": "<p>Thank you</p>",
}


def test_an_email_is_sent_and_the_answer_is_empty(api: Any, effects: Any) -> None:
    body = {
        **EMAIL,
        "ccAddresses": ["lee@example.org"],
        "fromAddress": "Service <service@example.com>",
        "metadata": {"messageId": "m-1"},
        "attachments": [{"fileName": "a.txt", "mimeType": "text/plain", "content": "YQ=="}],
    }
    assert api("POST", PATH, body) == (200, "")
    assert effects() == [
        (
            "email_sent",
            {
                "to": ["kim@example.com"],
                "cc": ["lee@example.org"],
                "bcc": [],
                "subject": "Your order",
                "sender": "service@example.com",
                "metadata": {"messageId": "m-1"},
                "attachments": ["a.txt"],
            },
        )
    ]


@pytest.mark.parametrize("sender", [{}, {"fromAddress": "stranger@example.com"}])
def test_a_sender_that_is_not_registered_is_replaced(api: Any, effects: Any, sender: dict[str, str]) -> None:
    assert api("POST", PATH, {**EMAIL, **sender})[0] == 200
    assert effects()[0][1]["sender"] == "shop@example.com"


@pytest.mark.parametrize(
    ("change", "field"),
    [
        ({"toAddresses": []}, "toaddresses"),
        ({"toAddresses": ["kim@example.com"] * 101}, "toaddresses"),
        ({"toAddresses": ["kim"]}, "toaddresses.0"),
        ({"ccAddresses": ["Kim Park <kim@example.com>"]}, "ccaddresses.0"),
        ({"toAddresses": "kim@example.com"}, "toaddresses"),
        ({"bccAddresses": ["kim@"]}, "bccaddresses.0"),
        ({"subject": ""}, "subject"),
        ({"subject": None}, "subject"),
        ({"htmlContent": ""}, "body"),
        ({"metadata": "m" * 1501}, "metadata"),
        ({"attachments": [{"fileName": "a.txt", "mimeType": "text/plain"}]}, "attachments.0.content"),
        ({"text": "Thank you"}, "text"),
    ],
)
def test_what_is_refused(api: Any, effects: Any, change: dict[str, Any], field: str) -> None:
    message = f"Not valid: {field}. ERROR_PARAMETER_INVALID"
    assert api("POST", PATH, EMAIL | change) == (400, {"message": message})
    assert effects() == []
