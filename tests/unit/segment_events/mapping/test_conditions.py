"""@if and @excludeWhenNull."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Problems, Resolved

EVENT: dict[str, Any] = {
    "id": "u-9",
    "none": None,
    "no": False,
    "zero": 0,
    "empty": "",
    "blank": " ",
    "text0": "0",
    "list": [],
    "lists": [[], [None]],
    "emptyTexts": [""],
    "two": ["", ""],
    "object": {},
    "false": [False],
}


@pytest.mark.parametrize("key", ["id", "no", "zero", "empty", "blank", "list", "object"])
def test_then_is_for_what_exists(resolved: Resolved, key: str) -> None:
    directive = {"@if": {"exists": {"@path": key}, "then": "Y", "else": "N"}}
    assert resolved(directive, EVENT) == {"v": "Y"}


@pytest.mark.parametrize("key", ["none", "gone"])
def test_else_is_for_null_and_what_is_not_there(resolved: Resolved, key: str) -> None:
    directive = {"@if": {"exists": {"@path": key}, "then": "Y", "else": "N"}}
    assert resolved(directive, EVENT) == {"v": "N"}


@pytest.mark.parametrize("key", ["id", "blank", "text0", "object", "two", "false"])
def test_blank_takes_then_for_what_is_not_empty(resolved: Resolved, key: str) -> None:
    directive = {"@if": {"blank": {"@path": key}, "then": "Y", "else": "N"}}
    assert resolved(directive, EVENT) == {"v": "Y"}


@pytest.mark.parametrize("key", ["none", "gone", "no", "zero", "empty", "list", "emptyTexts"])
def test_blank_takes_else_for_what_equals_an_empty_text(resolved: Resolved, key: str) -> None:
    directive = {"@if": {"blank": {"@path": key}, "then": "Y", "else": "N"}}
    assert resolved(directive, EVENT) == {"v": "N"}


def test_exists_wins_over_blank(resolved: Resolved) -> None:
    directive = {"@if": {"exists": None, "blank": {"@path": "id"}, "then": "Y", "else": "N"}}
    assert resolved(directive, EVENT) == {"v": "N"}


@pytest.mark.parametrize("other", [None, False, 0, 0.0, ""])
def test_an_else_that_is_empty_gives_nothing(resolved: Resolved, other: Any) -> None:
    assert resolved({"@if": {"exists": {"@path": "gone"}, "else": other}}, EVENT) == {}


@pytest.mark.parametrize("other", [{"@literal": False}, {"@literal": None}, {}, []])
def test_an_else_that_is_a_directive_or_container_counts(resolved: Resolved, other: Any) -> None:
    expected = other.get("@literal", other) if isinstance(other, dict) else other
    assert resolved({"@if": {"exists": {"@path": "gone"}, "else": other}}, EVENT) == {"v": expected}


@pytest.mark.parametrize("then", [None, False, 0, ""])
def test_a_then_that_is_empty_counts(resolved: Resolved, then: Any) -> None:
    assert resolved({"@if": {"exists": {"@path": "id"}, "then": then}}, EVENT) == {"v": then}


def test_a_missing_then_gives_nothing(resolved: Resolved) -> None:
    assert resolved({"@if": {"exists": {"@path": "id"}, "else": "N"}}, EVENT) == {}


def test_then_that_finds_nothing_does_not_fall_to_else(resolved: Resolved) -> None:
    directive = {"@if": {"exists": {"@path": "id"}, "then": {"@path": "gone"}, "else": "N"}}
    assert resolved(directive, EVENT) == {}


@pytest.mark.parametrize(("key", "expected"), [("id", "u-9"), ("none", "N"), ("gone", "N")])
def test_the_value_that_exists_may_be_the_result(resolved: Resolved, key: str, expected: str) -> None:
    directive = {"@if": {"exists": {"@path": key}, "then": {"@path": key}, "else": "N"}}
    assert resolved(directive, EVENT) == {"v": expected}


@pytest.mark.parametrize("argument", [{}, {"exists": ""}, {"exists": False}, {"exists": 0, "blank": None}])
def test_a_condition_is_needed(problems: Problems, argument: dict[str, Any]) -> None:
    expected = '/v/@if: needs "exists" or "blank", with a value that is not empty'
    assert problems({"@if": argument}) == (expected,)


@pytest.mark.parametrize("argument", [5, [], {"@path": "x"}])
def test_if_needs_arguments(problems: Problems, argument: Any) -> None:
    (found,) = problems({"@if": argument})
    assert found.startswith("/v/@if: should be an object of arguments but is ")


def test_every_branch_is_checked(problems: Problems) -> None:
    branch = {"@zip": 1}
    found = problems({"@if": {"exists": branch, "then": branch, "else": branch, "other": branch}})
    places = sorted(problem.split(":")[0] for problem in found)
    assert places == ["/v/@if/else", "/v/@if/exists", "/v/@if/other", "/v/@if/then"]


@pytest.mark.parametrize(
    ("innermost", "branch"), [([], 2), (None, 2), ("", 2), (" ", 1), (0, 1), (False, 1), ({}, 1), (["", ""], 1)]
)
def test_a_list_is_blank_where_its_text_is_however_deep(
    resolved: Callable[[object, object], object], innermost: object, branch: int
) -> None:
    deep = innermost
    for _ in range(100_000):
        deep = [deep]
    assert resolved({"@if": {"blank": {"@path": "deep"}, "then": 1, "else": 2}}, {"deep": deep}) == {"v": branch}


@pytest.mark.parametrize("argument", [None, {"@path": "none"}, {"@path": "gone"}])
def test_null_is_excluded(resolved: Resolved, argument: dict[str, Any] | None) -> None:
    assert resolved({"@excludeWhenNull": argument}, EVENT) == {}


@pytest.mark.parametrize("value", [0, "", False, [None], {}])
def test_other_values_are_not_excluded(resolved: Resolved, value: Any) -> None:
    assert resolved({"@excludeWhenNull": value}, EVENT) == {"v": value}


def test_null_members_are_excluded_but_not_from_lists(resolved: Resolved) -> None:
    directive = {"@excludeWhenNull": {"a": None, "b": {"c": {"@path": "none"}, "d": 1}, "l": [None, {"e": None}]}}
    assert resolved(directive, EVENT) == {"v": {"b": {"d": 1}, "l": [None, {"e": None}]}}
