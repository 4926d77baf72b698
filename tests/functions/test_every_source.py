"""Every file of events/ as its source brings it to the real handler, against the sandbox over real HTTP."""

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.functions import ACTIONS, EXPECTATIONS, event_file, invoke, outcome_of
from tests.support.queued import dead_letters, drain

FILES = [(action, source) for action in ACTIONS for source in ("api_gateway", "eventbridge", "direct")]


def written(sandbox: Sandbox) -> list[str]:
    return [f"{request.method} {request.raw_path}" for request in sandbox.requests if request.method != "GET"]


@pytest.fixture(autouse=True)
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Some of the files bring a payload by EventBridge."""
    monkeypatch.setenv("ALLOW_PAYLOADS", "true")


@pytest.mark.parametrize(("action", "source"), FILES)
def test_an_event_ends_as_expected(sandbox: Sandbox, action: str, source: str) -> None:
    response = invoke(action, event_file(action, source))
    expected, outcome = EXPECTATIONS[f"{action}/{source}"], outcome_of(response)
    assert (outcome["outcome"], outcome["action"]) == (expected["outcome"], action)
    assert written(sandbox) == expected["requests"]
    assert response.get("statusCode", 200) == 200
    assert all(request.status in (200, 201, 202, 204, 404) for request in sandbox.requests)


@pytest.mark.parametrize("action", ACTIONS)
def test_a_message_ends_as_expected(aws: Aws, sandbox: Sandbox, action: str) -> None:
    aws.make_queues(action)
    assert invoke(action, event_file(action, "sqs")) == {"batchItemFailures": []}
    expected = EXPECTATIONS[f"{action}/sqs"]
    assert written(sandbox) == expected["requests"]
    assert (expected["outcome"] == "rejected") is bool(dead_letters(aws, action))


@pytest.mark.parametrize("source", ["api_gateway", "eventbridge", "sqs"])
def test_what_the_webhook_is_given_goes_through_the_queues_as_expected(aws: Aws, sandbox: Sandbox, source: str) -> None:
    aws.make_queues("segment_webhook", *ACTIONS)
    assert invoke("segment_webhook", event_file("segment_webhook", source)).get("statusCode", 200) == 200
    left = [drain(aws, action) for action in ACTIONS if aws.waiting(action)["visible"]]
    assert [messages for messages in left if messages] == []
    assert sorted(written(sandbox)) == EXPECTATIONS[f"segment_webhook/{source}"]["requests"]
