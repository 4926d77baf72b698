"""@transform, and the root directive that is written apart."""

from typing import Any

import pytest

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping
from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

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
def test_arguments_are_checked(problems: Problems, argument: Any, expected: str) -> None:
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
