"""POST /v2/email/triggered-campaign."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

PATH = "/v2/email/triggered-campaign"
EMAIL = {"campaignId": 603, "toAddresses": ["kim@example.com"]}
SENT = {
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
def test_an_email_is_sent_and_the_answer_is_empty(api: Any, effects: Any, change: Any, sent: Any) -> None:
    assert api("POST", PATH, EMAIL | change) == (200, "")
    assert effects() == [("triggered_campaign_sent", SENT | sent)]


@pytest.mark.parametrize(
    ("change", "status", "message"),
    [
        ({"campaignId": 999}, 404, "Error: ERROR_CAMPAIGN_NOT_FOUND"),
        ({"campaignId": 601}, 400, "The campaign is not a triggered campaign. ERROR_CAMPAIGN_INVALID"),
        ({"toAddresses": []}, 400, "Not valid: toaddresses. ERROR_PARAMETER_INVALID"),
        ({"toAddresses": ["kim"]}, 400, "Not valid: toaddresses.0. ERROR_PARAMETER_INVALID"),
        ({"toAddresses": ["Kim <kim@example.com>"]}, 400, "Not valid: toaddresses.0. ERROR_PARAMETER_INVALID"),
        (
            {"personalizationValues": [{"name": "order", "value": 7}]},
            400,
            "Not valid: personalizationvalues.0.value. ERROR_PARAMETER_INVALID",
        ),
        ({"subject": "Hi"}, 400, "Not valid: subject. ERROR_PARAMETER_INVALID"),
    ],
)
def test_what_is_refused(*, api: Any, effects: Any, change: Any, status: int, message: str) -> None:
    assert api("POST", PATH, EMAIL | change) == (status, {"message": message})
    assert effects() == []
