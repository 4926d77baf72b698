"""Which subscriptions an event goes to, and what a function answers for all of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.functions import Context, load_handler
from tests.support.segment import track

pytestmark = pytest.mark.usefixtures("environment")

TEXT = {
    "name": "Text",
    "action": "send_sms",
    "subscribe": 'event = "Send SMS"',
    "mapping": {"to": {"@path": "$.properties.phone"}, "message": {"@path": "$.properties.message"}},
}
EVENT = track("Send SMS", phone="+447700900123", message="Hello")
SECOND = {"name": "Second text", "mapping": {"to": "+447700900456", "message": "Second"}}


@pytest.fixture
def subscribe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    def write(*subscriptions: dict[str, Any]) -> None:
        path = tmp_path / "subscriptions.json"
        path.write_text(json.dumps([TEXT | subscription for subscription in subscriptions]), encoding="utf-8")
        monkeypatch.setenv("SUBSCRIPTIONS_PATH", str(path))

    return write


def invoke(event: dict[str, Any] | None = None) -> dict[str, Any]:
    return load_handler("send_sms")(event or EVENT, Context())


def short(answer: dict[str, Any]) -> tuple[str, str, str | None]:
    return answer["outcome"], answer["subscription"], answer.get("reason")


@pytest.mark.parametrize(
    ("subscription", "event", "reason"),
    [
        ({"subscribe": 'event = "Other"'}, EVENT, "the trigger does not match"),
        ({"enabled": False}, EVENT, "the subscription is disabled"),
        (
            {},
            EVENT | {"integrations": {"Dotdigital": False}},
            "the event's integrations object says no to Dotdigital",
        ),
    ],
)
def test_what_is_not_wanted_is_skipped(
    sandbox: Sandbox, subscribe: Any, subscription: dict[str, Any], event: dict[str, Any], reason: str
) -> None:
    subscribe(subscription)
    assert invoke(event) == {"outcome": "skipped", "action": "send_sms", "subscription": "Text", "reason": reason}
    assert sandbox.requests == ()


@pytest.mark.parametrize("integrations", [{"All": False}, {"Dotdigital": True}, {"Dotdigital": {"a": 1}}, []])
def test_any_other_integrations_are_no_refusal(subscribe: Any, sandbox: Sandbox, integrations: Any) -> None:
    subscribe({})
    assert invoke(EVENT | {"integrations": integrations})["outcome"] == "delivered"
    assert len(sandbox.journal) == 1


def test_without_a_subscription_of_the_action_the_event_is_skipped(subscribe: Any) -> None:
    subscribe({"action": "sendEmailCampaign"})
    assert short(invoke()) == ("skipped", "", "no subscription is for this action")


def test_the_one_that_matches_is_the_answer(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe({"name": "Other", "subscribe": 'event = "Other"'}, {})
    assert short(invoke()) == ("delivered", "Text", None)
    assert len(sandbox.journal) == 1


def test_two_that_match_are_both_delivered_and_both_answered(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe({}, SECOND)
    answer = invoke()
    assert [short(outcome) for outcome in answer["outcomes"]] == [
        ("delivered", "Text", None),
        ("delivered", "Second text", None),
    ]
    assert [call.path for call in sandbox.requests] == [
        "/v2/sms-messages/send-to/447700900123",
        "/v2/sms-messages/send-to/447700900456",
    ]


def test_a_rejection_is_answered_before_a_delivery(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe({}, SECOND | {"mapping": {"to": "+447700900456"}})
    answer = invoke()
    assert (answer["outcome"], answer["fields"]) == ("rejected", {"message": "is required"})
    assert len(sandbox.journal) == 1


def test_the_event_that_comes_again_sends_only_what_was_not_sent(subscribe: Any, sandbox: Sandbox) -> None:
    subscribe({}, SECOND)
    sandbox.fail("status", path="456", status=503, body={"message": "ERROR_SYSTEM_SERVICETEMPORARILYUNAVAILABLE"})
    answer = invoke()
    assert [short(outcome)[:2] for outcome in answer["outcomes"]] == [("retry", "Second text"), ("delivered", "Text")]
    copy = "a copy of an event that was done before: this is what the first came to"
    assert [short(outcome) for outcome in invoke()["outcomes"]] == [
        ("delivered", "Text", copy),
        ("delivered", "Second text", None),
    ]
    assert [effect.details["to"] for effect in sandbox.journal] == ["447700900123", "447700900456"]


def test_every_problem_of_the_file_stops_the_start(subscribe: Any) -> None:
    subscribe({"subscribe": "event ="}, {"action": "send_pigeon"}, {"mapping": {"to": {"@nope": 1}}})
    with pytest.raises(ValueError, match="subscriptions") as caught:
        invoke()
    message = str(caught.value)
    assert "subscriptions[0].subscribe: " in message
    assert "subscriptions[1].action: no action 'send_pigeon'" in message
    assert "subscriptions[2].mapping/to" in message
