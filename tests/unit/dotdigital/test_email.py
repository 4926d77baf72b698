from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dotdigital import Campaign, Dotdigital, Email, RejectedError, TriggeredCampaign
from tests.support.dotdigital_server import DotdigitalServer, Sent

SEND = "/v2/campaigns/send"
WAYS: dict[str, Callable[[Dotdigital, Any, Any], str]] = {
    SEND: lambda it, campaign, contact: it.campaigns.send(campaign, contact),
    "/v2/campaigns/send-time-optimised": lambda it, campaign, contact: it.campaigns.send_time_optimised(
        campaign, contact
    ),
}
both_ways = pytest.mark.parametrize("path", WAYS)
SENT = {"id": "8a7b", "campaignId": 3, "contactIds": [42], "status": "NotSent"}


def test_the_campaigns_of_an_account(server: DotdigitalServer) -> None:
    sale = {"id": 3, "name": "Sale", "subject": "50 % off", "status": "Unsent", "htmlContent": None, "type": "Standard"}
    sent = {**sale, "id": 4, "status": "Sent", "type": "Triggered"}
    server.answers(200, [sale, sent, {**sale, "id": 5, "status": "Triggered", "type": None}])
    assert server.client().campaigns.all() == (
        Campaign(3, "Sale", "50 % off", "Unsent", triggered=False),
        Campaign(4, "Sale", "50 % off", "Sent", triggered=True),
        Campaign(5, "Sale", "50 % off", "Triggered", triggered=True),
    )
    assert server.sent == [Sent("GET", "/v2/campaigns/filtered", "select=1000")]


@pytest.mark.parametrize("status", [200, 202])
@both_ways
def test_a_campaign_names_one_contact_and_nothing_else(server: DotdigitalServer, path: str, status: int) -> None:
    server.answers(status, SENT)
    assert WAYS[path](server.client(), 3, 42) == "8a7b"
    assert server.sent == [Sent("POST", path, "", {"campaignID": 3, "contactIDs": [42]})]


@pytest.mark.parametrize(
    ("send_date", "written"),
    [
        (datetime(2030, 6, 1, 9, 30, tzinfo=UTC), "2030-06-01T09:30:00Z"),
        (datetime(2030, 6, 1, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2030-06-01T07:30:00Z"),
        (datetime(2030, 6, 1, 9, 30, 0, 250_000, tzinfo=UTC), "2030-06-01T09:30:00.250000Z"),
    ],
)
def test_a_send_date_goes_as_utc(server: DotdigitalServer, send_date: datetime, written: str) -> None:
    server.answers(202, SENT)
    assert server.client().campaigns.send(3, 42, send_date) == "8a7b"
    assert server.sent == [Sent("POST", SEND, "", {"campaignID": 3, "contactIDs": [42], "sendDate": written})]


@pytest.mark.parametrize("odd", [None, 0, -1, True, "42", 42.0, [], [42]])
@both_ways
def test_without_a_contact_no_campaign_is_sent_for_it_would_go_to_all(
    server: DotdigitalServer, path: str, odd: Any
) -> None:
    with pytest.raises(RejectedError, match="the contact id must be a whole number above 0"):
        WAYS[path](server.client(), 3, odd)
    with pytest.raises(RejectedError, match="the campaign id must be a whole number above 0"):
        WAYS[path](server.client(), odd, 42)
    assert server.sent == []


TRIGGERED = TriggeredCampaign(31, ("jane@example.com",))


@pytest.mark.parametrize(
    ("email", "change"),
    [
        (TRIGGERED, {}),
        (
            replace(TRIGGERED, to=("a@example.com", "b@example.com")),
            {"toAddresses": ["a@example.com", "b@example.com"]},
        ),
        (replace(TRIGGERED, cc=("c@example.com",)), {"ccAddresses": ["c@example.com"]}),
        (replace(TRIGGERED, bcc=("d@example.com",)), {"bccAddresses": ["d@example.com"]}),
        (replace(TRIGGERED, sender="shop@example.com"), {"fromAddress": "shop@example.com"}),
        (
            replace(TRIGGERED, values={"order": "№7", "empty": "", 'quoted "': "{x}\n"}),
            {
                "personalizationValues": [
                    {"name": "order", "value": "№7"},
                    {"name": "empty", "value": ""},
                    {"name": 'quoted "', "value": "{x}\n"},
                ]
            },
        ),
    ],
)
def test_a_triggered_campaign_names_whom_it_goes_to_and_nothing_empty(
    server: DotdigitalServer, email: TriggeredCampaign, change: dict[str, Any]
) -> None:
    server.answers(200)
    server.client().triggered_campaigns.send(email)
    body = {"campaignId": 31, "toAddresses": ["jane@example.com"]} | change
    assert server.sent == [Sent("POST", "/v2/email/triggered-campaign", "", body)]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        (replace(TRIGGERED, to=(), cc=("c@example.com",)), "an e-mail must have somebody to go to"),
        (replace(TRIGGERED, to=("a@example.com",) * 101), "an e-mail goes to 100 addresses of a kind at most"),
        (replace(TRIGGERED, bcc=("a@example.com",) * 101), "an e-mail goes to 100 addresses of a kind at most"),
        (replace(TRIGGERED, campaign_id=0), "the campaign id must be a whole number above 0"),
    ],
)
def test_a_triggered_campaign_that_is_not_sent(server: DotdigitalServer, email: TriggeredCampaign, reason: str) -> None:
    with pytest.raises(RejectedError, match=reason):
        server.client().triggered_campaigns.send(email)
    assert server.sent == []


EMAIL = Email(sender="Shop <shop@example.com>", to=("jane@example.com",), subject="Hi", html="<p>Hi</p>")
BODY = {
    "ToAddresses": ["jane@example.com"],
    "CCAddresses": [],
    "BCCAddresses": [],
    "Subject": "Hi",
    "FromAddress": "Shop <shop@example.com>",
    "HtmlContent": "<p>Hi</p>",
}


@pytest.mark.parametrize(
    ("email", "change"),
    [
        (EMAIL, {}),
        (replace(EMAIL, to=("a@example.com", "b@example.com")), {"ToAddresses": ["a@example.com", "b@example.com"]}),
        (replace(EMAIL, cc=("c@example.com",)), {"CCAddresses": ["c@example.com"]}),
        (replace(EMAIL, bcc=("d@example.com",)), {"BCCAddresses": ["d@example.com"]}),
        (replace(EMAIL, plain_text="Hi"), {"PlainTextContent": "Hi"}),
        (replace(EMAIL, plain_text=""), {}),
        (replace(EMAIL, subject="Grüße 👋"), {"Subject": "Grüße 👋"}),
    ],
)
def test_a_transactional_e_mail_goes_as_it_is(server: DotdigitalServer, email: Email, change: dict[str, Any]) -> None:
    server.answers(200)
    server.client().transactional_email.send(email)
    assert server.sent == [Sent("POST", "/v2/email", "", BODY | change)]


def test_a_transactional_e_mail_to_nobody_is_not_sent(server: DotdigitalServer) -> None:
    with pytest.raises(RejectedError, match="an e-mail must have somebody to go to"):
        server.client().transactional_email.send(replace(EMAIL, to=(), cc=("c@example.com",)))
    assert server.sent == []
