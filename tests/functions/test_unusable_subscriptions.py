"""A subscription that cannot be used stops itself: its events wait, all others go on, and logs and a metric name it."""

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import Context, invoke, load_handler, outcomes, request
from tests.support.queued import dead_letters, deliver
from tests.support.segment import rest_event, signature, track, written

GOOD = {
    "name": "Good",
    "action": "send_sms",
    "subscribe": 'event = "Send SMS"',
    "mapping": {"to": {"@path": "$.properties.phone"}, "message": "Good"},
}
ENROL = {"name": "Enrol", "action": "enrol_contact", "subscribe": 'event = "Send SMS"'}
EVENT = track("Send SMS", phone="+447700900123") | {"messageId": "m-1"}
WAITS = "the subscription cannot be used until it is mended: "
WRONG_MAPPING = "mapping/to: @pth is no directive; did you mean @path?"
WRONG: dict[str, tuple[dict[str, Any], str]] = {
    "mapping": ({"name": "Wrong", "mapping": {"to": {"@pth": "$.x"}}}, WRONG_MAPPING),
    "enabled": ({"name": "Wrong", "enabled": "no!"}, "enabled: Input should be a valid boolean"),
    "key": ({"name": "Wrong", "enable": False}, "enable: is not a key of a subscription; did you mean enabled?"),
}
"""Of these it can be read which events they want."""
UNKNOWN: dict[str, tuple[dict[str, Any], str, str]] = {
    "trigger": ({"name": "Wrong", "subscribe": "event ="}, "Wrong", "subscribe: column 8: expected a value"),
    "action": ({"name": "Wrong", "action": "sendSmss"}, "Wrong", "action: no action 'sendSmss'; did you mean sendSms?"),
    "name": ({"name": ""}, "subscriptions[1]", "name: String should have at least 1 character"),
}
"""Of these it cannot."""


@pytest.fixture(autouse=True)
def queues(aws: Aws) -> None:
    aws.make_queues("segment_webhook", "send_sms", "enrol_contact")


@pytest.fixture
def beside_good(subscribe: Callable[..., object]) -> Callable[..., object]:
    """Writes subscriptions that differ from GOOD as they say, beside GOOD."""
    return lambda *entries: subscribe(GOOD, *(GOOD | entry for entry in entries))


def post() -> tuple[int, dict[str, Any]]:
    return request("segment_webhook", rest_event(EVENT, "/segment", headers={"X-Signature": signature(written(EVENT))}))


def queued(aws: Aws, action: str = "send_sms") -> list[str]:
    return [json.loads(record["body"])["subscription"] for record in aws.receive_all(action)]


def sent(sandbox: Sandbox) -> list[str]:
    return [str(effect.details["message"]) for effect in sandbox.journal if effect.effect == "sms_sent"]


@pytest.mark.parametrize("wrong", WRONG)
def test_the_webhook_queues_its_events_with_those_of_the_others(
    aws: Aws, beside_good: Callable[..., object], wrong: str
) -> None:
    beside_good(WRONG[wrong][0], ENROL)
    assert post() == (200, {"events": 1, "queued": {"send_sms": 2, "enrol_contact": 1}, "skipped": 0, "rejected": 0})
    assert (sorted(queued(aws)), queued(aws, "enrol_contact")) == (["Good", "Wrong"], ["Enrol"])


@pytest.mark.parametrize("wrong", WRONG)
def test_the_action_delivers_the_others_and_tries_its_events_again_until_it_is_mended(
    aws: Aws, sandbox: Sandbox, beside_good: Callable[..., object], wrong: str
) -> None:
    beside_good(WRONG[wrong][0], ENROL)
    waiting = {"subscription": "Wrong", "event": EVENT}
    assert deliver(aws, "send_sms", waiting, {"subscription": "Good", "event": EVENT}) == [json.dumps(waiting)]
    assert (sent(sandbox), dead_letters(aws, "send_sms")) == (["Good"], [])
    beside_good({"name": "Wrong", "mapping": {"to": "+447700900123", "message": "Mended"}})
    assert deliver(aws, "send_sms", waiting) == []
    assert sent(sandbox) == ["Good", "Mended"]


@pytest.mark.parametrize("wrong", WRONG)
def test_on_the_direct_route_its_event_is_to_come_again_and_the_others_are_delivered_once(
    sandbox: Sandbox, beside_good: Callable[..., object], wrong: str
) -> None:
    entry, problem = WRONG[wrong]
    beside_good(entry, ENROL)
    [waiting, good] = outcomes("send_sms", EVENT)
    assert waiting[:2] == ("retry", "Wrong")
    assert str(waiting[2]).startswith(WAITS + problem)
    assert good == ("delivered", "Good", None)
    status, content = request("send_sms", rest_event(EVENT))
    assert (status, content["outcome"], content["subscription"]) == (503, "retry", "Wrong")
    assert sent(sandbox) == ["Good"]


