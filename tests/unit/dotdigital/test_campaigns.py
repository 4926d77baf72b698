from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dotdigital import Dotdigital, DotdigitalError, InDoubtError, NotFoundError, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

SEND = "/v2/campaigns/send"
OPTIMISED = "/v2/campaigns/send-time-optimised"
ANSWER = {"id": "8a7b", "campaignId": 3, "contactIds": [42], "status": "NotSent"}

WAYS: dict[str, Callable[[Dotdigital, Any, Any], str]] = {
    SEND: lambda dotdigital, campaign, contact: dotdigital.campaigns.send(campaign, contact),
    OPTIMISED: lambda dotdigital, campaign, contact: dotdigital.campaigns.send_time_optimised(campaign, contact),
}
both_ways = pytest.mark.parametrize("path", WAYS)


@pytest.mark.parametrize("status", [200, 202])
@both_ways
def test_a_send_names_one_contact_and_nothing_else(server: DotdigitalServer, path: str, status: int) -> None:
    server.answers(status, ANSWER)
    assert WAYS[path](server.client(), 3, 42) == "8a7b"
    assert server.sent == [Sent("POST", path, "", {"campaignID": 3, "contactIDs": [42]})]


@pytest.mark.parametrize(
    ("moment", "written"),
    [
        (datetime(2030, 6, 1, 9, 30, tzinfo=UTC), "2030-06-01T09:30:00Z"),
        (datetime(2030, 6, 1, 9, 30, tzinfo=timezone(timedelta(hours=2))), "2030-06-01T07:30:00Z"),
        (datetime(2030, 6, 1, 9, 30, 0, 250_000, tzinfo=UTC), "2030-06-01T09:30:00.250000Z"),
    ],
)
def test_a_send_date_goes_as_utc(server: DotdigitalServer, moment: datetime, written: str) -> None:
    server.answers(202, ANSWER)
    assert server.client().campaigns.send(3, 42, moment) == "8a7b"
    assert server.sent == [Sent("POST", SEND, "", {"campaignID": 3, "contactIDs": [42], "sendDate": written})]


@pytest.mark.parametrize("odd", [None, 0, -1, True, "42", 42.0, [], [42]])
@both_ways
def test_without_a_contact_nothing_is_sent_for_that_would_go_to_all(
    server: DotdigitalServer, path: str, odd: Any
) -> None:
    with pytest.raises(RejectedError, match="the contact id must be a whole number above 0"):
        WAYS[path](server.client(), 3, odd)
    assert server.sent == []


@pytest.mark.parametrize("odd", [None, 0, -1, True, "3", 3.0])
@both_ways
def test_without_a_campaign_nothing_is_sent(server: DotdigitalServer, path: str, odd: Any) -> None:
    with pytest.raises(RejectedError, match="the campaign id must be a whole number above 0"):
        WAYS[path](server.client(), odd, 42)
    assert server.sent == []


@pytest.mark.parametrize("body", [None, {}, [], {"id": None}, {"id": ""}, {"id": " "}, {"id": 8}, {"id": True}])
@both_ways
def test_an_answer_without_the_id_of_the_send_leaves_it_in_doubt(
    server: DotdigitalServer, path: str, body: Any
) -> None:
    server.answers(202, body)
    with pytest.raises(InDoubtError, match="it has no id"):
        WAYS[path](server.client(), 3, 42)
    assert len(server.sent) == 1


@pytest.mark.parametrize(
    ("status", "message", "kind"),
    [
        (404, "Error: ERROR_CAMPAIGN_NOT_FOUND", NotFoundError),
        (400, "One or more of the contacts were not found. Send not permitted. ERROR_CONTACT_NOT_FOUND", NotFoundError),
        (400, "Error: ERROR_CONTACT_SUPPRESSED", RejectedError),
        (500, "Error: ERROR_UNKNOWN", InDoubtError),
    ],
)
@both_ways
def test_a_refusal_is_told(
    server: DotdigitalServer, path: str, status: int, message: str, kind: type[DotdigitalError]
) -> None:
    server.answers(status, {"message": message})
    with pytest.raises(kind) as caught:
        WAYS[path](server.client(), 3, 42)
    assert (caught.type, caught.value.status, caught.value.description) == (kind, status, message)
    assert len(server.sent) == 1
