"""@flatten and @merge."""

from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

NEST = {"a": {"b": {"c": "deep", "n": None, "l": [1, {"x": 2}]}}, "k": "v", "e": {}, "f": []}


@pytest.mark.parametrize(
    ("omit", "expected"),
    [
        (False, {"a.b.c": "deep", "a.b.n": None, "a.b.l.0": 1, "a.b.l.1.x": 2, "k": "v"}),
        (True, {"a.b.c": "deep", "a.b.n": None, "a.b.l": [1, {"x": 2}], "k": "v", "f": []}),
        ("false", {"a.b.c": "deep", "a.b.n": None, "a.b.l": [1, {"x": 2}], "k": "v", "f": []}),
    ],
)
def test_keys_become_paths(resolved: Resolved, omit: bool | str, expected: dict[str, Any]) -> None:
    directive = {"@flatten": {"separator": ".", "value": {"@path": "nest"}, "omitArrays": omit}}
    assert resolved(directive, {"nest": NEST}) == {"v": expected}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ([[1, 2], [3]], {"0-0": 1, "0-1": 2, "1-0": 3}),
        ({"a-b": 1, "a": {"b": 2}}, {"a-b": 2}),
        ({"": {"a": 1}}, {"a": 1}),
        ("text", {"": "text"}),
        (None, {"": None}),
        ({"l": [{"@path": "gone"}, 1]}, {"l-1": 1}),
        ({"@path": "gone"}, {}),
    ],
)
def test_any_value_can_be_flattened(resolved: Resolved, value: Any, expected: dict[str, Any]) -> None:
    assert resolved({"@flatten": {"separator": "-", "value": value}}) == {"v": expected}


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ({"value": {}}, "/v/@flatten/separator: should be a text of 1 or more characters"),
        ({"separator": {"@path": "x"}, "value": {}}, "/v/@flatten/separator: should be a text but is a directive"),
        ({"separator": "."}, '/v/@flatten: needs "value"'),
        ("x", "/v/@flatten: should be an object of arguments but is a text"),
    ],
)
def test_arguments_of_flatten_are_checked(problems: Problems, argument: Any, expected: str) -> None:
    assert problems({"@flatten": argument}) == (expected,)


def test_a_value_nested_too_deep_fails(failure: Failure) -> None:
    deep: dict[str, Any] = {}
    for _ in range(300):
        deep = {"k": deep}
    found = failure({"@flatten": {"separator": ".", "value": {"@path": "deep"}}}, {"deep": deep})
    assert found == ("/v/@flatten", "the value is nested deeper than 200")


@pytest.mark.parametrize(
    ("direction", "expected"),
    [("right", {"a": 2, "b": None, "c": 3}), ("left", {"a": 1, "b": 1, "c": 3}), ("LEFT", {"a": 1, "b": 1, "c": 3})],
)
def test_the_direction_says_who_wins(resolved: Resolved, direction: str, expected: dict[str, Any]) -> None:
    objects = [{"a": 1, "b": 1}, {"@path": "later"}]
    directive = {"@merge": {"direction": direction, "objects": objects}}
    assert resolved(directive, {"later": {"a": 2, "b": None, "c": 3}}) == {"v": expected}


def test_what_is_not_there_takes_nothing_away(resolved: Resolved) -> None:
    directive = {"@merge": {"direction": "right", "objects": [{"a": 1}, {"a": {"@path": "gone"}}]}}
    assert resolved(directive) == {"v": {"a": 1}}


def test_members_are_not_merged_in_depth(resolved: Resolved) -> None:
    directive = {"@merge": {"direction": "right", "objects": [{"a": {"x": 1, "y": 1}}, {"a": {"x": 2}}]}}
    assert resolved(directive) == {"v": {"a": {"x": 2}}}


@pytest.mark.parametrize(
    ("value", "expected"),
    [(None, {}), (5, {}), (True, {}), ("ab", {"0": "a", "1": "b"}), (["x", None], {"0": "x", "1": None})],
)
def test_what_is_no_object_adds_its_parts(resolved: Resolved, value: Any, expected: dict[str, Any]) -> None:
    directive = {"@merge": {"direction": "right", "objects": [{"@path": "x"}]}}
    assert resolved(directive, {"x": value}) == {"v": expected}


def test_the_event_is_not_merged_into(resolved: Resolved) -> None:
    event = {"x": {"a": 1}}
    directive = {"@merge": {"direction": "right", "objects": [{"@path": "x"}, {"b": 2}]}}
    assert resolved(directive, event) == {"v": {"a": 1, "b": 2}}
    assert event == {"x": {"a": 1}}


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ({"objects": []}, "/v/@merge/direction: should be one of left, right"),
        ({"direction": "up", "objects": []}, "/v/@merge/direction: should be one of left, right"),
        ({"direction": "left"}, "/v/@merge/objects: should be a list but is null"),
        (
            {"direction": "left", "objects": [{}, 5]},
            "/v/@merge/objects/1: should be an object or a directive but is a number",
        ),
        (1, "/v/@merge: should be an object of arguments but is a number"),
    ],
)
def test_arguments_of_merge_are_checked(problems: Problems, argument: Any, expected: str) -> None:
    assert problems({"@merge": argument}) == (expected,)
