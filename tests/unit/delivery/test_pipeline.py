import dataclasses
import re
from typing import Any

import pytest

from cli.actions import load_action
from delivery.incoming import IncomingPayload, segment_event
from delivery.outcome import Ids, Outcome, Refusal
from delivery.pipeline import Delivery
from delivery.subscription import Subscription
from tests.support.deliveries import NOW, Record
from tests.support.dotdigital_server import DotdigitalServer, Sent

SMS: dict[str, Any] = {
    "action": "send_sms",
    "mapping": {"to": "+447700900123", "message": {"@path": "$.properties.text"}},
}
REMOVAL: dict[str, Any] = {
    "action": "remove_contact_from_list",
    "mapping": {"channelIdentifier": "email", "emailIdentifier": "noor@example.com", "listId": 411},
}
EVENT = {"type": "track", "messageId": "m-1", "event": "Ordered", "properties": {"text": "Thanks"}}


def deliver(
    server: DotdigitalServer, event: dict[str, Any], subscription: dict[str, Any], **differences: Any
) -> Outcome:
    entry = {"name": "Orders", "subscribe": 'event = "Ordered"', **subscription, **differences}
    raw = {**EVENT, **event}
    delivery = Delivery(load_action(entry["action"]), server.client(), NOW, Record())
    return delivery.event(segment_event(raw), Subscription.read(entry))


def sms(kind: Any, reason: str | None = None, **more: Any) -> Outcome:
    return Outcome(kind, "send_sms", "Orders", reason, **more)


def test_an_event_that_a_subscription_wants_is_delivered(server: DotdigitalServer) -> None:
    server.responds(204)
    assert deliver(server, {}, SMS) == sms("delivered", ids=Ids(sms_parts=1))
    assert server.sent == [Sent("POST", "/v2/sms-messages/send-to/447700900123", "", {"message": "Thanks"})]


@pytest.mark.parametrize(
    "integrations", [{}, {"All": False}, {"Dotdigital": True}, {"Dotdigital": {}}, {"Slack": False}]
)
def test_integrations_that_do_not_say_no(server: DotdigitalServer, integrations: dict[str, Any]) -> None:
    server.responds(204)
    assert deliver(server, {"integrations": integrations}, SMS).outcome == "delivered"


@pytest.mark.parametrize(
    ("event", "differences", "reason"),
    [
        ({}, {"enabled": False}, "the subscription is disabled"),
        ({"integrations": {"Dotdigital": False}}, {}, "the event's integrations object says no to Dotdigital"),
        ({"event": "Paid"}, {}, "the trigger does not match"),
    ],
)
def test_an_event_that_is_not_wanted_is_skipped(
    server: DotdigitalServer, event: dict[str, Any], differences: dict[str, Any], reason: str
) -> None:
    assert deliver(server, event, SMS, **differences) == sms("skipped", reason)
    assert server.sent == []


def test_an_event_that_the_mapping_cannot_resolve_is_rejected(server: DotdigitalServer) -> None:
    outcome = deliver(server, {}, SMS, mapping={"to": {"@path": {"@path": "$.properties"}}, "message": "Hi"})
    assert (outcome.outcome, outcome.fields, outcome.dotdigital) == ("rejected", None, None)
    assert str(outcome.reason).startswith("the mapping: /to/@path: ")
    assert server.sent == []


def test_a_payload_that_cannot_be_sent_is_rejected(server: DotdigitalServer) -> None:
    outcome = deliver(server, {"properties": {}}, SMS)
    assert outcome == sms("rejected", "the fields are not right", fields={"message": "is required"})
    assert server.sent == []


def test_nothing_to_do_is_skipped(server: DotdigitalServer) -> None:
    server.responds((404, {"errorCode": "contacts:contactNotFound"}))
    outcome = deliver(server, {}, REMOVAL)
    assert outcome == Outcome("skipped", "remove_contact_from_list", "Orders", "Dotdigital has no such contact")


