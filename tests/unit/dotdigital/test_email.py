from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dotdigital import Campaign, Dotdigital, Email, RejectedError, TriggeredCampaign
from tests.support.dotdigital_server import DotdigitalServer, Sent

CAMPAIGN = {"campaignID": 3, "contactIDs": [42]}
SENT = {"id": "8a7b", "campaignId": 3, "contactIds": [42], "status": "NotSent"}
MANY = ("a@example.com", "b@example.com")


def test_the_campaigns_of_an_account(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    sale = {"id": 3, "name": "Sale", "subject": "50 % off", "status": "Unsent", "htmlContent": None, "type": "Standard"}
    sent = {**sale, "id": 4, "status": "Sent", "type": "Triggered"}
    server.responds((200, [sale, sent, {**sale, "id": 5, "status": "Triggered", "type": None}]))
    assert dotdigital.campaigns.all() == (
        Campaign(3, "Sale", "50 % off", "Unsent", triggered=False),
        Campaign(4, "Sale", "50 % off", "Sent", triggered=True),
        Campaign(5, "Sale", "50 % off", "Triggered", triggered=True),
    )
    assert server.sent == [Sent("GET", "/v2/campaigns/filtered", "select=1000")]


@pytest.mark.parametrize(
    ("path", "send"),
    [
        ("send", lambda campaigns: campaigns.send(3, 42)),
        ("send-time-optimised", lambda campaigns: campaigns.send_time_optimised(3, 42)),
    ],
)
def test_a_campaign_names_one_contact_and_nothing_else(
    dotdigital: Dotdigital, server: DotdigitalServer, path: str, send: Callable[[Any], str]
) -> None:
    server.responds((202, SENT))
    assert send(dotdigital.campaigns) == "8a7b"
    assert server.sent == [Sent("POST", f"/v2/campaigns/{path}", "", CAMPAIGN)]


@pytest.mark.parametrize(
    ("send_date", "written"),
    [
        (datetime(2030, 6, 1, 9, 30, tzinfo=UTC), "2030-06-01T09:30:00Z"),
        (datetime(2030, 6, 1, 9, 30, 0, 250_000, timezone(timedelta(hours=2))), "2030-06-01T07:30:00.250000Z"),
    ],
)
def test_a_send_date_goes_as_utc(
    dotdigital: Dotdigital, server: DotdigitalServer, send_date: datetime, written: str
) -> None:
    server.responds((202, SENT))
    dotdigital.campaigns.send(3, 42, send_date)
    assert server.sent[0].body == CAMPAIGN | {"sendDate": written}


TRIGGERED = TriggeredCampaign(31, ("jane@example.com",))
ORDER = {"order": "№7", "empty": "", 'quoted "': "{x}\n"}


@pytest.mark.parametrize(
    ("email", "change"),
    [
        (TRIGGERED, {}),
        (replace(TRIGGERED, to=MANY), {"toAddresses": [*MANY]}),
        (replace(TRIGGERED, cc=MANY), {"ccAddresses": [*MANY]}),
        (replace(TRIGGERED, bcc=MANY[:1] * 100), {"bccAddresses": [MANY[0]] * 100}),
        (replace(TRIGGERED, sender="shop@example.com"), {"fromAddress": "shop@example.com"}),
        (
            replace(TRIGGERED, values=ORDER),
            {"personalizationValues": [{"name": name, "value": value} for name, value in ORDER.items()]},
        ),
    ],
)
def test_a_triggered_campaign_names_whom_it_goes_to_and_nothing_empty(
    dotdigital: Dotdigital, server: DotdigitalServer, email: TriggeredCampaign, change: dict[str, Any]
) -> None:
    server.responds(200)
    dotdigital.triggered_campaigns.send(email)
    body = {"campaignId": 31, "toAddresses": ["jane@example.com"]} | change
    assert server.sent == [Sent("POST", "/v2/email/triggered-campaign", "", body)]


@pytest.mark.parametrize("kind", ["to", "cc", "bcc"])
def test_a_triggered_campaign_goes_to_100_addresses_of_a_kind_at_most(dotdigital: Dotdigital, kind: str) -> None:
    addresses: Any = {kind: MANY[:1] * 101}
    with pytest.raises(RejectedError, match="an e-mail goes to 100 addresses of a kind at most"):
        dotdigital.triggered_campaigns.send(replace(TRIGGERED, **addresses))


EMAIL = Email(sender="Shop <shop@example.com>", to=("jane@example.com",), subject="Grüße 👋", html="<p>Hi</p>")
BODY = {
    "ToAddresses": ["jane@example.com"],
    "CCAddresses": [],
    "BCCAddresses": [],
    "Subject": "Grüße 👋",
    "FromAddress": "Shop <shop@example.com>",
    "HtmlContent": "<p>Hi</p>",
}


@pytest.mark.parametrize(
    ("email", "change"),
    [
        (replace(EMAIL, plain_text=""), {}),
        (replace(EMAIL, plain_text="Hi"), {"PlainTextContent": "Hi"}),
        (replace(EMAIL, to=MANY), {"ToAddresses": [*MANY]}),
        (replace(EMAIL, cc=MANY), {"CCAddresses": [*MANY]}),
        (replace(EMAIL, bcc=MANY), {"BCCAddresses": [*MANY]}),
    ],
)
def test_a_transactional_e_mail_goes_as_it_is(
    dotdigital: Dotdigital, server: DotdigitalServer, email: Email, change: dict[str, Any]
) -> None:
    server.responds(200)
    dotdigital.transactional_email.send(email)
    assert server.sent == [Sent("POST", "/v2/email", "", BODY | change)]


def test_an_e_mail_to_nobody_is_not_sent(dotdigital: Dotdigital) -> None:
    with pytest.raises(RejectedError, match="an e-mail must have somebody to go to"):
        dotdigital.transactional_email.send(replace(EMAIL, to=(), cc=MANY))
    with pytest.raises(RejectedError, match="an e-mail must have somebody to go to"):
        dotdigital.triggered_campaigns.send(replace(TRIGGERED, to=(), cc=MANY))
