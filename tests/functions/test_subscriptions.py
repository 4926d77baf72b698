"""Which subscriptions an event goes to, and what a function responds for all of them."""

from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.functions import invoke, outcomes
from tests.support.queued import body

TEXT = {
    "name": "Text",
    "action": "send_sms",
    "subscribe": 'event = "Send SMS"',
    "mapping": {"to": {"@path": "$.properties.phone"}, "message": {"@path": "$.properties.message"}},
}
EVENT = body()["event"]
SECOND = TEXT | {"name": "Second text", "mapping": {"to": "+447700900456", "message": "Second"}}
REFUSAL = "the event's integrations object says no to Dotdigital"


@pytest.mark.parametrize(
    ("subscription", "event", "reason"),
    [
        ({"subscribe": 'event = "Other"'}, EVENT, "the trigger does not match"),
        ({"enabled": False}, EVENT, "the subscription is disabled"),
        ({}, EVENT | {"integrations": {"Dotdigital": False}}, REFUSAL),
    ],
)
def test_what_is_not_wanted_is_skipped(
    sandbox: Sandbox, subscribe: Any, subscription: dict[str, Any], event: dict[str, Any], reason: str
) -> None:
    subscribe(TEXT | subscription)
    assert invoke("send_sms", event) == {
        "outcome": "skipped",
        "action": "send_sms",
        "subscription": "Text",
        "reason": reason,
    }
    assert sandbox.requests == ()


@pytest.mark.parametrize("integrations", [{"All": False}, {"Dotdigital": True}, {"Dotdigital": {"a": 1}}, []])
def test_any_other_integrations_are_no_refusal(subscribe: Any, sandbox: Sandbox, integrations: Any) -> None:
    subscribe(TEXT)
    assert outcomes("send_sms", EVENT | {"integrations": integrations}) == [("delivered", "Text", None)]
    assert len(sandbox.journal) == 1


def test_without_a_subscription_of_the_action_the_event_is_skipped(subscribe: Any) -> None:
    subscribe(TEXT | {"action": "sendEmailCampaign"})
    assert outcomes("send_sms", EVENT) == [("skipped", "", "no subscription is for this action")]


def test_the_response_is_of_the_subscriptions_that_match(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe(TEXT | {"name": "Other", "subscribe": 'event = "Other"'}, TEXT)
    assert outcomes("send_sms", EVENT) == [("delivered", "Text", None)]
    subscribe(TEXT | {"name": "First text"}, SECOND)
    assert outcomes("send_sms", EVENT) == [("delivered", "First text", None), ("delivered", "Second text", None)]
    numbers = [str(request.path).rpartition("/")[2] for request in sandbox.requests]
    assert numbers == ["447700900123", "447700900123", "447700900456"]


def test_a_rejection_comes_before_a_delivery(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe(TEXT, SECOND | {"mapping": {"to": "+447700900456"}})
    response = invoke("send_sms", EVENT)
    assert (response["outcome"], response["fields"]) == ("rejected", {"message": "is required"})
    assert len(sandbox.journal) == 1


def test_the_event_that_comes_again_sends_only_what_was_not_sent(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe(TEXT, SECOND)
    sandbox.fail("status", path="456", status=503, body={"message": "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"})
    assert [one[:2] for one in outcomes("send_sms", EVENT)] == [("retry", "Second text"), ("delivered", "Text")]
    copy = "a copy of an event that was done before: this is what the first came to"
    assert outcomes("send_sms", EVENT) == [("delivered", "Text", copy), ("delivered", "Second text", None)]
    assert [effect.details["to"] for effect in sandbox.journal] == ["447700900123", "447700900456"]
