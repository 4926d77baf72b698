"""The campaigns of an account, and what no e-mail may be; tests/unit/functions has what goes out for each action."""

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from dotdigital import Campaign, Dotdigital, Email, RejectedError, TriggeredCampaign
from tests.support.dotdigital_server import DotdigitalServer, Sent


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


def test_a_send_date_goes_as_utc(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds((202, {"id": "8a7b"}))
    dotdigital.campaigns.send(3, 42, datetime(2030, 6, 1, 9, 30, 0, 250_000, timezone(timedelta(hours=2))))
    assert server.sent[0].body == {"campaignID": 3, "contactIDs": [42], "sendDate": "2030-06-01T07:30:00.250000Z"}


@pytest.mark.parametrize("kind", ["to", "cc", "bcc"])
def test_a_triggered_campaign_goes_to_100_addresses_of_a_kind_at_most(
    dotdigital: Dotdigital, server: DotdigitalServer, kind: str
) -> None:
    address = ("jane@example.com",)
    server.responds(200)
    addresses: dict[str, Any] = {"to": address, kind: address * 100}
    dotdigital.triggered_campaigns.send(TriggeredCampaign(31, **addresses))
    with pytest.raises(RejectedError, match="an e-mail goes to 100 addresses of a kind at most"):
        dotdigital.triggered_campaigns.send(TriggeredCampaign(31, **{**addresses, kind: address * 101}))


def test_an_e_mail_to_nobody_is_not_sent(dotdigital: Dotdigital) -> None:
    with pytest.raises(RejectedError, match="an e-mail must have somebody to go to"):
        dotdigital.transactional_email.send(Email("shop@example.com", (), "Hi", "<p>", cc=("jane@example.com",)))
    with pytest.raises(RejectedError, match="an e-mail must have somebody to go to"):
        dotdigital.triggered_campaigns.send(TriggeredCampaign(31, (), cc=("jane@example.com",)))
