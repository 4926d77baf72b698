"""Recorded results of Segment's mappings, each met or listed in docs/compatibility.

A listed case that starts to match, or another that stops, fails: nothing drifts in silence.
"""

import json
import re
from typing import Any

import pytest

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping
from tests.support.compatibility import listed, recorded_cases, rows
from tests.support.functions import PROJECT

CASES = recorded_cases("mapping")
RECORDED, _, OTHERS = listed("Mapping").partition("\n### Other differences\n")
ERROR = object()
DIFFERENT = {row[0]: row[1:] for row in rows(RECORDED)}


def outcome(case: dict[str, Any]) -> Any:
    """What our mapping makes of the event, or ERROR."""
    try:
        return compile_mapping(case["mapping"])(case["event"])
    except (MappingError, MappingResolutionError):
        return ERROR


def expected(case: dict[str, Any]) -> Any:
    """What Segment's makes of it, in JSON: what is not there is null in a list."""
    return ERROR if "error" in case else in_json(case["output"])


def in_json(value: Any) -> Any:
    if value == {"$undefined": True}:
        return None
    if isinstance(value, dict):
        return {key: in_json(member) for key, member in value.items()}
    return [in_json(item) for item in value] if isinstance(value, list) else value


def same(ours: Any, theirs: Any) -> bool:
    """Equal, true being no 1 and false no 0."""
    return ours is theirs or (
        ERROR not in (ours, theirs) and json.dumps(ours, sort_keys=True) == json.dumps(theirs, sort_keys=True)
    )


def test_case_names_are_unique() -> None:
    assert len({case["name"] for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_gives_what_segment_gives_unless_listed(case: dict[str, Any]) -> None:
    before = json.dumps(case["event"])
    assert same(outcome(case), expected(case)) is (case["name"] not in DIFFERENT)
    assert json.dumps(case["event"]) == before


def test_only_recorded_cases_are_listed() -> None:
    assert DIFFERENT.keys() <= {case["name"] for case in CASES}
    assert DIFFERENT


@pytest.mark.parametrize(("fault", "what_we_do", "test"), [row[1:] for row in rows(RECORDED) + rows(OTHERS)])
def test_every_difference_names_its_fault_and_a_test_of_ours(fault: str, what_we_do: str, test: str) -> None:
    assert re.fullmatch(r"M\d+", fault)
    assert what_we_do.endswith(".")
    file, _, function = test.strip("`").partition("::")
    assert f"def {function}(" in (PROJECT / file).read_text(encoding="utf-8")