@pytest.mark.parametrize("wrong", UNKNOWN)
def test_where_it_is_not_known_which_events_it_wants_the_others_go_on(
    aws: Aws, sandbox: Sandbox, beside_good: Callable[..., object], wrong: str
) -> None:
    beside_good(UNKNOWN[wrong][0])
    assert post() == (200, {"events": 1, "queued": {"send_sms": 1}, "skipped": 0, "rejected": 0})
    assert queued(aws) == ["Good"]
    assert outcomes("send_sms", EVENT) == [("delivered", "Good", None)]
    assert sent(sandbox) == ["Good"]


@pytest.mark.parametrize("wrong", ["trigger", "action"])
def test_what_waits_for_it_since_before_waits_on(
    aws: Aws, sandbox: Sandbox, beside_good: Callable[..., object], wrong: str
) -> None:
    beside_good(UNKNOWN[wrong][0])
    assert len(deliver(aws, "send_sms", {"subscription": "Wrong", "event": EVENT})) == 1
    assert (sandbox.requests, dead_letters(aws, "send_sms")) == ((), [])


def test_subscriptions_of_one_name_wait_under_names_of_their_own_and_stop_no_other(
    aws: Aws, sandbox: Sandbox, beside_good: Callable[..., object]
) -> None:
    beside_good({"name": "Twice"}, {"name": "Twice", "mapping": {"to": "+447700900456", "message": "Other"}})
    post()
    assert sorted(queued(aws)) == ["Good", "Twice", "Twice (2)"]
    assert [outcome[:2] for outcome in outcomes("send_sms", EVENT)] == [
        ("retry", "Twice"),
        ("retry", "Twice (2)"),
        ("delivered", "Good"),
    ]
    assert sent(sandbox) == ["Good"]


class Told:
    """What logs and metrics say of subscriptions that cannot be used."""

    def __init__(self, capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> None:
        self._capsys = capsys
        self._caplog = caplog

    def now(self) -> tuple[list[tuple[str, list[str]]], list[float]]:
        """Each that was logged since the last time, with what is to be mended, and the values of the metric."""
        records = [record for record in self._caplog.records if record.getMessage() == "a subscription cannot be used"]
        assert {record.levelname for record in records} <= {"ERROR"}
        named = [(vars(record)["subscription"], vars(record)["problems"]) for record in records]
        self._caplog.clear()
        lines = [json.loads(line) for line in self._capsys.readouterr().out.splitlines() if line.startswith("{")]
        return named, [value for line in lines for value in line.get("SubscriptionUnusable", [])]


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture) -> Told:
    return Told(capsys, caplog)


@pytest.mark.parametrize("function", ["segment_webhook", "send_sms"])
@pytest.mark.parametrize(
    "wrong", [*((entry, "Wrong", problem) for entry, problem in WRONG.values()), *UNKNOWN.values()]
)
def test_logs_and_a_metric_name_it_at_the_start_and_with_each_invocation(
    beside_good: Callable[..., object], told: Told, function: str, wrong: tuple[dict[str, Any], str, str]
) -> None:
    entry, name, problem = wrong
    beside_good(entry)
    handler = load_handler(function)
    for _ in range(2):
        [(subscription, [text])], metrics = told.now()
        assert (subscription, text[: len(problem)], metrics) == (name, problem, [1.0])
        handler(EVENT, Context())


def test_a_function_names_those_of_other_actions_no_more_than_it_must(
    beside_good: Callable[..., object], told: Told
) -> None:
    beside_good(WRONG["mapping"][0] | {"action": "enrol_contact"}, UNKNOWN["action"][0] | {"name": "Of nobody"})
    load_handler("send_sms")
    named, metrics = told.now()
    assert ([name for name, _ in named], metrics) == (["Of nobody"], [1.0])
    load_handler("segment_webhook")
    named, metrics = told.now()
    assert ([name for name, _ in named], metrics) == (["Wrong", "Of nobody"], [2.0])


def test_where_all_can_be_used_nothing_is_told(beside_good: Callable[..., object], told: Told) -> None:
    beside_good(ENROL)
    for function in ("segment_webhook", "send_sms"):
        invoke(function, EVENT)
    assert told.now() == ([], [])


@pytest.mark.parametrize("content", ["{", '{"subscriptions": {}}', ""])
@pytest.mark.parametrize("function", ["segment_webhook", "send_sms"])
@pytest.mark.usefixtures("subscribe")
def test_a_file_that_is_no_list_of_subscriptions_stops_the_functions(function: str, content: str) -> None:
    Path(os.environ["SUBSCRIPTIONS_PATH"]).write_text(content)
    with pytest.raises(ValueError, match=r"subscriptions\.json cannot be read: "):
        load_handler(function)
