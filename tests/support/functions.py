"""The functions as Lambda runs them: their own folder's app.py, started anew, with a context that has time left."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from delivery.action import action_names
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, SECRET, Aws

PROJECT = Path(__file__).parents[2]
DOORS = ("api_gateway", "eventbridge", "direct")
Handler = Callable[[dict[str, Any], Any], dict[str, Any]]


class Context:
    """The part of Lambda's context that the functions read."""

    def __init__(self, remaining_seconds: float = 30) -> None:
        self._remaining_seconds = remaining_seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._remaining_seconds * 1000)


def action_folders() -> tuple[str, ...]:
    return action_names()


def load_handler(action: str) -> Handler:
    """Start a function: import its app.py as a module of its own."""
    specification = importlib.util.spec_from_file_location(f"{action}_app", PROJECT / "functions" / action / "app.py")
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    with pytest.MonkeyPatch.context() as lambda_runtime:
        lambda_runtime.setenv("AWS_LAMBDA_FUNCTION_NAME", action)
        specification.loader.exec_module(module)
    return cast("Handler", module.handler)


def event_file(action: str, door: str) -> dict[str, Any]:
    content: dict[str, Any] = json.loads((PROJECT / "events" / action / f"{door}.json").read_text(encoding="utf-8"))
    return content


def outcome_of(answer: dict[str, Any]) -> dict[str, Any]:
    """The outcome in an answer, whichever door gave it."""
    content: dict[str, Any] = json.loads(answer["body"]) if "body" in answer else answer
    return content


@pytest.fixture
def environment(aws: Aws, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function's environment: the secret of the sandbox's account, and the subscriptions as they ship."""
    aws.put_secret(SECRET | {"username": sandbox.username, "password": sandbox.password})
    aws.make_sends_table()
    for name, value in {
        **ENVIRONMENT,
        "DOTDIGITAL_BASE_URL": sandbox.url,
        "SUBSCRIPTIONS_PATH": str(PROJECT / "layers/subscriptions/subscriptions.json"),
        "POWERTOOLS_SERVICE_NAME": "segment-dotdigital",
        "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
    }.items():
        monkeypatch.setenv(name, value)
