"""Stack `shop`, not connected yet."""

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from cli.stack import Stack
from dev import SUBSCRIPTIONS_FILE
from dev.sandbox.server import PASSWORD, USERNAME, Sandbox
from tests.unit.cli.deployed import Deployed, function_environment


@pytest.fixture
def deployed(
    stack: Stack, httpserver: HTTPServer, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployed]:
    there = Deployed(stack, httpserver, sandbox.url)
    for name, value in function_environment(there, str(SUBSCRIPTIONS_FILE)).items():
        monkeypatch.setenv(name, value)
    yield there
    there.close()


@pytest.fixture
def environment_of_a_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API user of the sandbox, so that nobody is asked."""
    monkeypatch.setenv("DOTDIGITAL_USERNAME", USERNAME)
    monkeypatch.setenv("DOTDIGITAL_PASSWORD", PASSWORD)
