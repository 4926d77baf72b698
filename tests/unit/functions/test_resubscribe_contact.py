from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.deliveries import SUBSCRIPTION, deliver, delivered, refused, skipped, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "resubscribe_contact"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com"}
PATH = "/contacts/v3/email/noor%40example.com"
GET = Sent("GET", PATH)
NOTHING = skipped(ACTION, "the contact is subscribed, or has been asked already")
SMS = {"status": "subscribed"}


def resubscribe(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def contact(email: str | None, sms: str | None = None, status: str = "unsubscribed") -> tuple[int, dict[str, Any]]:
    channels = {"email": {"status": email}, "sms": {"status": sms}}
    return 200, {"contactId": 5001, "status": status, "channelProperties": channels}


def email(challenge: bool = True, /, **options: str) -> dict[str, Any]:
    return {"status": "subscribed", "resubscribeOptions": {"resubscribeWithNoChallenge": not challenge, **options}}


def update(**channels: Any) -> Sent:
    body = {"identifiers": {"email": "noor@example.com"}, "channelProperties": channels}
    return Sent("PATCH", PATH, "merge-option=overwrite", body)


MAIL_OPTIONS = {"preferredLocale": "fr-FR", "redirectUrlAfterChallenge": "https://example.com/welcome"}


@pytest.mark.parametrize(
    ("differences", "channels"),
    [
        ({}, {"email": email()}),
        ({"channel": "email"}, {"email": email()}),
        ({"challenge": "true"}, {"email": email()}),
        ({"challenge": False}, {"email": email(False)}),
        ({"challenge": False, "channel": "sms"}, {"sms": SMS}),
        ({"challenge": 0, "channel": "both"}, {"email": email(False), "sms": SMS}),
        (MAIL_OPTIONS, {"email": email(**MAIL_OPTIONS)}),
        (
            {"challenge": False, "preferredLocale": "xx", "redirectUrlAfterChallenge": "x"},
            {"email": email(False)},
        ),
    ],
)
def test_who_has_left_comes_back_to_the_channel_and_no_other(
    server: DotdigitalServer, differences: dict[str, Any], channels: dict[str, Any]
) -> None:
    server.responds(contact("unsubscribed", "unsubscribed"), contact("pendingOptIn", "subscribed"))
    told = {"email": "pendingOptIn", "sms": "subscribed"}
    statuses = {f"{channel}Status": told[channel] for channel in channels}
    assert resubscribe(server, **differences) == delivered(ACTION, contactId=5001, **statuses)
    assert server.sent == [GET, update(**channels)]


@pytest.mark.parametrize(
    "response",
    [
        (404, {"errorCode": "contacts:contactNotFound"}),
        contact("unsubscribed", status="binned"),
        contact("unsubscribed", status="deleted"),
    ],
)
def test_nobody_is_made_or_brought_back_from_the_recycle_bin(server: DotdigitalServer, response: Any) -> None:
    server.responds(response)
    assert resubscribe(server) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


@pytest.mark.parametrize(
    ("differences", "statuses", "told"),
    [
        *(
            ({"challenge": challenge}, (status, None), ("email", status))
            for challenge in (True, False)
            for status in (
                *("suppressed", "noSubscription", "hardBounced", "ispComplained", "directComplaint", "spamTrap"),
                *("knownLitigator", "sharedSuppression", "deleted", "new one"),
            )
        ),
        *(
            ({"challenge": False, "channel": "sms"}, ("subscribed", status), ("sms", status))
            for status in ("noSubscription", "suppressed", "bounced")
        ),
        ({"challenge": False, "channel": "both"}, ("unsubscribed", None), ("sms", "unknown")),
    ],
)
def test_who_has_not_left_by_unsubscribing_is_not_resubscribed_on_any_channel(
    server: DotdigitalServer,
    differences: dict[str, Any],
    statuses: tuple[str, str | None],
    told: tuple[str, str],
) -> None:
    server.responds(contact(*statuses))
    reason = "the contact may not be resubscribed: its {} status is {}".format(*told)
    assert resubscribe(server, **differences) == Outcome("rejected", ACTION, SUBSCRIPTION, reason)
    assert server.sent == [GET]


@pytest.mark.parametrize("status", ["subscribed", "Subscribed", "softBounced", "pendingOptIn"])
def test_who_is_subscribed_or_was_asked_is_not_asked(server: DotdigitalServer, status: str) -> None:
    server.responds(contact(status))
    assert resubscribe(server) == NOTHING
    assert server.sent == [GET]


def test_who_was_asked_and_has_agreed_elsewhere_is_subscribed(server: DotdigitalServer) -> None:
    server.responds(contact("pendingOptIn"), contact("subscribed"))
    assert resubscribe(server, challenge=False) == delivered(ACTION, contactId=5001, emailStatus="subscribed")
    assert server.sent == [GET, update(email=email(False))]


@pytest.mark.parametrize(
    "differences",
    [
        {"channel": "sms"},
        {"channel": "both"},
        {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+447700900123"},
    ],
)
def test_sms_needs_a_mapping_that_says_that_nobody_is_asked(
    server: DotdigitalServer, differences: dict[str, Any]
) -> None:
    reason = "must be false where SMS is among the channels: Dotdigital cannot ask by SMS"
    assert resubscribe(server, **differences) == wrong_fields(ACTION, challenge=reason)
    assert server.sent == []


def test_what_dotdigital_refuses_is_told_in_its_words(server: DotdigitalServer) -> None:
    code, words = "contacts:cannotBeUnsuppressed", "The contact complained"
    server.responds(contact("unsubscribed"), (400, {"errorCode": code, "description": words}))
    assert resubscribe(server) == refused(ACTION, f"{code}: {words}", 400, code)
