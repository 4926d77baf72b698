from typing import Any

import pytest

from cli.actions import load_action
from delivery.outcome import Outcome, Refusal
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import SUBSCRIPTION, deliver, delivered, skipped, wrong_fields

ACTION = "resubscribe_contact"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com"}
GET = Sent("GET", "/contacts/v3/email/noor%40example.com")
NOTHING = skipped(ACTION, "the contact is subscribed, or has been asked already")
CHALLENGED = {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": False}}
UNCHALLENGED = {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": True}}
SMS = {"status": "subscribed"}


def resubscribe(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def contact(email: str | None, sms: str | None = None, status: str = "unsubscribed") -> dict[str, Any]:
    channels = {"email": {"status": email}, "sms": {"status": sms}}
    return {"contactId": 5001, "status": status, "channelProperties": channels}


def update(**channels: Any) -> Sent:
    body = {"identifiers": {"email": "noor@example.com"}, "channelProperties": channels}
    return Sent("PATCH", "/contacts/v3/email/noor%40example.com", "merge-option=overwrite", body)


def forbidden(channel: str, status: str) -> Outcome:
    reason = f"the contact may not be resubscribed: its {channel} status is {status}"
    return Outcome("rejected", ACTION, SUBSCRIPTION, reason)


@pytest.mark.parametrize(
    ("differences", "channels"),
    [
        ({}, {"email": CHALLENGED}),
        ({"channel": "email"}, {"email": CHALLENGED}),
        ({"challenge": "true"}, {"email": CHALLENGED}),
        ({"challenge": False}, {"email": UNCHALLENGED}),
        ({"challenge": False, "channel": "sms"}, {"sms": SMS}),
        ({"challenge": 0, "channel": "both"}, {"email": UNCHALLENGED, "sms": SMS}),
        (
            {"preferredLocale": "fr-FR"},
            {"email": {**CHALLENGED, "resubscribeOptions": {
                "resubscribeWithNoChallenge": False, "preferredLocale": "fr-FR"}}},
        ),
        ({"challenge": False, "preferredLocale": "xx", "redirectUrlAfterChallenge": "x"}, {"email": UNCHALLENGED}),
    ],
)  # fmt: skip
def test_who_has_left_comes_back_to_the_channel_and_no_other(
    server: DotdigitalServer, differences: dict[str, Any], channels: dict[str, Any]
) -> None:
    server.answers(200, contact("unsubscribed", "unsubscribed"))
    server.answers(200, contact("pendingOptIn", "subscribed"))
    answered = {"email": "pendingOptIn", "sms": "subscribed"}
    statuses = {f"{channel}Status": answered[channel] for channel in channels}
    assert resubscribe(server, **differences) == delivered(ACTION, contactId=5001, **statuses)
    assert server.sent == [GET, update(**channels)]


def test_nobody_is_made(server: DotdigitalServer) -> None:
    server.answers(404, {"errorCode": "contacts:contactNotFound"})
    assert resubscribe(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize("status", ["binned", "deleted"])
def test_nobody_is_brought_back_from_the_recycle_bin(server: DotdigitalServer, status: str) -> None:
    server.answers(200, contact("unsubscribed", status=status))
    assert resubscribe(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize("challenge", [True, False])
@pytest.mark.parametrize(
    "status",
    ["suppressed", "noSubscription", "hardBounced", "ispComplained", "directComplaint", "spamTrap", "knownLitigator",
     "sharedSuppression", "deleted", "new one"],
)  # fmt: skip
def test_who_may_not_be_mailed_is_not_resubscribed(server: DotdigitalServer, status: str, challenge: bool) -> None:
    server.answers(200, contact(status))
    assert resubscribe(server, challenge=challenge) == forbidden("email", status)
    assert server.sent == [GET]


@pytest.mark.parametrize("status", ["noSubscription", "suppressed", "bounced"])
def test_nobody_is_opted_in_to_sms_who_was_not_subscribed(server: DotdigitalServer, status: str) -> None:
    server.answers(200, contact("subscribed", status))
    assert resubscribe(server, channel="sms", challenge=False) == forbidden("sms", status)
    assert server.sent == [GET]


def test_a_channel_that_the_contact_lacks_changes_none(server: DotdigitalServer) -> None:
    server.answers(200, contact("unsubscribed", None))
    assert resubscribe(server, channel="both", challenge=False) == forbidden("sms", "unknown")
    assert server.sent == [GET]


@pytest.mark.parametrize("status", ["subscribed", "Subscribed", "softBounced"])
def test_who_is_subscribed_is_not_asked(server: DotdigitalServer, status: str) -> None:
    server.answers(200, contact(status))
    assert resubscribe(server) == NOTHING
    assert server.sent == [GET]


def test_who_was_asked_is_not_asked_again(server: DotdigitalServer) -> None:
    server.answers(200, contact("pendingOptIn"))
    assert resubscribe(server) == NOTHING
    assert server.sent == [GET]


def test_who_was_asked_and_has_agreed_elsewhere_is_subscribed(server: DotdigitalServer) -> None:
    server.answers(200, contact("pendingOptIn"))
    server.answers(200, contact("subscribed"))
    assert resubscribe(server, challenge=False) == delivered(ACTION, contactId=5001, emailStatus="subscribed")
    assert server.sent == [GET, update(email=UNCHALLENGED)]


@pytest.mark.parametrize("differences", [{"channel": "sms"}, {"channel": "both"}])
def test_sms_needs_a_mapping_that_says_that_nobody_is_asked(
    server: DotdigitalServer, differences: dict[str, Any]
) -> None:
    reason = "must be false where SMS is among the channels: Dotdigital cannot ask by SMS"
    assert resubscribe(server, **differences) == wrong_fields(ACTION, challenge=reason)
    number = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900123"}
    assert resubscribe(server, **number) == wrong_fields(ACTION, challenge=reason)
    assert server.sent == []


def test_what_dotdigital_refuses_is_told_in_its_words(server: DotdigitalServer) -> None:
    server.answers(200, contact("unsubscribed"))
    server.answers(400, {"errorCode": "contacts:cannotBeUnsuppressed", "description": "The contact complained"})
    assert resubscribe(server) == Outcome(
        "rejected",
        ACTION,
        SUBSCRIPTION,
        "contacts:cannotBeUnsuppressed: The contact complained",
        refusal=Refusal(400, "contacts:cannotBeUnsuppressed"),
    )


def test_the_defaults() -> None:
    action = load_action(ACTION)
    assert action.trigger == 'type = "track" and event = "Resubscribe Contact"'
    contact_fields = load_action("enrol_contact").payload.default_mapping()
    assert action.payload.default_mapping() == {**contact_fields, "challenge": True}
