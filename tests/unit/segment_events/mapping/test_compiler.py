"""Whole mappings: constants, what is left out, every problem at once, limits."""

from collections.abc import Callable
from types import MappingProxyType
from typing import Any

import pytest

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping
from segment_events.mapping.compiler import kind_of
from segment_events.mapping.javascript import UNDEFINED

RESERVED = {
    "__segment_internal_sync_mode": "upsert",
    "__segment_internal_matching_key": "id",
    "enable_batching": True,
    "batch_size": 100,
}


@pytest.mark.parametrize(
    "mapping",
    [{}, {"a": 1, "b": "", "c": None, "d": False, "e": -1.5}, {"a": {"b": [1, {"c": []}, None]}}, RESERVED],
)
def test_a_mapping_without_directives_is_given_as_it_stands(mapping: dict[str, Any]) -> None:
    assert compile_mapping(mapping)({"x": 1}) == mapping


def test_each_result_has_its_own_objects_and_lists() -> None:
    run = compile_mapping({"a": {"b": [1]}, "c": {"@path": "x"}, "l": [[], {"@path": "x"}]})
    first = run({"x": 1})
    first["a"]["b"].append(2)
    first["l"][0].append(2)
    assert run({"x": 1}) == {"a": {"b": [1]}, "c": 1, "l": [[], 1]}


def test_the_mapping_may_change_after_it_was_compiled() -> None:
    mapping: dict[str, Any] = {"a": {"b": [1]}, "c": {"@path": "x"}}
    run = compile_mapping(mapping)
    mapping["a"]["b"].append(2)
    mapping["c"]["@path"] = "y"
    assert run({"x": 1, "y": 2}) == {"a": {"b": [1]}, "c": 1}


def test_members_that_resolve_to_nothing_are_left_out_and_items_become_null() -> None:
    gone = {"@path": "gone"}
    mapping = {"a": gone, "b": {"c": gone}, "d": [gone, 1, [gone]], "e": {"@case": {"operator": "lower"}}, "f": [gone]}
    assert compile_mapping(mapping)({}) == {"b": {}, "d": [None, 1, [None]], "f": [None]}


def test_an_item_that_is_always_nothing_is_null() -> None:
    assert compile_mapping({"l": [{"@case": {"operator": "lower"}}, 1]})({}) == {"l": [None, 1]}


def test_keys_stay_in_order() -> None:
    run = compile_mapping({"b": {"@path": "x"}, "a": 1, "d": {"@path": "gone"}, "c": {"@path": "x"}})
    assert list(run({"x": 1})) == ["b", "a", "c"]


def test_metadata_beside_a_directive_means_nothing() -> None:
    mapping = {"v": {"@path": "x", "_metadata": {"@nope": 1}}, "_metadata": {"kept": 1}}
    assert compile_mapping(mapping)({"x": 1}) == {"v": 1, "_metadata": {"kept": 1}}


def test_every_problem_is_told_with_its_path() -> None:
    mapping = {
        "a": {"@path": "x", "other": 1},
        "b": {"@path": "x", "@case": {}},
        "c": [1, {"@Path": 1}],
        "d": {"@": 1},
        "e/f~g": {"h": {"@template": 5}},
        "i": float("inf"),
        "j": {1, 2},
        "k": {1: 2},
    }
    with pytest.raises(MappingError) as error:
        compile_mapping(mapping)
    known = "the directives are @arrayPath, @case, @excludeWhenNull, @flatten, @if, @json, @liquid, @literal, @merge, "
    known += "@path, @replace, @template, @transform"
    assert error.value.problems == (
        "/a: a directive must stand alone in its object, which has @path, other",
        "/b: a directive must stand alone in its object, which has @case, @path",
        "/c/1: @Path is no directive; did you mean @path?",
        f"/d: @ is no directive; {known}",
        "/e~1f~0g/h/@template: should be a text or a directive but is a number",
        "/i: should be a JSON value but is a number without end",
        "/j: should be a JSON value but is a Python set",
        "/k: the keys of an object must be texts",
    )
    assert str(error.value) == "; ".join(error.value.problems)


def test_arguments_that_no_directive_reads_are_ignored_but_checked() -> None:
    assert compile_mapping({"v": {"@case": {"operator": "lower", "value": "A", "extra": 1}}})({}) == {"v": "a"}
    with pytest.raises(MappingError, match="/v/@case/extra: @zip is no directive"):
        compile_mapping({"v": {"@case": {"operator": "lower", "value": "A", "extra": {"@zip": 1}}}})


@pytest.mark.parametrize("mapping", [[], "text", None, 5])
def test_a_mapping_is_an_object(mapping: Any) -> None:
    with pytest.raises(MappingError, match="/: a mapping should be an object but is "):
        compile_mapping(mapping)


@pytest.mark.parametrize("event", [[], "text", None, 5])
def test_an_event_is_an_object(event: Any) -> None:
    with pytest.raises(MappingResolutionError, match="/: the event should be an object but is "):
        compile_mapping({})(event)


def test_mappings_and_events_may_be_of_any_mapping_type() -> None:
    run = compile_mapping(MappingProxyType({"v": {"@path": "x"}, "w": (1, {"@path": "x"})}))
    assert run(MappingProxyType({"x": 1})) == {"v": 1, "w": [1, 1]}


@pytest.mark.parametrize(
    ("path", "kind"), [("text", "a text"), ("list", "a list"), ("none", "null"), ("gone", "nothing")]
)
def test_a_mapping_gives_an_object(path: str, kind: str) -> None:
    with pytest.raises(MappingResolutionError) as error:
        compile_mapping({"@path": path})({"text": "x", "list": [], "none": None})
    assert (error.value.path, error.value.reason) == ("", f"the mapping should give an object but gives {kind}")


def test_a_result_is_never_the_event_itself() -> None:
    event = {"x": 1}
    result = compile_mapping({"@path": ""})(event)
    result["y"] = 2
    assert event == {"x": 1}


@pytest.mark.parametrize("wrap", [lambda part: {"k": part}, lambda part: [part], lambda part: {"@literal": part}])
def test_a_mapping_may_be_nested_100_deep(wrap: Callable[[Any], Any]) -> None:
    part: Any = {"@path": "x"}
    for _ in range(98):
        part = wrap(part)
    run = compile_mapping({"v": part})
    assert "1" in str(run({"x": 1}))
    with pytest.raises(MappingError, match="a mapping may be nested 100 levels deep, no more"):
        compile_mapping({"v": wrap(part)})


def test_a_mapping_that_holds_itself_is_too_deep() -> None:
    mapping: dict[str, Any] = {}
    mapping["v"] = mapping
    with pytest.raises(MappingError, match="100 levels"):
        compile_mapping(mapping)


def test_an_event_of_any_depth_can_be_passed_on() -> None:
    deep: list[Any] = []
    for _ in range(100_000):
        deep = [deep]
    assert compile_mapping({"v": {"@path": "x"}, "w": [{"@path": "gone"}]})({"x": deep})["v"] is deep


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "true or false"),
        ("secret", "a text"),
        (1.5, "a number"),
        ({}, "an object"),
        ([], "a list"),
        (None, "null"),
        (UNDEFINED, "nothing"),
        ({1}, "no JSON value"),
    ],
)
def test_kinds_name_no_value(value: Any, kind: str) -> None:
    assert kind_of(value) == kind
