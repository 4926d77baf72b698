"""Campaigns and their sends."""

from datetime import UTC, datetime
from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

SEND = "/v2/campaigns/send"
OPTIMISED = "/v2/campaigns/send-time-optimised"


def test_campaigns(api: Any) -> None:
    assert api("GET", "/v2/campaigns/filtered?select=1&skip=2") == (
        200,
        [
            {
                "id": 603,
                "name": "Order confirmation",
                "subject": "Your order",
                "fromName": "Example Shop",
                "fromAddress": {"id": 1, "email": "service@example.com"},
                "htmlContent": None,
                "plainTextContent": None,
                "replyAction": "WebMailForward",
                "replyToAddress": "",
                "isSplitTest": False,
                "status": "Triggered",
                "type": "Triggered",
                "tags": [],
                "sentDate": None,
                "scheduledDate": None,
            }
        ],
    )


@pytest.mark.parametrize(("path", "optimised"), [(SEND, False), (OPTIMISED, True)])
def test_a_campaign_goes_to_the_contacts_named(api: Any, effects: Any, path: str, optimised: bool) -> None:
    status, answer = api("POST", path, {"campaignId": 601, "contactIds": [1001, 1002]})
    assert (status, answer) == (
        202,
        {
            "id": answer["id"],
            "campaignId": 601,
            "addressBookIds": [],
            "contactIds": [1001, 1002],
            "sendDate": answer["sendDate"],
            "splitTestOptions": None,
            "status": "NotSent",
        },
    )
    assert effects() == [
        (
            "campaign_sent",
            {
                "sendId": answer["id"],
                "campaignId": 601,
                "contactIds": [1001, 1002],
                "allContacts": False,
                "sendDate": None,
                "optimised": optimised,
            },
        )
    ]


@pytest.mark.parametrize("path", [SEND, OPTIMISED])
@pytest.mark.parametrize("nobody", [{}, {"contactIds": []}, {"contactIds": [], "addressBookIds": []}])
def test_a_send_that_names_nobody_goes_to_everybody(
    api: Any, effects: Any, path: str, nobody: dict[str, object]
) -> None:
    assert api("POST", path, {"campaignId": 601, **nobody})[0] == 202
    ((effect, details),) = effects()
    assert (effect, details["allContacts"], details["contactIds"]) == (
        "campaign_sent",
        True,
        [1001, 1002],
    )


def test_a_list_stands_for_its_contacts_that_may_be_mailed(api: Any, effects: Any) -> None:
    assert api("POST", SEND, {"campaignId": 601, "addressBookIds": [301, 302]})[0] == 202
    ((_, details),) = effects()
    assert (details["contactIds"], details["allContacts"]) == ([1001], False)


def test_a_send_in_the_future_is_scheduled(api: Any, effects: Any, sandbox: Any) -> None:
    year = sandbox.clock.now().year + 1
    body = {"campaignId": 601, "contactIds": [1001], "sendDate": f"{year}-06-01T10:00:00+01:00"}
    _, answer = api("POST", SEND, body)
    date = datetime(year, 6, 1, 9, tzinfo=UTC).isoformat(timespec="milliseconds")
    assert (answer["status"], answer["sendDate"]) == ("Scheduled", date.replace("+00:00", "Z"))
    assert effects()[0][1]["sendDate"] == answer["sendDate"]


def test_a_date_in_the_past_means_now_and_one_without_zone_is_utc(api: Any) -> None:
    body = {"campaignId": 601, "contactIds": [1001], "sendDate": "2024-06-01T10:00:00"}
    status, answer = api("POST", SEND, body)
    assert (status, answer["status"], answer["sendDate"]) == (202, "NotSent", "2024-06-01T10:00:00.000Z")
