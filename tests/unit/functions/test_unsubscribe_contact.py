from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.deliveries import SUBSCRIPTION, deliver, delivered, skipped, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "unsubscribe_contact"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com"}
BY_NUMBER = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+44 7700 900123"}
PATH = "/contacts/v3/email/noor%40example.com"
GET = Sent("GET", PATH)
LEFT = skipped(ACTION, "the contact has left already, or lacks the channel")


def unsubscribe(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def contact(email: str | None, sms: str | None = None, status: str = "subscribed") -> tuple[int, dict[str, Any]]:
    channels = {"email": {"status": email}, "sms": {"status": sms}}
    return 200, {"contactId": 5001, "status": status, "channelProperties": channels}


def update(*channels: str) -> Sent:
    properties = {channel: {"status": "unsubscribed"} for channel in channels}
    body = {"identifiers": {"email": "noor@example.com"}, "channelProperties": properties}
    return Sent("PATCH", PATH, "merge-option=overwrite", body)


@pytest.mark.parametrize(
    ("channel", "email", "sms", "changed"),
    [
        (None, "subscribed", "subscribed", ["email"]),
        ("email", "subscribed", "subscribed", ["email"]),
        (["sms"], "subscribed", "subscribed", ["sms"]),
        ("both", "subscribed", "subscribed", ["email", "sms"]),
        ("both", "subscribed", None, ["email"]),
        *(
            (None, status, None, ["email"])
            for status in ("softBounced", "hardBounced", "pendingOptIn", "noSubscription", "new", None)
        ),
    ],
)
def test_the_contact_leaves_the_channel_that_it_has_and_no_other(
    server: DotdigitalServer, channel: Any, email: str | None, sms: str | None, changed: list[str]
) -> None:
    server.responds(contact(email, sms), contact("unsubscribed", "unsubscribed"))
    statuses = {f"{name}Status": "unsubscribed" for name in changed}
    assert unsubscribe(server, channel=channel) == delivered(ACTION, contactId=5001, **statuses)
    assert server.sent == [GET, update(*changed)]


def test_a_contact_found_by_number_leaves_sms(server: DotdigitalServer) -> None:
    server.responds(contact("subscribed", "subscribed"), contact("subscribed", "unsubscribed"))
    assert unsubscribe(server, **BY_NUMBER) == delivered(ACTION, contactId=5001, smsStatus="unsubscribed")
    body = {"identifiers": {"mobileNumber": "447700900123"}, "channelProperties": {"sms": {"status": "unsubscribed"}}}
    path = "/contacts/v3/mobileNumber/447700900123"
    assert server.sent == [Sent("GET", path), Sent("PATCH", path, "merge-option=overwrite", body)]


def test_an_update_whose_response_tells_nothing_is_read(server: DotdigitalServer) -> None:
    server.responds(contact("subscribed"), (200, b"fine"), contact("unsubscribed"))
    assert unsubscribe(server) == delivered(ACTION, contactId=5001, emailStatus="unsubscribed")
    assert server.sent == [GET, update("email"), GET]


@pytest.mark.parametrize(
    "response",
    [
        (404, {"errorCode": "contacts:contactNotFound"}),
        contact("subscribed", status="binned"),
        contact("subscribed", status="deleted"),
    ],
)
def test_nobody_is_made_or_brought_back_from_the_recycle_bin(server: DotdigitalServer, response: Any) -> None:
    server.responds(response)
    assert unsubscribe(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize(
    ("channel", "email", "sms"),
    [
        ("sms", "subscribed", None),
        *(
            ("both", status, status)
            for status in (
                *("unsubscribed", "Suppressed", "ispComplained", "directComplaint", "spamTrap", "domainSuppressed"),
            )
        ),
    ],
)
def test_a_stronger_no_is_not_made_weaker_and_a_channel_that_is_lacked_is_left_alone(
    server: DotdigitalServer, channel: str, email: str, sms: str | None
) -> None:
    server.responds(contact(email, sms))
    assert unsubscribe(server, channel=channel) == LEFT
    assert server.sent == [GET]


def test_who_is_still_subscribed_is_told(server: DotdigitalServer) -> None:
    server.responds(contact("subscribed"), contact("subscribed"))
    reason = "Dotdigital took the update, and the contact is still subscribed; look at it in Dotdigital"
    assert unsubscribe(server) == Outcome("rejected", ACTION, SUBSCRIPTION, reason)


@pytest.mark.parametrize("responses", [[503], [contact("subscribed"), 503]])
def test_a_request_that_breaks_is_made_again(server: DotdigitalServer, responses: list[Any]) -> None:
    server.responds(*responses)
    assert unsubscribe(server).outcome == "retry"


@pytest.mark.parametrize("channel", ["whatsApp", "mail", 1, {}])
def test_another_channel_is_told_and_nothing_is_sent(server: DotdigitalServer, channel: Any) -> None:
    reason = "must be one of 'email', 'sms' or 'both'"
    assert unsubscribe(server, channel=channel) == wrong_fields(ACTION, channel=reason)
    assert server.sent == []
