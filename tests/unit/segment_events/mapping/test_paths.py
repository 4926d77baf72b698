"""@path, @arrayPath and @literal."""

from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

EVENT = {
    "userId": "u-9",
    "properties": {
        "city": "Tromsø",
        "none": None,
        "zero": 0,
        "no": False,
        "empty": "",
        "items": [{"sku": "S1", "tags": ["a", "b"]}, {"sku": "S2"}, None, "loose"],
        "one": {"sku": "S9"},
        "a.b": "dotted",
        "two words": "spaced",
        "é": "accent",
        "0": "zero key",
        "smile": "a😀b",
    },
}


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("$.userId", "u-9"),
        ("userId", "u-9"),
        ("$.properties.items[0].sku", "S1"),
        ("$.properties.items.1.sku", "S2"),
        ("$.properties['two words']", "spaced"),
        ('$.properties["two words"]', "spaced"),
        ("$.properties.two words", "spaced"),
        ("$.properties..city", "Tromsø"),
        (".userId.", "u-9"),
        ("$.properties.é", "accent"),
        ("$.properties.0", "zero key"),
        ("properties.$.city", "Tromsø"),
        ("$.properties.items.length", 4),
        ("$.properties.city.length", 6),
        ("$.properties.smile.length", 4),
        ("$.properties.smile.3", "b"),
        ("$.userId[1]", "-"),
    ],
)
def test_a_path_reaches_what_an_object_or_list_holds(resolved: Resolved, path: str, expected: int | str) -> None:
    assert resolved({"@path": path}, EVENT) == {"v": expected}


@pytest.mark.parametrize("path", ["", ".", "$.", ".."])
def test_an_empty_path_is_the_whole_event(resolved: Resolved, path: str) -> None:
    assert resolved({"@path": path}, EVENT) == {"v": EVENT}


@pytest.mark.parametrize(
    "path",
    [
        "$",
        "$['userId']",
        "$.$.userId",
        "$.none",
        "$.none.more",
        "$.properties.items.sku",
        "$.properties.items[*].sku",
        "$.properties.items[-1]",
        "$.properties.items[01]",
        "$.properties.items[9]",
        "$.properties.items[99999999999999999999]",
        "$.properties['a.b']",
        "$.properties[city]",
        "$.userId.more",
        "$.userId.2.more",
        "$.properties.one.sku.length.more",
    ],
)
def test_what_a_path_does_not_find_is_left_out(resolved: Resolved, path: str) -> None:
    assert resolved({"@path": path}, EVENT) == {}


@pytest.mark.parametrize(
    ("path", "expected"),
    [("none.more", None), ("zero.more", 0), ("no.more", False), ("empty.more.still", "")],
)
def test_the_walk_ends_at_a_value_that_is_false(resolved: Resolved, path: str, expected: Any) -> None:
    assert resolved({"@path": f"$.properties.{path}"}, EVENT) == {"v": expected}


def test_a_path_may_come_from_a_directive(resolved: Resolved) -> None:
    assert resolved({"@path": {"@template": "$.properties.{{none}}city"}}, EVENT) == {"v": "Tromsø"}


def test_a_path_from_the_event_must_be_a_text(failure: Failure) -> None:
    found = failure({"@path": {"@path": "$.properties.zero"}}, EVENT)
    assert found == ("/v/@path", "the path should be a text but is a number")


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        (["userId"], "/v/@path: should be a text or a directive but is a list"),
        ({"a": 1}, "/v/@path: should be a text or a directive but is an object"),
        ({"@literal": 5}, "/v/@path: should be a text but is a number"),
        ({"@nope": 5}, None),
    ],
)
def test_a_path_that_is_no_text_is_a_problem(problems: Problems, argument: Any, problem: str | None) -> None:
    found = problems({"@path": argument})
    assert len(found) == 1
    assert problem is None or found == (problem,)


def test_literals_are_resolved(resolved: Resolved) -> None:
    directive = {"@literal": {"a": {"@path": "$.userId"}, "b": [None, False]}}
    assert resolved(directive, EVENT) == {"v": {"a": "u-9", "b": [None, False]}}


def test_a_shape_is_resolved_for_each_item(resolved: Resolved) -> None:
    directive = {"@arrayPath": ["$.properties.items", {"id": {"@path": "$.sku"}, "n": 1}]}
    expected = [{"id": "S1", "n": 1}, {"id": "S2", "n": 1}, {"id": None, "n": 1}, {"n": 1}]
    assert resolved(directive, EVENT) == {"v": expected}


def test_an_object_is_a_list_of_one(resolved: Resolved) -> None:
    directive = {"@arrayPath": ["$.properties.one", {"id": {"@path": "$.sku"}}]}
    assert resolved(directive, EVENT) == {"v": [{"id": "S9"}]}


@pytest.mark.parametrize("rest", [[], [{}], [None], [["x"]], [5, "ignored"]])
def test_without_a_shape_the_value_stays(resolved: Resolved, rest: list[Any]) -> None:
    assert resolved({"@arrayPath": ["$.properties.one", *rest]}, EVENT) == {"v": {"sku": "S9"}}


@pytest.mark.parametrize(
    ("path", "expected"), [("$.userId", {"v": "u-9"}), ("$.properties.none", {"v": None}), ("$.x", {})]
)
def test_what_is_no_list_stays(resolved: Resolved, path: str, expected: dict[str, Any]) -> None:
    assert resolved({"@arrayPath": [path, {"id": {"@path": "$.sku"}}]}, EVENT) == expected


def test_a_list_may_come_from_a_directive_and_a_shape_be_one(resolved: Resolved) -> None:
    directive = {"@arrayPath": [{"@literal": [{"n": 1}, {}]}, {"@path": "$.n"}]}
    assert resolved(directive) == {"v": [1, None]}


@pytest.mark.parametrize("argument", ["$.properties.items", [], {}, None])
def test_array_path_needs_a_list(problems: Problems, argument: Any) -> None:
    (found,) = problems({"@arrayPath": argument})
    assert found.startswith("/v/@arrayPath: should be a list of a path and, if wanted, a shape but is ")


def test_problems_of_paths_and_shapes_name_their_place(problems: Problems) -> None:
    assert problems({"@arrayPath": [5, {"a/b": {"@zip": 1}}]}) == (
        "/v/@arrayPath/0: should be a text or a directive but is a number",
        problems({"@arrayPath": ["x", {"a/b": {"@zip": 1}}]})[0],
    )
    assert problems({"@arrayPath": ["x", {"a/b": {"@zip": 1}}]})[0].startswith(
        "/v/@arrayPath/1/a~1b: @zip is no directive"
    )
