"""@flatten, @merge and @transform, and the root directive, which is a @transform written apart."""

from typing import Any

import pytest

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping
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


ROOT = "__segment_internal_directive"
EVENT = {"userId": "u-9", "json": '{"a":[1,{"b":null}]}', "list": [{"n": 1}, "loose"]}


def test_the_second_step_sees_what_the_first_gives(resolved: Resolved) -> None:
    apply = {"j": {"@json": {"mode": "decode", "value": {"@path": "json"}}}}
    directive = {"@transform": {"apply": apply, "mapping": {"one": {"@path": "j.a[0]"}, "u": {"@path": "userId"}}}}
    assert resolved(directive, EVENT) == {"v": {"one": 1}}


@pytest.mark.parametrize(
    ("apply", "expected"),
    [({"@path": "userId"}, 3), ({"@path": "list"}, 2), ({"@literal": {"length": 7}}, 7)],
)
def test_the_first_step_may_give_any_value(resolved: Resolved, apply: dict[str, Any], expected: int) -> None:
    directive = {"@transform": {"apply": apply, "mapping": {"n": {"@path": "length"}}}}
    assert resolved(directive, EVENT) == {"v": {"n": expected}}


def test_the_first_step_may_give_nothing(resolved: Resolved) -> None:
    directive = {"@transform": {"apply": {"@path": "gone"}, "mapping": {"n": {"@path": "length"}, "k": 1}}}
    assert resolved(directive, EVENT) == {"v": {"k": 1}}


def test_holes_in_lists_are_nothing_until_the_end(resolved: Resolved) -> None:
    apply = {"l": [{"@path": "gone"}, 1]}
    mapping = {"first": {"@path": "l[0]"}, "list": {"@path": "l"}}
    assert resolved({"@transform": {"apply": apply, "mapping": mapping}}) == {"v": {"list": [None, 1]}}


def test_an_item_that_is_no_object_cannot_be_transformed(failure: Failure) -> None:
    shape: dict[str, Any] = {"x": {"@transform": {"apply": {}, "mapping": {}}}}
    found = failure({"@arrayPath": ["list", shape]}, EVENT)
    assert found == ("/v/@arrayPath/1/x/@transform", "the root should be an object but is a text")


def test_an_item_that_is_not_there_is_transformed_as_an_empty_object(resolved: Resolved) -> None:
    shape = {"x": {"@transform": {"apply": {}, "mapping": {"k": 1}}}}
    assert resolved({"@arrayPath": [{"@literal": [{"@path": "gone"}]}, shape]}) == {"v": [{"x": {"k": 1}}]}


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ({"mapping": {}}, "/v/@transform/apply: should be an object or a directive but is null"),
        ({"apply": "x", "mapping": {}}, "/v/@transform/apply: should be an object or a directive but is a text"),
        ({"apply": {}}, "/v/@transform/mapping: should be an object or a directive but is null"),
        ([], "/v/@transform: should be an object of arguments but is a list"),
    ],
)
def test_arguments_of_transform_are_checked(problems: Problems, argument: Any, expected: str) -> None:
    assert problems({"@transform": argument}) == (expected,)


def test_a_step_that_doubles_its_value_again_and_again_is_stopped(failure: Failure) -> None:
    directive: dict[str, Any] = {"a": {"@path": ""}, "b": {"@path": ""}}
    for _ in range(30):
        directive = {"@transform": {"apply": directive, "mapping": {"a": {"@path": ""}, "b": {"@path": ""}}}}
    path, reason = failure(directive, EVENT)
    assert path.startswith("/v/@transform")
    assert reason == "the mapping takes more than 250000 steps"


def test_the_root_directive_is_given_the_other_keys() -> None:
    mapping = {ROOT: {"@transform": {"apply": {"u": {"@path": "userId"}}}}, "id": {"@path": "u"}, "raw": [1]}
    assert compile_mapping(mapping)(EVENT) == {"id": "u-9", "raw": [1]}


def test_the_root_directive_of_a_first_step(resolved: Resolved) -> None:
    apply = {ROOT: {"@transform": {"apply": {"u": {"@path": "userId"}}}}, "id": {"@path": "u"}}
    assert resolved({"@transform": {"apply": apply, "mapping": {"@path": ""}}}, EVENT) == {"v": {"id": "u-9"}}


def test_any_directive_may_stand_at_the_root_and_leaves_the_other_keys_unread() -> None:
    mapping = {ROOT: {"@merge": {"direction": "right", "objects": [{"a": 1}]}}, "b": 2}
    assert compile_mapping(mapping)({}) == {"a": 1}


def test_a_list_of_arguments_at_the_root() -> None:
    mapping = {ROOT: {"@arrayPath": ["list"]}, "b": 2}
    with pytest.raises(MappingResolutionError, match="the mapping should give an object but gives a list"):
        compile_mapping(mapping)(EVENT)


def test_problems_under_the_root_directive_have_the_paths_of_the_other_keys() -> None:
    mapping = {ROOT: {"@transform": {"apply": {}}}, "out": {"@case": {"operator": "lower", "value": 5}}}
    with pytest.raises(MappingError) as error:
        compile_mapping(mapping)
    assert error.value.problems == ("/out/@case/value: should be a text or a directive but is a number",)


@pytest.mark.parametrize("holder", [None, "ab", 5, [], {}, {"@transform": {}, "@path": "x"}])
def test_a_root_directive_stands_alone(holder: Any) -> None:
    with pytest.raises(MappingError) as error:
        compile_mapping({ROOT: holder, "out": 1})
    expected = f"/{ROOT}: should be an object with one directive in it and nothing else"
    assert error.value.problems == (expected,)


def test_a_root_directive_needs_arguments() -> None:
    with pytest.raises(MappingError) as error:
        compile_mapping({ROOT: {"@path": "x"}, "out": 1})
    expected = f"/{ROOT}/@path: should be an object of arguments but is a text"
    assert error.value.problems == (expected,)
