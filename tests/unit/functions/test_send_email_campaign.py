from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from cli.actions import load_action
from delivery.fields.payload import PayloadError
from delivery.outcome import Outcome
from tests.support.deliveries import NOW, SUBSCRIPTION, deliver, delivered, refused, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "send_email_campaign"
PAYLOAD = {"email": "noor@example.com", "campaignId": 31}
GET = Sent("GET", "/contacts/v3/email/noor%40example.com")
TAKEN = (202, {"id": "d00d"})
LATER = datetime(2026, 5, 31, 9, 40, tzinfo=UTC)
PAST = "must be in the future; leave it out to send at once"


def send(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def campaign(how: str = "send", **more: Any) -> Sent:
    return Sent("POST", f"/v2/campaigns/{how}", "", {"campaignID": 31, "contactIDs": [5001], **more})


def contact(status: str | None = "subscribed", email_status: str | None = None) -> tuple[int, dict[str, Any]]:
    return 200, {"contactId": 5001, "status": status, "channelProperties": {"email": {"status": email_status}}}


@pytest.mark.parametrize(
    ("differences", "sent"),
    [
        ({}, campaign()),
        ({"campaignId": "31", "sendDate": "", "sendTimeOptimised": "false"}, campaign()),
        ({"sendDate": "2026-06-01T09:30:00+02:00"}, campaign(sendDate="2026-06-01T07:30:00Z")),
        ({"sendTimeOptimised": True}, campaign("send-time-optimised")),
        ({"sendTimeOptimised": 1, "sendDate": None}, campaign("send-time-optimised")),
    ],
)
def test_a_campaign_goes_to_the_one_contact(server: DotdigitalServer, differences: dict[str, Any], sent: Sent) -> None:
    server.responds(contact(), TAKEN)
    assert send(server, **differences) == delivered(ACTION, contactId=5001, sendId="d00d")
    assert server.sent == [GET, sent]


@pytest.mark.parametrize(
    ("status", "email_status"),
    [
        ("Subscribed", ""), (None, "subscribed"), ("noSubscription", "subscribed"),
        ("subscribed", "softBounced"), ("unsubscribed", "subscribed"),
    ],
)  # fmt: skip
def test_a_contact_who_may_be_mailed(server: DotdigitalServer, status: str | None, email_status: str | None) -> None:
    server.responds(contact(status, email_status), TAKEN)
    assert send(server) == delivered(ACTION, contactId=5001, sendId="d00d")


@pytest.mark.parametrize(
    ("status", "email_status", "reason"),
    [
        ("unsubscribed", None, "its e-mail status is unsubscribed"),
        ("subscribed", "unsubscribed", "its e-mail status is unsubscribed"),
        ("subscribed", "suppressed", "its e-mail status is suppressed"),
        ("subscribed", "hardBounced", "its e-mail status is hardBounced"),
        ("subscribed", "pendingOptIn", "its e-mail status is pendingOptIn"),
        ("subscribed", "noSubscription", "its e-mail status is noSubscription"),
        (None, None, "its e-mail status is unknown"),
        ("suppressed", "subscribed", "its status is suppressed"),
        ("Deleted", "subscribed", "its status is Deleted"),
        ("binned", "softBounced", "its status is binned"),
    ],
)
def test_a_contact_who_may_not_be_mailed(
    server: DotdigitalServer, status: str | None, email_status: str | None, reason: str
) -> None:
    server.responds(contact(status, email_status))
    assert send(server) == Outcome("rejected", ACTION, SUBSCRIPTION, f"the contact may not be mailed: {reason}")
    assert server.sent == [GET]


def test_an_unknown_contact_is_rejected(server: DotdigitalServer) -> None:
    server.responds((404, {"errorCode": "contacts:contactNotFound", "description": "not found"}))
    assert send(server) == refused(ACTION, "contacts:contactNotFound: not found", 404, "contacts:contactNotFound")
    assert server.sent == [GET]


def test_a_contact_without_an_id_is_sent_nothing(server: DotdigitalServer) -> None:
    server.responds((200, {"status": "subscribed"}))
    assert send(server).outcome == "retry"
    assert server.sent == [GET]


@pytest.mark.parametrize(
    ("differences", "fields"),
    [
        ({"email": None, "campaignId": None}, {"email": "is required", "campaignId": "is required"}),
        (
            {"email": "noor@example.com,lea@example.com"},
            {"email": "must be one e-mail address without a name, such as noor@example.com"},
        ),
        ({"campaignId": "spring"}, {"campaignId": "must be a whole number above 0, an id as Dotdigital shows it"}),
        ({"sendDate": "2026-05-31T09:30:00Z"}, {"sendDate": PAST}),
        (
            {"sendDate": "2026-06-01", "sendTimeOptimised": True},
            {"sendDate": "must be left out where sendTimeOptimised is true: give one of the two"},
        ),
        (
            {"sendDate": "next week"},
            {
                "sendDate": "must be an ISO 8601 date such as 2026-05-31T09:30:00Z, epoch seconds (9 or 10 digits) or "
                "milliseconds (12 or 13 digits)"
            },
        ),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, differences: dict[str, Any], fields: dict[str, str]
) -> None:
    assert send(server, **differences) == wrong_fields(ACTION, **fields)
    assert server.sent == []


def send_date(value: str, happened: timedelta | None) -> datetime | None:
    at = None if happened is None else NOW + happened
    payload = load_action(ACTION).payload.read({**PAYLOAD, "sendDate": value}, now=NOW, happened=at)
    found: datetime | None = payload.send_date
    return found


@pytest.mark.parametrize(
    ("value", "happened", "expected"),
    [
        ("2026-05-31T09:30:00.001Z", None, NOW + timedelta(milliseconds=1)),
        ("2026-05-31T11:40:00+02:00", None, LATER),
        ("2026-05-31T09:40:00Z", timedelta(minutes=-20), LATER),
        ("2026-05-31T09:40:00Z", timedelta(minutes=20), LATER),
        ("2026-05-31T09:20:00Z", timedelta(minutes=-20), None),
        ("2026-05-31T09:30:00Z", timedelta(minutes=-20), None),
        ("2026-05-17T09:30:01Z", timedelta(days=-400), None),
    ],
)
def test_a_date_that_has_passed_since_the_event_is_left_out(
    value: str, happened: timedelta | None, expected: datetime | None
) -> None:
    assert send_date(value, happened) == expected


@pytest.mark.parametrize(
    ("value", "happened"),
    [
        ("2026-05-31T11:29:59+02:00", None),
        ("2026-05-31T09:09:59Z", timedelta(minutes=-20)),
        ("2026-05-31T09:10:00Z", timedelta(minutes=-20)),
        ("2026-05-31T09:20:00Z", timedelta(minutes=20)),
        ("2026-05-17T09:30:00Z", timedelta(days=-400)),
        ("2020-01-01", timedelta(days=-2500)),
    ],
)
def test_a_date_that_was_past_when_the_event_happened_or_passed_long_ago(
    value: str, happened: timedelta | None
) -> None:
    with pytest.raises(PayloadError, match=PAST):
        send_date(value, happened)
