from typing import Any

import pytest

from cli.actions import load_action
from delivery.incoming import segment_event
from delivery.outcome import Outcome
from delivery.pipeline import Delivery
from delivery.subscription import Subscription
from tests.support.deliveries import NOW, SUBSCRIPTION, Record, deliver, delivered, skipped, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "delete_contact"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com", "confirm": True}
NOTICE = {
    "type": "delete",
    "channel": "server",
    "messageId": "delete-022bb90c-bbac-11e4-8dfc-aa07a5b093db",
    "projectId": "abcd123",
    "userId": "noor@example.com",
    "context": [],
    "integrations": [],
    "timestamp": "2026-05-31T09:30:00.000Z",
}
DELETED = (200, {"contactId": 5001})
DELETION = Sent("DELETE", "/contacts/v3/email/noor%40example.com")
NOT_CONFIRMED = {"confirm": "must be mapped to true to delete contacts; nothing was deleted"}
NO_ADDRESS = {
    "emailIdentifier": "must be one e-mail address. A deletion notice of Segment has only a userId: where userIds are "
    "no addresses, delete by an event that has the address, or by hand"
}


def delete(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def notice(server: DotdigitalServer, mapping: dict[str, Any], **differences: Any) -> Outcome:
    """Deliver a deletion notice to a subscription with the default trigger and mapping, but for `mapping`."""
    action, raw = load_action(ACTION), {**NOTICE, **differences}
    subscription = Subscription.read(
        {
            "name": SUBSCRIPTION,
            "partnerAction": ACTION,
            "subscribe": action.trigger,
            "mapping": {**action.payload.default_mapping(), **mapping},
        }
    )
    return Delivery(action, server.client(), NOW, Record()).event(segment_event(raw), subscription)


@pytest.mark.parametrize(
    ("differences", "path"),
    [
        ({}, DELETION.path),
        ({"confirm": "true"}, DELETION.path),
        ({"emailIdentifier": "a/b#c?d@example.com"}, "/contacts/v3/email/a%2Fb%23c%3Fd%40example.com"),
        (
            {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+44 7700 900123"},
            "/contacts/v3/mobileNumber/447700900123",
        ),
    ],
)
def test_the_one_contact_that_is_named_is_deleted(
    server: DotdigitalServer, differences: dict[str, Any], path: str
) -> None:
    server.responds(DELETED)
    assert delete(server, **differences) == delivered(ACTION, contactId=5001)
    assert server.sent == [Sent("DELETE", path)]


@pytest.mark.parametrize("confirm", [None, "", False, "false", 0])
def test_nothing_is_deleted_that_is_not_confirmed(server: DotdigitalServer, confirm: Any) -> None:
    assert delete(server, confirm=confirm) == wrong_fields(ACTION, **NOT_CONFIRMED)
    assert server.sent == []


def test_a_deletion_notice_deletes_where_the_user_id_is_an_address(server: DotdigitalServer) -> None:
    server.responds(DELETED)
    assert notice(server, {"confirm": True}) == delivered(ACTION, contactId=5001)
    assert server.sent == [DELETION]


CONFIRMED = {"confirm": True}
BY_NUMBER = {**CONFIRMED, "channelIdentifier": "mobileNumber"}
REQUIRED = "is required"


@pytest.mark.parametrize(
    ("mapping", "user_id", "fields"),
    [
        ({}, "noor@example.com", NOT_CONFIRMED),
        *(
            (CONFIRMED, user_id, NO_ADDRESS)
            for user_id in ("user-7", "447700900123", "5001", "noor@", "a@example.com, b@example.com", "*")
        ),
        (CONFIRMED, None, {"emailIdentifier": REQUIRED}),
        (CONFIRMED, "", {"emailIdentifier": REQUIRED}),
        (BY_NUMBER, "447700900123", {"mobileNumberIdentifier": REQUIRED}),
    ],
)
def test_a_notice_that_does_not_name_a_contact_by_its_address_deletes_nobody(
    server: DotdigitalServer, mapping: dict[str, Any], user_id: str | None, fields: dict[str, str]
) -> None:
    assert notice(server, mapping, userId=user_id) == wrong_fields(ACTION, **fields)
    assert server.sent == []


@pytest.mark.parametrize("kind", ["track", "identify"])
def test_another_event_deletes_nobody(server: DotdigitalServer, kind: str) -> None:
    outcome = notice(server, CONFIRMED, type=kind, event="User Deleted")
    assert outcome == skipped(ACTION, "the trigger does not match")
    assert server.sent == []


def test_who_is_not_there_is_skipped(server: DotdigitalServer) -> None:
    server.responds((404, {"errorCode": "contacts:contactNotFound"}))
    assert delete(server) == skipped(ACTION, "Dotdigital has no such contact")


@pytest.mark.parametrize(("status", "outcome"), [(404, "rejected"), (401, "retry"), (503, "retry"), (204, "delivered")])
def test_a_deletion_is_done_where_a_2xx_says_so(server: DotdigitalServer, status: int, outcome: str) -> None:
    server.responds(status)
    assert delete(server).outcome == outcome
    assert server.sent == [DELETION]
