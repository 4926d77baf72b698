"""What a delivery comes to; tests/functions has triggers, disabled subscriptions and integrations, by their source."""

import dataclasses
import re
from typing import Any

import pytest

from cli.actions import load_action
from delivery.action import Action
from delivery.incoming import IncomingPayload, segment_event
from delivery.outcome import Ids, Outcome, Refusal
from delivery.pipeline import Delivery
from delivery.subscription import Subscription
from dotdigital import Dotdigital
from tests.support.deliveries import NOW, Record
from tests.support.dotdigital_server import DotdigitalServer, Sent

SMS = {"to": "+447700900123", "message": "Thanks"}
REMOVAL = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com", "listId": 411}
EVENT = {"type": "track", "messageId": "m-1", "event": "Ordered", "properties": {"text": "Thanks"}}


def subscription(mapping: dict[str, Any]) -> Subscription:
    return Subscription.read({"name": "O", "action": "send_sms", "subscribe": "event != null", "mapping": mapping})


def delivery(dotdigital: Dotdigital, action: Action[Any] | None = None) -> Delivery[Any]:
    return Delivery(action or load_action("send_sms"), dotdigital, NOW, Record())


def sms(kind: Any, reason: str | None = None, **more: Any) -> Outcome:
    return Outcome(kind, "send_sms", "O", reason, **more)


@pytest.mark.parametrize(
    ("response", "headers", "expected"),
    [
        (204, {}, sms("delivered", ids=Ids(sms_parts=1))),
        ((400, {"message": "no"}), {}, sms("rejected", "no", refusal=Refusal(400))),
        (
            (401, {"message": "no"}),
            {},
            sms("retry", "no; check username and password in the secret", refusal=Refusal(401)),
        ),
        ((429, {"message": "no"}), {"Retry-After": "17"}, sms("retry", "no", refusal=Refusal(429, retry_after=17.0))),
        ((500, {"message": "no"}), {}, sms("in_doubt", "no", refusal=Refusal(500))),
    ],
)
def test_what_dotdigital_responds_is_told(
    dotdigital: Dotdigital, server: DotdigitalServer, response: Any, headers: dict[str, str], expected: Outcome
) -> None:
    server.responds(response, headers=headers)
    mapping = {**SMS, "message": {"@path": "$.properties.text"}}
    assert delivery(dotdigital).event(segment_event(EVENT), subscription(mapping)) == expected
    assert server.sent == [Sent("POST", "/v2/sms-messages/send-to/447700900123", "", {"message": "Thanks"})]


def test_an_event_that_the_mapping_cannot_resolve_is_rejected(dotdigital: Dotdigital) -> None:
    mapping = {**SMS, "to": {"@path": {"@path": "$.properties"}}}
    outcome = delivery(dotdigital).event(segment_event(EVENT), subscription(mapping))
    assert (outcome.outcome, outcome.fields, outcome.dotdigital) == ("rejected", None, None)
    assert str(outcome.reason).startswith("mapping/to/@path: ")


def test_a_mapped_payload_has_no_subscription(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds(204)
    outcome = delivery(dotdigital).payload(IncomingPayload(SMS))
    assert outcome == Outcome("delivered", "send_sms", "(payload)", ids=Ids(sms_parts=1))


def assert_unexpected(outcome: Outcome, kind: str, fault: Exception) -> None:
    """Assert that the outcome says where a fault was and not about whom."""
    assert (outcome.outcome, outcome.fields) == (kind, None)
    assert re.fullmatch(rf"an unexpected {type(fault).__name__} at test_pipeline\.py:\d+", outcome.reason or "")


@pytest.mark.parametrize(("action", "kind"), [("send_sms", "in_doubt"), ("remove_contact_from_list", "retry")])
def test_a_fault_in_an_action_leaves_a_send_in_doubt(dotdigital: Dotdigital, action: str, kind: str) -> None:
    fault = KeyError("noor@example.com")

    def broken(payload: Any, dotdigital: Any) -> Any:
        raise fault

    faulty = dataclasses.replace(load_action(action), perform=broken)
    assert_unexpected(delivery(dotdigital, faulty).payload(IncomingPayload(REMOVAL | SMS)), kind, fault)


@pytest.mark.parametrize("part", ["matches", "resolve"])
@pytest.mark.parametrize("fault", [KeyError("noor@example.com"), OverflowError(), RecursionError(), MemoryError()])
def test_a_fault_before_the_action_rejects_the_event(dotdigital: Dotdigital, part: str, fault: Exception) -> None:
    def broken(event: Any) -> Any:
        raise fault

    faulty = dataclasses.replace(subscription(SMS), **{part: broken})  # type: ignore[arg-type]
    assert_unexpected(delivery(dotdigital).event(segment_event(EVENT), faulty), "rejected", fault)


def test_a_fault_in_a_payload_rejects_the_event(dotdigital: Dotdigital) -> None:
    fault = OverflowError("noor@example.com")

    class Broken(load_action("send_sms").payload):  # type: ignore[misc]
        @classmethod
        def read(cls, *arguments: Any, **named: Any) -> Any:
            raise fault

    faulty = dataclasses.replace(load_action("send_sms"), payload=Broken)
    assert_unexpected(delivery(dotdigital, faulty).payload(IncomingPayload(SMS)), "rejected", fault)
