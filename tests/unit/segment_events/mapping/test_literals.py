from typing import Any

import pytest

from segment_events.mapping.literals import is_literal, literals_of

PATH = {"@path": "$.x"}


@pytest.mark.parametrize(
    ("value", "literals"),
    [
        (None, [("/v", None)]),
        (7, [("/v", 7)]),
        ({"a": [1, {"b": "c"}]}, [("/v", {"a": [1, {"b": "c"}]})]),
        ({"@literal": False, "_metadata": {"label": "no"}}, [("/v", False)]),
        ({"a": [{"@literal": {"b": {"@literal": 1}}}]}, [("/v", {"a": [{"b": 1}]})]),
        (PATH, []),
        ([PATH, "a"], []),
        ({"a": PATH}, [("/v", {})]),
        ({"@literal": {"a": PATH}}, [("/v/@literal", {})]),
        ({"@template": "text"}, []),
        ({"@nope": 1}, []),
        ({"@if": 1}, []),
        ({"@if": {"exists": PATH, "then": PATH}}, []),
        ({"@if": {"exists": PATH, "then": "a", "else": PATH}}, [("/v/@if/then", "a")]),
        (
            {"@if": {"blank": PATH, "then": {"@if": {"exists": PATH, "else": 5}}, "else": {"@literal": [6]}}},
            [("/v/@if/then/@if/else", 5), ("/v/@if/else", [6])],
        ),
    ],
)
def test_what_a_part_of_a_mapping_may_give_without_a_look_at_the_event(
    value: Any, literals: list[tuple[str, Any]]
) -> None:
    assert list(literals_of(value, "/v")) == literals
    assert is_literal(value) is (bool(literals) and literals[0][0] == "/v" and literals != [("/v", {})])
