"""Who is subscribed after a PATCH that says something about a channel, and who is not."""

from typing import Any

import pytest

CHALLENGE = {"resubscribeWithNoChallenge": False}
NO_CHALLENGE = {"resubscribeWithNoChallenge": True}
SUBSCRIBED, UNSUBSCRIBED = "kim@example.com", "sam@example.com"
LOCALES = ("es", "es-ES", "nb-NO", "se-SE")
SUPPRESSED, BOUNCED, NEW = "noor@example.org", "bounced@example.com", "new@example.com"


@pytest.mark.parametrize(
    ("address", "email", "status"),
    [
        *(
            (NEW, {"optInType": "unknown", "resubscribeOptions": {"preferredLocale": each}}, "subscribed")
            for each in LOCALES
        ),
        (NEW, {}, "subscribed"),
        (NEW, {"status": "unsubscribed"}, "unsubscribed"),
        (NEW, {"optInType": "verifiedDouble"}, "pendingOptIn"),
        (NEW, {"optInType": "verifiedDouble", "status": "suppressed"}, "suppressed"),
        (SUBSCRIBED, {}, "subscribed"),
        (SUBSCRIBED, {"status": "unsubscribed"}, "unsubscribed"),
        (SUBSCRIBED, {"status": "subscribed", "optInType": "verifiedDouble"}, "subscribed"),
        (UNSUBSCRIBED, {"emailType": "html"}, "unsubscribed"),
        (UNSUBSCRIBED, {"status": "subscribed"}, "subscribed"),
        (UNSUBSCRIBED, {"status": "subscribed", "resubscribeOptions": CHALLENGE}, "pendingOptIn"),
        (UNSUBSCRIBED, {"status": "subscribed", "resubscribeOptions": {}}, "subscribed"),
        (UNSUBSCRIBED, {"resubscribeOptions": NO_CHALLENGE}, "unsubscribed"),
        (SUPPRESSED, {"status": "subscribed"}, "suppressed"),
        (SUPPRESSED, {"status": "unsubscribed"}, "suppressed"),
        (SUPPRESSED, {"status": "subscribed", "resubscribeOptions": NO_CHALLENGE}, "subscribed"),
        (SUPPRESSED, {"status": "subscribed", "resubscribeOptions": CHALLENGE}, "pendingOptIn"),
        (BOUNCED, {"status": "subscribed", "resubscribeOptions": NO_CHALLENGE}, "hardBounced"),
        (BOUNCED, {"status": "unsubscribed"}, "hardBounced"),
    ],
)
def test_email_status(api: Any, address: str, email: dict[str, object], status: str) -> None:
    body = {"identifiers": {"email": address}, "channelProperties": {"email": email}}
    _, contact = api("PATCH", f"/contacts/v3/email/{address}", body)
    assert contact["channelProperties"]["email"]["status"] == status


def test_a_challenge_is_in_the_journal_and_pending_lasts(api: Any, effects: Any) -> None:
    path = f"/contacts/v3/email/{UNSUBSCRIBED}"
    email: dict[str, object] = {"status": "subscribed", "resubscribeOptions": CHALLENGE}
    api("PATCH", path, {"channelProperties": {"email": email}})
    _, contact = api("PATCH", path, {"channelProperties": {"email": {"status": "subscribed"}}})
    assert contact["status"] == "pendingOptIn"
    assert [effect for effect, _ in effects()] == [
        "contact_updated",
        "status_changed",
        "challenge_sent",
        "contact_updated",
    ]


def test_types_are_asked_for_in_camel_and_answered_in_pascal_case(api: Any) -> None:
    email = {"emailType": "plainText", "optInType": "verifiedDouble"}
    _, contact = api("PATCH", f"/contacts/v3/email/{SUBSCRIBED}", {"channelProperties": {"email": email}})
    assert contact["channelProperties"]["email"] == {
        "emailType": "PlainText",
        "optInType": "VerifiedDouble",
        "status": "subscribed",
    }


def test_sms_and_whatsapp_status(api: Any, effects: Any) -> None:
    channels = {"sms": {"status": "unsubscribed"}, "whatsApp": {"status": "subscribed"}}
    _, contact = api("PATCH", f"/contacts/v3/email/{SUBSCRIBED}", {"channelProperties": channels})
    assert contact["channelProperties"]["sms"]["status"] == "unsubscribed"
    assert contact["channelProperties"]["whatsApp"]["status"] == "subscribed"
    changes = [details for effect, details in effects() if effect == "status_changed"]
    assert changes == [
        {"contactId": 1001, "channel": "sms", "old": "subscribed", "new": "unsubscribed"},
        {"contactId": 1001, "channel": "whatsApp", "old": "noSubscription", "new": "subscribed"},
    ]


def test_a_channel_without_its_identifier_is_left_alone(api: Any, effects: Any) -> None:
    channels = {"email": {"status": "subscribed"}}
    _, contact = api("PATCH", "/contacts/v3/mobileNumber/447700900005", {"channelProperties": channels})
    assert "email" not in contact["channelProperties"]
    assert [effect for effect, _ in effects()] == ["contact_updated"]


def test_an_address_given_later_is_a_new_channel(api: Any) -> None:
    body = {"identifiers": {"email": NEW}, "channelProperties": {"email": {"status": "unsubscribed"}}}
    _, contact = api("PATCH", "/contacts/v3/mobileNumber/447700900005", body)
    assert contact["channelProperties"]["email"]["status"] == "unsubscribed"
