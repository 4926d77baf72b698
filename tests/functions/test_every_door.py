"""Every file of events/ through its door into the real handler, against the sandbox over real HTTP."""

import json

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import DOORS, PROJECT, Context, action_folders, event_file, load_handler, outcome_of
from tests.support.queued import dead_letters, invoke

WEBHOOK_DOORS = ("api_gateway", "eventbridge", "sqs")
EXPECTATIONS = json.loads((PROJECT / "events/expectations.json").read_text(encoding="utf-8"))
FILES = [(action, door) for action in action_folders() for door in DOORS]
OF_QUEUES = [*((action, "sqs") for action in action_folders()), *(("segment_webhook", door) for door in WEBHOOK_DOORS)]


def test_every_file_has_an_expectation() -> None:
    assert sorted(EXPECTATIONS) == sorted(f"{function}/{door}" for function, door in [*FILES, *OF_QUEUES])


def written(sandbox: Sandbox) -> list[str]:
    return [f"{call.method} {call.raw_path}" for call in sandbox.requests if call.method != "GET"]


@pytest.fixture(autouse=True)
def allowed(environment: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of the files bring a payload by EventBridge."""
    monkeypatch.setenv("ALLOW_PAYLOADS", "true")


@pytest.mark.parametrize(("action", "door"), FILES)
def test_an_event_ends_as_expected(sandbox: Sandbox, action: str, door: str) -> None:
    answer = load_handler(action)(event_file(action, door), Context())
    expected = EXPECTATIONS[f"{action}/{door}"]
    outcome = outcome_of(answer)
    assert (outcome["outcome"], outcome["action"]) == (expected["outcome"], action)
    assert written(sandbox) == expected["requests"]
    assert answer.get("statusCode", 200) == 200
    assert all(call.status in (200, 201, 202, 204, 404) for call in sandbox.requests)


@pytest.mark.parametrize("action", action_folders())
def test_a_message_ends_as_expected(aws: Aws, sandbox: Sandbox, action: str) -> None:
    aws.make_queues(action)
    assert load_handler(action)(event_file(action, "sqs"), Context()) == {"batchItemFailures": []}
    expected = EXPECTATIONS[f"{action}/sqs"]
    assert written(sandbox) == expected["requests"]
    assert (expected["outcome"] == "rejected") is bool(dead_letters(aws, action))


@pytest.mark.parametrize("door", WEBHOOK_DOORS)
def test_what_the_webhook_is_given_goes_through_the_queues_as_expected(aws: Aws, sandbox: Sandbox, door: str) -> None:
    aws.make_queues("segment_webhook", *action_folders())
    answer = load_handler("segment_webhook")(event_file("segment_webhook", door), Context())
    assert answer.get("statusCode", 200) == 200
    left = [invoke(aws, action) for action in action_folders() if aws.waiting(action)["visible"]]
    assert [messages for messages in left if messages] == []
    assert sorted(written(sandbox)) == EXPECTATIONS[f"segment_webhook/{door}"]["requests"]
