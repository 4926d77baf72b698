"""Recorded decisions of Segment's triggers, each matched or listed in differences.json.

A listed case that starts to match, or another that stops, fails: nothing drifts in silence.
"""

from typing import Any

import pytest

from segment_events.fql import TriggerError, compile_trigger
from tests.support.compatibility import LEDGER, different_cases, recorded_cases

CASES = recorded_cases("fql")
DIFFERENT = different_cases("triggers")
REFUSED = LEDGER["refused triggers"]


def outcome(case: dict[str, Any]) -> bool | str:
    """True, false, or the first problem of a trigger that is refused when it is loaded."""
    try:
        return compile_trigger(case["fql"])(case["event"])
    except TriggerError as error:
        return error.problems[0]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_matches_as_segment_does_unless_listed(case: dict[str, Any]) -> None:
    ours = outcome(case) is True
    assert ours is (case["matches"] is not (case["name"] in DIFFERENT))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_is_refused_only_if_listed(case: dict[str, Any]) -> None:
    found = outcome(case)
    told = found.split(":")[0] if isinstance(found, str) else None
    assert told == REFUSED.get(case["name"])
