"""Recorded decisions of Segment's triggers, each matched or listed in docs/compatibility.

A listed case that starts to match, or another that stops, fails: nothing drifts in silence.
"""

import re
from typing import Any

import pytest

from segment_events.fql import TriggerError, compile_trigger
from tests.support.compatibility import listed, recorded_cases, rows
from tests.support.functions import PROJECT

CASES = recorded_cases("fql")
ROWS = rows(listed("Triggers"))
DIFFERENT = {row[0]: row[1:] for row in ROWS if len(row) == 4}
REFUSED = {row[0]: row[1] for row in ROWS if len(row) == 2}


def outcome(case: dict[str, Any]) -> bool | str:
    """True, false, or the first problem of a trigger that is refused when it is loaded."""
    try:
        return compile_trigger(case["fql"])(case["event"])
    except TriggerError as error:
        return error.problems[0]


def test_case_names_are_unique() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_matches_as_segment_does_unless_listed(case: dict[str, Any]) -> None:
    ours = outcome(case) is True
    assert ours is (case["matches"] is not (case["name"] in DIFFERENT))


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_is_refused_only_if_listed(case: dict[str, Any]) -> None:
    found = outcome(case)
    told = found.split(":")[0] if isinstance(found, str) else None
    assert told == REFUSED.get(case["name"])


def test_only_recorded_cases_are_listed() -> None:
    assert (DIFFERENT.keys() | REFUSED.keys()) <= {case["name"] for case in CASES}
    assert DIFFERENT


@pytest.mark.parametrize("name", DIFFERENT)
def test_every_difference_names_its_fault_and_a_test_of_ours(name: str) -> None:
    fault, what_we_do, test = DIFFERENT[name]
    assert re.fullmatch(r"[A-Z]\d+", fault)
    assert what_we_do.endswith(".")
    file, _, function = test.strip("`").partition("::")
    assert f"def {function}(" in (PROJECT / file).read_text(encoding="utf-8")
