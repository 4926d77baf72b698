from dataclasses import replace
from typing import Any

import pytest

from dotdigital import DotdigitalError, InDoubtError, NotFoundError, RejectedError, TriggeredCampaign
from tests.support.dotdigital_server import DotdigitalServer, Sent

EMAIL = TriggeredCampaign(31, ("jane@example.com",))
BODY = {"campaignId": 31, "toAddresses": ["jane@example.com"]}
SWITCH_ON = "Transactional e-mail must be switched on for the account: ask Dotdigital to"


@pytest.mark.parametrize(
    ("email", "change"),
    [
        (EMAIL, {}),
        (replace(EMAIL, to=("a@example.com", "b@example.com")), {"toAddresses": ["a@example.com", "b@example.com"]}),
        (replace(EMAIL, cc=("c@example.com",)), {"ccAddresses": ["c@example.com"]}),
        (replace(EMAIL, bcc=("d@example.com",)), {"bccAddresses": ["d@example.com"]}),
        (replace(EMAIL, sender="shop@example.com"), {"fromAddress": "shop@example.com"}),
        (
            replace(EMAIL, values={"order": "№7", "empty": "", 'quoted "': "{x}\n"}),
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
def test_an_e_mail_names_its_campaign_and_whom_it_goes_to_and_nothing_empty(
    server: DotdigitalServer, email: TriggeredCampaign, change: dict[str, Any]
) -> None:
    server.answers(200)
    server.client().triggered_campaigns.send(email)
    assert server.sent == [Sent("POST", "/v2/email/triggered-campaign", "", BODY | change)]


@pytest.mark.parametrize(
    ("email", "reason"),
    [
        (replace(EMAIL, to=(), cc=("c@example.com",)), "an e-mail must have somebody to go to"),
        (replace(EMAIL, to=("a@example.com",) * 101), "an e-mail goes to 100 addresses of a kind at most"),
        (replace(EMAIL, bcc=("a@example.com",) * 101), "an e-mail goes to 100 addresses of a kind at most"),
        (replace(EMAIL, campaign_id=0), "the campaign id must be a whole number above 0"),
    ],
)
def test_what_is_not_sent(server: DotdigitalServer, email: TriggeredCampaign, reason: str) -> None:
    with pytest.raises(RejectedError, match=reason):
        server.client().triggered_campaigns.send(email)
    assert server.sent == []


@pytest.mark.parametrize(
    ("status", "message", "kind", "description"),
    [
        (404, "Error: ERROR_CAMPAIGN_NOT_FOUND", NotFoundError, None),
        (400, "Error: ERROR_INVALID_PERSONALISATION_VALUES", RejectedError, None),
        (400, "Error: ERROR_FEATURENOTACTIVE", RejectedError, f"Error: ERROR_FEATURENOTACTIVE. {SWITCH_ON}"),
        (503, "An error has occurred.", InDoubtError, None),
    ],
)
def test_a_refusal_is_told_and_a_break_is_in_doubt(
    server: DotdigitalServer, status: int, message: str, kind: type[DotdigitalError], description: str | None
) -> None:
    server.answers(status, {"message": message})
    with pytest.raises(kind) as caught:
        server.client().triggered_campaigns.send(EMAIL)
    assert (caught.type, caught.value.status, caught.value.description) == (kind, status, description or message)
    assert len(server.sent) == 1
