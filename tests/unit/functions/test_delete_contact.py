from typing import Any

import pytest

from cli.actions import load_action
from delivery.incoming import segment_event
from delivery.outcome import Outcome
from delivery.pipeline import Delivery
from delivery.subscription import Subscription
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.support.sends import Record
from tests.unit.functions.deliveries import NOW, SUBSCRIPTION, deliver, delivered, skipped, wrong_fields

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
DELETION = Sent("DELETE", "/contacts/v3/email/noor%40example.com")
NOT_CONFIRMED = "must be mapped to true to delete contacts; nothing was deleted"
NO_ADDRESS = (
    "must be one e-mail address. A deletion notice of Segment has only a userId: where userIds are no addresses, "
    "delete by an event that has the address, or by hand"
)


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


@pytest.mark.parametrize("confirm", [True, "true", 1])
def test_the_one_contact_that_is_named_is_deleted(server: DotdigitalServer, confirm: Any) -> None:
    server.answers(200, {"contactId": 5001})
    assert delete(server, confirm=confirm) == delivered(ACTION, contactId=5001)
    assert server.sent == [DELETION]


@pytest.mark.parametrize("confirm", [None, "", False, "false", 0])
def test_nothing_is_deleted_that_is_not_confirmed(server: DotdigitalServer, confirm: Any) -> None:
    assert delete(server, confirm=confirm) == wrong_fields(ACTION, confirm=NOT_CONFIRMED)
    assert server.sent == []


def test_the_default_mapping_deletes_nothing(server: DotdigitalServer) -> None:
    assert notice(server, {}) == wrong_fields(ACTION, confirm=NOT_CONFIRMED)
    assert server.sent == []


def test_a_deletion_notice_deletes_where_the_user_id_is_an_address(server: DotdigitalServer) -> None:
    server.answers(200, {"contactId": 5001})
    assert notice(server, {"confirm": True}) == delivered(ACTION, contactId=5001)
    assert server.sent == [DELETION]


@pytest.mark.parametrize("user_id", ["user-7", "447700900123", "5001", "noor@", "a@example.com, b@example.com", "*"])
def test_a_user_id_that_is_no_address_deletes_nobody(server: DotdigitalServer, user_id: str) -> None:
    assert notice(server, {"confirm": True}, userId=user_id) == wrong_fields(ACTION, emailIdentifier=NO_ADDRESS)
    assert server.sent == []


@pytest.mark.parametrize("user_id", [None, ""])
def test_a_notice_of_nobody_deletes_nobody(server: DotdigitalServer, user_id: Any) -> None:
    assert notice(server, {"confirm": True}, userId=user_id) == wrong_fields(ACTION, emailIdentifier="is required")
    assert server.sent == []


def test_a_user_id_is_never_taken_for_a_number(server: DotdigitalServer) -> None:
    outcome = notice(server, {"confirm": True, "channelIdentifier": "mobileNumber"}, userId="447700900123")
    assert outcome == wrong_fields(ACTION, mobileNumberIdentifier="is required")
    assert server.sent == []


@pytest.mark.parametrize("kind", ["track", "identify"])
def test_another_event_deletes_nobody(server: DotdigitalServer, kind: str) -> None:
    outcome = notice(server, {"confirm": True}, type=kind, event="User Deleted")
    assert outcome == skipped(ACTION, "the trigger does not match")
    assert server.sent == []


def test_who_is_not_there_is_skipped(server: DotdigitalServer) -> None:
    server.answers(404, {"errorCode": "contacts:contactNotFound"})
    assert delete(server) == skipped(ACTION, "Dotdigital has no such contact")


@pytest.mark.parametrize(("status", "outcome"), [(404, "rejected"), (401, "retry"), (503, "retry"), (204, "delivered")])
def test_a_deletion_is_done_where_a_2xx_says_so(server: DotdigitalServer, status: int, outcome: str) -> None:
    server.answers(status)
    assert delete(server).outcome == outcome
    assert server.sent == [DELETION]


@pytest.mark.parametrize(
    ("email", "path"), [("a/b@example.com", "a%2Fb%40example.com"), ("a#b?c@example.com", "a%23b%3Fc%40example.com")]
)
def test_the_path_names_exactly_the_contact(server: DotdigitalServer, email: str, path: str) -> None:
    server.answers(200, {"contactId": 5001})
    delete(server, emailIdentifier=email)
    assert server.sent == [Sent("DELETE", f"/contacts/v3/email/{path}")]


def test_the_defaults() -> None:
    action = load_action(ACTION)
    assert action.trigger == 'type = "delete"'
    assert action.payload.default_mapping() == {"channelIdentifier": "email", "emailIdentifier": {"@path": "$.userId"}}
