"""What the `sandbox` fixture fails a test for."""

from __future__ import annotations

from typing import Any

from local.sandbox.server import Sandbox
from tests.support.sandbox import unmet_expectations


def test_nothing_is_left_open_by_itself(sandbox: Sandbox, api: Any) -> None:
    api("GET", "/v2/programs")
    assert unmet_expectations(sandbox) == []


def test_an_armed_failure_that_is_not_used_up(sandbox: Sandbox, api: Any) -> None:
    sandbox.fail("status", status=503, times=2, path="programs")
    sandbox.fail("drop_before", times=None, path="email")
    api("GET", "/v2/programs")
    assert unmet_expectations(sandbox) == [
        "armed failure 1 was used 1 times of 2: "
        "{'action': 'status', 'match': {'path': 'programs'}, 'times': 2, 'status': 503}",
        "armed failure 2 was used 0 times of 1: {'action': 'drop_before', 'match': {'path': 'email'}, 'times': None}",
    ]
    sandbox.reset()


def test_a_call_to_a_route_that_dotdigital_does_not_have(sandbox: Sandbox, api: Any) -> None:
    api("GET", "/v2/lists?select=1")
    assert unmet_expectations(sandbox) == ["unexpected call: GET /v2/lists?select=1"]
    sandbox.reset()
