"""What the `sandbox` fixture fails a test for."""

from typing import Any

from dev.sandbox.server import Sandbox
from tests.support.sandbox import off_contract, unmet_expectations

UNKNOWN = ["GET /v2/lists: the contract does not know this request"]


def test_nothing_is_left_open_by_itself(sandbox: Sandbox, api: Any) -> None:
    api("GET", "/v2/programs")
    assert (unmet_expectations(sandbox.failures), off_contract(sandbox.requests)) == ([], [])


def test_an_armed_failure_that_is_not_used_up(sandbox: Sandbox, api: Any) -> None:
    sandbox.fail("status", status=503, times=2, path="programs")
    sandbox.fail("drop_before", times=None, path="email")
    api("GET", "/v2/programs")
    assert unmet_expectations(sandbox.failures) == [
        "armed failure 1 was used 1 times of 2: "
        "{'action': 'status', 'match': {'path': 'programs'}, 'times': 2, 'status': 503}",
        "armed failure 2 was used 0 times of 1: {'action': 'drop_before', 'match': {'path': 'email'}, 'times': None}",
    ]
    sandbox.reset()


def test_a_call_that_dotdigital_does_not_have(sandbox: Sandbox, api: Any) -> None:
    api("GET", "/v2/lists?select=1")
    assert [off_contract(sandbox.requests, excused) for excused in ("none", "refused", "all")] == [UNKNOWN, [], []]
    sandbox.reset()


def test_a_call_that_should_have_been_refused_is_excused_only_where_that_is_said(sandbox: Sandbox, api: Any) -> None:
    assert api("POST", "/v2/programs/enrolments", {"programId": "501", "contacts": [1001]})[0] == 201
    wrong = ["POST /v2/programs/enrolments: body.programid: '501' is not of type 'integer'"]
    assert [off_contract(sandbox.requests, excused) for excused in ("none", "refused", "all")] == [wrong, wrong, []]
    sandbox.reset()
