"""@json."""

from collections.abc import Callable
from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

VALUE = {"b": [1, 1.0, {"é": None}], "a": True, "quote": 'say "hi"\n\x7f\x01\u2028', "2": 0.1, "10": 1e21, "1": -0.0}
TEXT = r'{"1":0,"2":0.1,"10":1e+21,"b":[1,1,{"é":null}],"a":true,"quote":"say \"hi\"\n' + "\x7f\\u0001\u2028" + '"}'


def test_values_are_written_as_javascript_writes_them(resolved: Resolved) -> None:
    assert resolved({"@json": {"mode": "encode", "value": {"@path": "x"}}}, {"x": VALUE}) == {"v": TEXT}


@pytest.mark.parametrize(
    ("value", "expected"),
    [("text", '"text"'), (None, "null"), (12345678901234567890, "12345678901234567890"), ("\ud83d", '"\\ud83d"')],
)
def test_any_value_is_written(resolved: Resolved, value: Any, expected: str) -> None:
    assert resolved({"@json": {"mode": "encode", "value": {"@path": "x"}}}, {"x": value}) == {"v": expected}


def test_a_number_without_end_is_null(resolved: Resolved) -> None:
    directive = {"@json": {"mode": "encode", "value": [{"@path": "x"}]}}
    assert resolved(directive, {"x": float("nan")}) == {"v": "[null]"}


def test_nothing_is_not_written_and_null_in_a_list(resolved: Resolved) -> None:
    encode = {"@json": {"mode": "encode", "value": {"@path": "gone"}}}
    assert resolved(encode) == {}
    value = {"a": {"@path": "gone"}, "b": [{"@path": "gone"}]}
    assert resolved({"@json": {"mode": "encode", "value": value}}) == {"v": '{"b":[null]}'}


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('{"a":[1,{"b":null}]}', {"a": [1, {"b": None}]}),
        ('"hi"', "hi"),
        ("null", None),
        ("12", 12),
        (" [1.5] ", [1.5]),
        ('{"a":1,"a":2}', {"a": 2}),
        ('{"__proto__":{"x":1},"y":[{"\\u005f_proto__":1}]}', {"y": [{}]}),
        ("12345678901234567890", 12345678901234567890),
    ],
)
def test_texts_are_read(resolved: Resolved, text: str, expected: Any) -> None:
    assert resolved({"@json": {"mode": "decode", "value": {"@path": "x"}}}, {"x": text}) == {"v": expected}


@pytest.mark.parametrize("text", ["{a:1}", "", "NaN", "[Infinity]", "1e999", "'x'", "9" * 5000, '"\x01"', "\ufeff1"])
def test_a_text_that_is_no_json_stays(resolved: Resolved, text: str) -> None:
    assert resolved({"@json": {"mode": "decode", "value": {"@path": "x"}}}, {"x": text}) == {"v": text}


@pytest.mark.parametrize("value", [5, None, [1], {"a": "1"}])
def test_what_is_no_text_is_not_read(resolved: Resolved, value: Any) -> None:
    assert resolved({"@json": {"mode": "decode", "value": {"@path": "x"}}}, {"x": value}) == {"v": value}


@pytest.mark.parametrize(("mode", "expected"), [("ENCODE", "[1]"), ("Encode", "[1]"), ("Decode", [1])])
def test_the_mode_may_be_in_any_letter_case(resolved: Resolved, mode: str, expected: Any) -> None:
    assert resolved({"@json": {"mode": mode, "value": [1]}}) == {"v": expected}


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ({"mode": "encode"}, "/v/@json/value: should be a directive or a value that is not empty"),
        ({"mode": "encode", "value": 0}, "/v/@json/value: should be a directive or a value that is not empty"),
        ({"mode": "parse", "value": [1]}, "/v/@json/mode: should be one of encode, decode"),
        ({"value": [1]}, "/v/@json/mode: should be one of encode, decode"),
        (None, "/v/@json: should be an object of arguments but is null"),
    ],
)
def test_arguments_are_checked(problems: Problems, argument: dict[str, Any] | None, expected: str) -> None:
    assert problems({"@json": argument}) == (expected,)


@pytest.mark.parametrize("depth", [250, 200_000])
def test_a_text_nested_too_deep_fails(failure: Failure, depth: int) -> None:
    directive = {"@json": {"mode": "decode", "value": {"@path": "x"}}}
    assert failure(directive, {"x": "[" * depth + "]" * depth}) == ("/v/@json", "the value is nested deeper than 200")


@pytest.mark.parametrize(
    ("value", "reason"),
    [
        ("x" * 1_000_001, "the text would be longer than 1000000 characters"),
        ({"x" * 1_000_001: 1}, "the text would be longer than 1000000 characters"),
        ([0] * 250_001, "the mapping takes more than 250000 steps"),
    ],
)
def test_a_value_too_large_to_write_fails(
    failure: Callable[[object, object], tuple[str, str]], value: object, reason: str
) -> None:
    directive = {"@json": {"mode": "encode", "value": {"@path": "x"}}}
    assert failure(directive, {"x": value}) == ("/v/@json", reason)


@pytest.mark.parametrize("number", [10**309, -(10**309)])
def test_a_number_that_javascript_has_not_is_null(resolved: Callable[[object, object], object], number: int) -> None:
    directive = {"@json": {"mode": "encode", "value": {"@path": "x"}}}
    assert resolved(directive, {"x": [number, 10**308]}) == {"v": "[null,1e+308]"}


def test_a_text_that_escapes_make_too_long_fails(failure: Failure) -> None:
    directive = {"@json": {"mode": "encode", "value": {"@path": "x"}}}
    found = failure(directive, {"x": '"' * 600_000})
    assert found == ("/v/@json", "the text would be longer than 1000000 characters")