@pytest.mark.parametrize(
    ("status", "headers", "expected"),
    [
        (400, {}, sms("rejected", "no", refusal=Refusal(400))),
        (401, {}, sms("retry", "no; check username and password in the secret", refusal=Refusal(401))),
        (429, {"Retry-After": "17"}, sms("retry", "no", refusal=Refusal(429, retry_after=17.0))),
        (500, {}, sms("in_doubt", "no", refusal=Refusal(500))),
    ],
)
def test_a_refusal_of_dotdigital_is_told(
    server: DotdigitalServer, status: int, headers: dict[str, str], expected: Outcome
) -> None:
    server.responds((status, {"message": "no"}), headers=headers)
    assert deliver(server, {}, SMS) == expected
    assert len(server.sent) == 1


def test_what_is_safe_to_repeat_is_asked_for_again(server: DotdigitalServer) -> None:
    server.responds((500, {"errorCode": "server:error", "description": "no"}))
    assert deliver(server, {}, REMOVAL) == Outcome(
        "retry",
        "remove_contact_from_list",
        "Orders",
        "server:error: no",
        refusal=Refusal(500, "server:error"),
    )


def test_a_mapped_payload_has_no_subscription(server: DotdigitalServer) -> None:
    server.responds(204)
    delivery = Delivery(load_action("sendSms"), server.client(), NOW, Record())
    outcome = delivery.payload(IncomingPayload({"to": "+447700900123", "message": "Hi"}))
    assert outcome == Outcome("delivered", "send_sms", "(payload)", ids=Ids(sms_parts=1))


@pytest.mark.parametrize(("action", "kind"), [("send_sms", "in_doubt"), ("remove_contact_from_list", "retry")])
def test_a_fault_of_ours_is_an_outcome_that_tells_where_and_not_about_whom(
    server: DotdigitalServer, action: str, kind: str
) -> None:
    def broken(payload: Any, dotdigital: Any) -> Any:
        raise KeyError("noor@example.com")

    faulty = dataclasses.replace(load_action(action), perform=broken)
    payload = {**REMOVAL["mapping"], **SMS["mapping"], "message": "Thanks"}
    outcome = Delivery(faulty, server.client(), NOW, Record()).payload(IncomingPayload(payload))
    assert (outcome.outcome, outcome.subscription, outcome.fields) == (kind, "(payload)", None)
    assert re.fullmatch(r"an unexpected KeyError at test_pipeline\.py:\d+", outcome.reason or "")


@pytest.mark.parametrize("part", ["matches", "resolve"])
@pytest.mark.parametrize("fault", [KeyError("noor@example.com"), OverflowError(), RecursionError(), MemoryError()])
def test_a_fault_before_the_action_rejects_the_event(server: DotdigitalServer, part: str, fault: Exception) -> None:
    def broken(event: Any) -> Any:
        raise fault

    read = Subscription.read({"name": "O", "subscribe": "event != null", **SMS})
    subscription = dataclasses.replace(read, **{part: broken})  # type: ignore[arg-type]
    delivery = Delivery(load_action("send_sms"), server.client(), NOW, Record())
    outcome = delivery.event(segment_event(EVENT), subscription)
    assert outcome.outcome == "rejected"
    assert re.fullmatch(rf"an unexpected {type(fault).__name__} at test_pipeline\.py:\d+", outcome.reason or "")


def test_a_fault_in_a_payload_rejects_the_event(server: DotdigitalServer) -> None:
    class Broken(load_action("send_sms").payload):  # type: ignore[misc]
        @classmethod
        def read(cls, *arguments: Any, **named: Any) -> Any:
            raise OverflowError("noor@example.com")

    faulty = dataclasses.replace(load_action("send_sms"), payload=Broken)
    outcome = Delivery(faulty, server.client(), NOW, Record()).payload(IncomingPayload(SMS["mapping"]))
    assert outcome.outcome == "rejected"
    assert re.fullmatch(r"an unexpected OverflowError at test_pipeline\.py:\d+", outcome.reason or "")
