"""POST /v2/email."""

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

PATH = "/v2/email"
TRIGGERED = {"campaignId": 603, "toAddresses": ["kim@example.com"]}
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


SENT: dict[str, object] = {
    "campaignId": 603,
    "to": ["kim@example.com"],
    "cc": [],
    "bcc": [],
    "sender": "service@example.com",
    "values": {},
}


@pytest.mark.parametrize(
    ("change", "sent"),
    [
        ({}, {}),
        ({"fromAddress": "Shop <shop@example.com>"}, {"sender": "shop@example.com"}),
        ({"fromAddress": "stranger@example.com"}, {}),
        ({"ccAddresses": ["lee@example.org"]}, {"cc": ["lee@example.org"]}),
        ({"personalizationValues": [{"name": "order", "value": "7"}]}, {"values": {"order": "7"}}),
    ],
)
def test_an_email_out_of_a_triggered_campaign(api: Any, effects: Any, change: Any, sent: Any) -> None:
    assert api("POST", f"{PATH}/triggered-campaign", TRIGGERED | change) == (200, "")
    assert effects() == [("triggered_campaign_sent", SENT | sent)]
