"""Every file of events/ through its door into the real handler, against the sandbox over real HTTP."""

import json

import pytest

from local.sandbox.server import Sandbox
from tests.support.functions import DOORS, PROJECT, Context, action_folders, event_file, load_handler, outcome_of

EXPECTATIONS = json.loads((PROJECT / "events/expectations.json").read_text(encoding="utf-8"))
FILES = [(action, door) for action in action_folders() for door in DOORS]


def test_every_file_has_an_expectation() -> None:
    assert sorted(EXPECTATIONS) == sorted(f"{action}/{door}" for action, door in FILES)


@pytest.mark.usefixtures("environment")
@pytest.mark.parametrize(("action", "door"), FILES)
def test_an_event_ends_as_expected(sandbox: Sandbox, action: str, door: str) -> None:
    answer = load_handler(action)(event_file(action, door), Context())
    expected = EXPECTATIONS[f"{action}/{door}"]
    outcome = outcome_of(answer)
    written = [f"{call.method} {call.raw_path}" for call in sandbox.requests if call.method != "GET"]
    assert (outcome["outcome"], outcome["action"], written) == (expected["outcome"], action, expected["requests"])
    assert answer.get("statusCode", 200) == 200
    assert all(call.status is not None and call.status < 300 for call in sandbox.requests)
