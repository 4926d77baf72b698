from typing import Any

import pytest

from cli.actions import load_action
from delivery.outcome import Outcome
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import SUBSCRIPTION, deliver, delivered, skipped, wrong_fields

ACTION = "unsubscribe_contact"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com"}
GET = Sent("GET", "/contacts/v3/email/noor%40example.com")
LEFT = skipped(ACTION, "the contact has left already, or lacks the channel")


def unsubscribe(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def contact(email: str | None, sms: str | None = None, status: str = "subscribed") -> dict[str, Any]:
    channels = {"email": {"status": email}, "sms": {"status": sms}}
    return {"contactId": 5001, "status": status, "channelProperties": channels}


def update(*channels: str) -> Sent:
    body = {
        "identifiers": {"email": "noor@example.com"},
        "channelProperties": {channel: {"status": "unsubscribed"} for channel in channels},
    }
    return Sent("PATCH", "/contacts/v3/email/noor%40example.com", "merge-option=overwrite", body)


@pytest.mark.parametrize(
    ("channel", "changed"),
    [(None, ["email"]), ("email", ["email"]), ("sms", ["sms"]), ("both", ["email", "sms"]), (["sms"], ["sms"])],
)
def test_the_contact_leaves_the_channel_and_no_other(
    server: DotdigitalServer, channel: str | None, changed: list[str]
) -> None:
    server.answers(200, contact("subscribed", "subscribed"))
    server.answers(200, contact("unsubscribed", "unsubscribed"))
    statuses = {f"{name}Status": "unsubscribed" for name in changed}
    assert unsubscribe(server, channel=channel) == delivered(ACTION, contactId=5001, **statuses)
    assert server.sent == [GET, update(*changed)]


def test_a_contact_found_by_number_leaves_sms(server: DotdigitalServer) -> None:
    server.answers(200, contact("subscribed", "subscribed"))
    server.answers(200, contact("subscribed", "unsubscribed"))
    number = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+44 7700 900123"}
    assert unsubscribe(server, **number) == delivered(ACTION, contactId=5001, smsStatus="unsubscribed")
    assert server.sent[1].body == {
        "identifiers": {"mobileNumber": "447700900123"},
        "channelProperties": {"sms": {"status": "unsubscribed"}},
    }


def test_an_update_whose_answer_is_not_told_is_read(server: DotdigitalServer) -> None:
    server.answers(200, contact("subscribed"))
    server.answers(200, raw=b"fine")
    server.answers(200, contact("unsubscribed"))
    assert unsubscribe(server) == delivered(ACTION, contactId=5001, emailStatus="unsubscribed")
    assert server.sent == [GET, update("email"), GET]


def test_nobody_is_made(server: DotdigitalServer) -> None:
    server.answers(404, {"errorCode": "contacts:contactNotFound"})
    assert unsubscribe(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize("status", ["binned", "deleted"])
def test_nobody_is_brought_back_from_the_recycle_bin(server: DotdigitalServer, status: str) -> None:
    server.answers(200, contact("subscribed", status=status))
    assert unsubscribe(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize(
    "status", ["unsubscribed", "Suppressed", "ispComplained", "directComplaint", "spamTrap", "domainSuppressed"]
)
def test_a_stronger_no_is_not_made_weaker(server: DotdigitalServer, status: str) -> None:
    server.answers(200, contact(status, status))
    assert unsubscribe(server, channel="both") == LEFT
    assert server.sent == [GET]


@pytest.mark.parametrize("status", ["softBounced", "hardBounced", "pendingOptIn", "noSubscription", "new", None])
def test_who_could_be_mailed_again_leaves(server: DotdigitalServer, status: str | None) -> None:
    server.answers(200, contact(status))
    server.answers(200, contact("unsubscribed"))
    assert unsubscribe(server) == delivered(ACTION, contactId=5001, emailStatus="unsubscribed")
    assert server.sent == [GET, update("email")]


def test_a_channel_that_the_contact_lacks_is_left_alone(server: DotdigitalServer) -> None:
    server.answers(200, contact("subscribed"))
    server.answers(200, contact("unsubscribed"))
    assert unsubscribe(server, channel="both") == delivered(ACTION, contactId=5001, emailStatus="unsubscribed")
    assert server.sent == [GET, update("email")]


def test_nothing_is_done_for_a_channel_that_the_contact_lacks(server: DotdigitalServer) -> None:
    server.answers(200, contact("subscribed"))
    assert unsubscribe(server, channel="sms") == LEFT
    assert server.sent == [GET]


def test_who_is_still_subscribed_is_told(server: DotdigitalServer) -> None:
    server.answers(200, contact("subscribed"))
    server.answers(200, contact("subscribed"))
    reason = "Dotdigital took the update, and the contact is still subscribed; look at it in Dotdigital"
    assert unsubscribe(server) == Outcome("rejected", ACTION, SUBSCRIPTION, reason)


@pytest.mark.parametrize("failing", [0, 1])
def test_a_call_that_breaks_is_made_again(server: DotdigitalServer, failing: int) -> None:
    for _ in range(failing):
        server.answers(200, contact("subscribed"))
    server.answers(503)
    assert unsubscribe(server).outcome == "retry"


@pytest.mark.parametrize("channel", ["whatsApp", "mail", 1, {}])
def test_another_channel_is_told_and_nothing_is_sent(server: DotdigitalServer, channel: Any) -> None:
    assert unsubscribe(server, channel=channel) == wrong_fields(
        ACTION, channel="must be one of 'email', 'sms' or 'both'"
    )
    assert server.sent == []


def test_the_defaults() -> None:
    action = load_action(ACTION)
    assert action.trigger == 'type = "track" and event = "Unsubscribe Contact"'
    assert action.payload.default_mapping() == load_action("enrol_contact").payload.default_mapping()
