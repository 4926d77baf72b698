"""Recorded results of Segment's mappings, each met or listed in differences.json.

A listed case that starts to match, or another that stops, fails: nothing drifts in silence.
"""

import json
from typing import Any

import pytest

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping
from tests.support.compatibility import different_cases, recorded_cases

CASES = recorded_cases("mapping")
ERROR = object()
DIFFERENT = different_cases("mapping")


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


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_gives_what_segment_gives_unless_listed(case: dict[str, Any]) -> None:
    before = json.dumps(case["event"])
    assert same(outcome(case), expected(case)) is (case["name"] not in DIFFERENT)
    assert json.dumps(case["event"]) == before
