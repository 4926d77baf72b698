"""Which subscriptions an event goes to, and what a function responds for all of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.functions import invoke
from tests.support.queued import body

TEXT = {
    "name": "Text",
    "action": "send_sms",
    "subscribe": 'event = "Send SMS"',
    "mapping": {"to": {"@path": "$.properties.phone"}, "message": {"@path": "$.properties.message"}},
}
EVENT = body()["event"]
SECOND = {"name": "Second text", "mapping": {"to": "+447700900456", "message": "Second"}}
REFUSAL = "the event's integrations object says no to Dotdigital"


@pytest.fixture
def subscribe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def write(*subscriptions: dict[str, Any]) -> None:
        path = tmp_path / "subscriptions.json"
        path.write_text(json.dumps([TEXT | subscription for subscription in subscriptions]), encoding="utf-8")
        monkeypatch.setenv("SUBSCRIPTIONS_PATH", str(path))

    return write


def outcomes(event: dict[str, Any] = EVENT) -> list[tuple[str, str, str | None]]:
    """The kind, the subscription and the reason of each outcome that the function responds with."""
    response = invoke("send_sms", event)
    return [(one["outcome"], one["subscription"], one.get("reason")) for one in response.get("outcomes", [response])]


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
    subscribe(subscription)
    assert invoke("send_sms", event) == {
        "outcome": "skipped",
        "action": "send_sms",
        "subscription": "Text",
        "reason": reason,
    }
    assert sandbox.requests == ()


@pytest.mark.parametrize("integrations", [{"All": False}, {"Dotdigital": True}, {"Dotdigital": {"a": 1}}, []])
def test_any_other_integrations_are_no_refusal(subscribe: Any, sandbox: Sandbox, integrations: Any) -> None:
    subscribe({})
    assert outcomes(EVENT | {"integrations": integrations}) == [("delivered", "Text", None)]
    assert len(sandbox.journal) == 1


def test_without_a_subscription_of_the_action_the_event_is_skipped(subscribe: Any) -> None:
    subscribe({"action": "sendEmailCampaign"})
    assert outcomes() == [("skipped", "", "no subscription is for this action")]


def test_the_response_is_of_the_subscriptions_that_match(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe({"name": "Other", "subscribe": 'event = "Other"'}, {})
    assert outcomes() == [("delivered", "Text", None)]
    subscribe({"name": "First text"}, SECOND)
    assert outcomes() == [("delivered", "First text", None), ("delivered", "Second text", None)]
    numbers = [str(request.path).rpartition("/")[2] for request in sandbox.requests]
    assert numbers == ["447700900123", "447700900123", "447700900456"]


def test_a_rejection_comes_before_a_delivery(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe({}, SECOND | {"mapping": {"to": "+447700900456"}})
    response = invoke("send_sms", EVENT)
    assert (response["outcome"], response["fields"]) == ("rejected", {"message": "is required"})
    assert len(sandbox.journal) == 1


def test_the_event_that_comes_again_sends_only_what_was_not_sent(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe({}, SECOND)
    sandbox.fail("status", path="456", status=503, body={"message": "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"})
    assert [one[:2] for one in outcomes()] == [("retry", "Second text"), ("delivered", "Text")]
    copy = "a copy of an event that was done before: this is what the first came to"
    assert outcomes() == [("delivered", "Text", copy), ("delivered", "Second text", None)]
    assert [effect.details["to"] for effect in sandbox.journal] == ["447700900123", "447700900456"]
