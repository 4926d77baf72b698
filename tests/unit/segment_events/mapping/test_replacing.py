"""@replace, and the substitutions that it is made of."""

from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

EVENT = {"code": "a-b-c A.b.c", "total": 99.5, "yes": True, "none": None, "list": ["a"], "object": {"a": 1}}


@pytest.mark.parametrize(
    ("value", "arguments", "expected"),
    [
        ("a-b-a", {"pattern": "a", "replacement": "X"}, "X-b-X"),
        ("a-b-a", {"pattern": "a"}, "-b-"),
        ("a-b-a", {"pattern": "a", "replacement": "X", "global": False}, "X-b-a"),
        ("aAbB", {"pattern": "a", "replacement": "X", "ignorecase": True}, "XXbB"),
        ("a.b|c", {"pattern": ".b|", "replacement": "\\1"}, "a\\1c"),
        ("a-b", {"pattern": "-", "replacement": "$$"}, "a$b"),
        ("a-b", {"pattern": "-", "replacement": "$&$&"}, "a--b"),
        ("a-b", {"pattern": "-", "replacement": "$`"}, "aab"),
        ("a-b", {"pattern": "-", "replacement": "$'"}, "abb"),
        ("a-b", {"pattern": "-", "replacement": "$1$<x>"}, "a$1$<x>b"),
        ("a-b-", {"pattern": "-", "replacement": "$&$&", "global": False}, "a--b-"),
        ("1.234,5", {"pattern": ".", "pattern2": ",", "replacement2": "."}, "1234.5"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": "b", "replacement2": None}, "c"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": 5}, "bbc"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": "b", "replacement2": 5}, "bbc"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": ""}, "bbc"),
        ("Órg", {"pattern": "ó", "replacement": "o", "ignorecase": True}, "org"),
        ("\u212aK", {"pattern": "k", "replacement": "-", "ignorecase": True}, "\u212a-"),
        ("\u017fS", {"pattern": "s", "replacement": "-", "ignorecase": True}, "\u017f-"),
        ("µμΜ", {"pattern": "µ", "replacement": "-", "ignorecase": True}, "---"),
        ("ßẞ", {"pattern": "ß", "replacement": "-", "ignorecase": True}, "-ẞ"),
        ("a😀b", {"pattern": "😀", "replacement": "-", "ignorecase": True}, "a-b"),
        ("a😀b", {"pattern": "\ud83d", "replacement": "?"}, "a?\ude00b"),
        ("a😀b😀", {"pattern": "x", "replacement": "?"}, "a😀b😀"),
    ],
)
def test_a_pattern_is_replaced_as_it_stands(
    resolved: Resolved, value: str, arguments: dict[str, Any], expected: str
) -> None:
    directive = {"@replace": {"value": {"@path": "text"}, **arguments}}
    assert resolved(directive, {"text": value}) == {"v": expected}


@pytest.mark.parametrize(("key", "expected"), [("total", "99,5"), ("yes", "true")])
def test_numbers_and_booleans_become_texts(resolved: Resolved, key: str, expected: str) -> None:
    directive = {"@replace": {"pattern": ".", "replacement": ",", "value": {"@path": key}}}
    assert resolved(directive, EVENT) == {"v": expected}


@pytest.mark.parametrize("key", ["gone", "none", "list", "object"])
def test_where_there_is_no_text_there_is_no_result(resolved: Resolved, key: str) -> None:
    assert resolved({"@replace": {"pattern": "a", "value": {"@path": key}}}, EVENT) == {}


def test_an_empty_literal_gives_nothing(resolved: Resolved) -> None:
    assert resolved({"@replace": {"pattern": "a", "value": ""}}) == {}


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"value": "x"}, "pattern: should be a text of 1 or more characters"),
        ({"value": "x", "pattern": "12345678901"}, "pattern: should be a text of at most 10 characters"),
        ({"value": "x", "pattern": "😀😀😀😀😀a"}, "pattern: should be a text of at most 10 characters"),
        ({"value": "x", "pattern": {"@path": "a"}}, "pattern: should be a text but is a directive"),
        ({"value": "x", "pattern": "a", "replacement": None}, "replacement: should be a text but is null"),
        (
            {"value": "x", "pattern": "a", "replacement": "12345678901"},
            "replacement: should be a text of at most 10 characters",
        ),
        (
            {"value": "x", "pattern": "a", "pattern2": "12345678901"},
            "pattern2: should be a text of at most 10 characters",
        ),
        ({"value": "x", "pattern": "a", "ignorecase": None}, "ignorecase: should be true or false but is null"),
        ({"value": "x", "pattern": "a", "global": "yes"}, "global: should be true or false but is a text"),
        ({"pattern": "a"}, "value: should be a text or a directive but is null"),
    ],
)
def test_arguments_are_checked(problems: Problems, arguments: dict[str, Any], place: str) -> None:
    assert problems({"@replace": arguments}) == (f"/v/@replace/{place}",)


def test_replace_needs_arguments(problems: Problems) -> None:
    assert problems({"@replace": []}) == ("/v/@replace: should be an object of arguments but is a list",)


def test_every_bad_argument_is_told_at_once(problems: Problems) -> None:
    found = problems({"@replace": {"pattern": "", "global": 1, "value": 5}})
    assert [problem.split(":")[0] for problem in found] == [
        "/v/@replace/global",
        "/v/@replace/pattern",
        "/v/@replace/value",
    ]


@pytest.mark.parametrize("replacement", ["$`", "$'", "aaaaaaaaaa"])
def test_a_text_that_grows_too_long_fails(failure: Failure, replacement: str) -> None:
    directive = {"@replace": {"pattern": "a", "replacement": replacement, "value": {"@path": "x"}}}
    found = failure(directive, {"x": "a" * 200_000})
    assert found == ("/v/@replace", "the text would be longer than 1000000 characters")
