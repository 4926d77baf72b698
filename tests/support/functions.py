"""The functions as Lambda runs them: their own folder's app.py, started anew, with a context that has time left."""

import importlib.util
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, cast

import pytest

from delivery.action import action_names
from dev import PROJECT, SUBSCRIPTIONS_FILE
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, SECRET, Aws

ACTIONS = action_names()
EXPECTATIONS = json.loads((PROJECT / "events/expectations.json").read_text(encoding="utf-8"))
"""What each file of events/ comes to: the outcome, and the requests to Dotdigital that are not mere reads."""
Handler = Callable[[Any, Any], dict[str, Any]]


class Context:
    """The part of Lambda's context that the functions read."""

    def __init__(self, remaining_seconds: float = 30) -> None:
        self._remaining_seconds = remaining_seconds

    def get_remaining_time_in_millis(self) -> int:
        return int(self._remaining_seconds * 1000)


def load_handler(function: str) -> Handler:
    """Start a function: import its app.py as a module of its own."""
    path = PROJECT / "functions" / function / "app.py"
    specification = importlib.util.spec_from_file_location(f"{function}_app", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    with pytest.MonkeyPatch.context() as lambda_runtime:
        lambda_runtime.setenv("AWS_LAMBDA_FUNCTION_NAME", function)
        specification.loader.exec_module(module)
    return cast("Handler", module.handler)


def invoke(function: str, event: Any, seconds: float = 30) -> dict[str, Any]:
    """The response of a function that was started anew and has so many seconds."""
    return load_handler(function)(event, Context(seconds))


def request(function: str, event: Any, seconds: float = 30) -> tuple[int, Any]:
    """The status of the response to an HTTP request, and what its body says."""
    return http_response(invoke(function, event, seconds))


def http_response(response: dict[str, Any]) -> tuple[int, Any]:
    """The status of a response, and what its body says."""
    return response["statusCode"], json.loads(response["body"])


def outcome_of(response: dict[str, Any]) -> dict[str, Any]:
    """The outcome in a response, whichever source it is for."""
    content: dict[str, Any] = json.loads(response["body"]) if "body" in response else response
    return content


def event_file(function: str, name: str) -> dict[str, Any]:
    """The content of a file in events/."""
    content: dict[str, Any] = json.loads((PROJECT / "events" / function / f"{name}.json").read_text(encoding="utf-8"))
    return content


def variables(dotdigital_url: str, subscriptions: Path = SUBSCRIPTIONS_FILE) -> dict[str, str]:
    """The variables that the template gives a function."""
    return {
        **ENVIRONMENT,
        "DOTDIGITAL_BASE_URL": dotdigital_url,
        "SUBSCRIPTIONS_PATH": str(subscriptions),
        "POWERTOOLS_SERVICE_NAME": "segment-dotdigital",
        "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
    }


def outcomes(function: str, event: Any) -> list[tuple[str, str, str | None]]:
    """The kind, the subscription and the reason of each outcome of a direct invoke."""
    response = invoke(function, event)
    return [(one["outcome"], one["subscription"], one.get("reason")) for one in response.get("outcomes", [response])]


@pytest.fixture
def environment(aws: Aws, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    """A function's environment: the secret of the sandbox's account, and the subscriptions as they ship."""
    aws.put_secret(SECRET)
    aws.make_sends_table()
    for name, value in variables(sandbox.url).items():
        monkeypatch.setenv(name, value)
