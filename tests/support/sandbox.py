"""The Dotdigital sandbox as pytest fixtures: one server for the session, reset before each test."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from local.sandbox.server import Sandbox


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    """The server itself; tests use `sandbox`, which starts clean."""
    with Sandbox() as server:
        yield server


@pytest.fixture
def sandbox(sandbox_server: Sandbox) -> Iterator[Sandbox]:
    """The sandbox as its seed makes it.

    The test fails at its end if a failure that it armed was not used, or if a route was called
    that Dotdigital does not have. `unexpected_calls` says so without failing.
    """
    sandbox_server.reset()
    yield sandbox_server
    problems = unmet_expectations(sandbox_server)
    if problems:
        pytest.fail("\n".join(problems))


def unmet_expectations(sandbox: Sandbox) -> list[str]:
    """What a test left open: armed failures that were not used, and calls to unknown routes."""
    unused = [
        f"armed failure {armed.id} was used {armed.used} times of {armed.failure.times or 1}: "
        f"{armed.failure.model_dump(mode='json', exclude_defaults=True)}"
        for armed in sandbox.failures
        if armed.pending
    ]
    unknown = [
        f"unexpected call: {record.method} {record.raw_path}" for record in sandbox.requests if record.unexpected
    ]
    return unused + unknown
