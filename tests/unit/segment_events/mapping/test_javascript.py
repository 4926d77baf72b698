"""Texts and numbers as JavaScript has them."""

import math
from typing import Any

import pytest

from segment_events.mapping import MappingResolutionError
from segment_events.mapping.javascript import (
    UNDEFINED,
    is_truthy,
    number_of,
    number_text,
    ordered_keys,
    text_of,
    utf16_join,
    utf16_length,
    utf16_split,
)


@pytest.mark.parametrize(
    ("number", "expected"),
    [
        (0, "0"),
        (-0.0, "0"),
        (1.0, "1"),
        (-1.5, "-1.5"),
        (0.1 + 0.2, "0.30000000000000004"),
        (1e16, "10000000000000000"),
        (12345678901234568.0, "12345678901234568"),
        (123456789012345680000.0, "123456789012345680000"),
        (1e21, "1e+21"),
        (-1.5e300, "-1.5e+300"),
        (1e-6, "0.000001"),
        (1.5e-5, "0.000015"),
        (-1e-7, "-1e-7"),
        (5e-324, "5e-324"),
        (12345678901234567890, "12345678901234567890"),
        (10**21, "1e+21"),
        (-(10**22), "-1e+22"),
        (10**400, "Infinity"),
        (-(10**400), "-Infinity"),
        (math.inf, "Infinity"),
        (-math.inf, "-Infinity"),
        (math.nan, "NaN"),
    ],
)
def test_numbers_are_written_as_javascript_does(number: float, expected: str) -> None:
    assert number_text(number) == expected


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("12", 12),
        (" \t1.5\n", 1.5),
        ("", 0),
        ("1e3", 1000),
        (".5", 0.5),
        ("5.", 5),
        ("0x1F", 31),
        ("0b11", 3),
        ("0o17", 15),
        ("-Infinity", -math.inf),
        (None, 0),
        (True, 1),
        ([], 0),
        ([["7"]], 7),
        (10**400, math.inf),
        (-(10**400), -math.inf),
    ],
)
def test_values_are_read_as_numbers(value: Any, expected: float) -> None:
    assert number_of(value, "") == expected


@pytest.mark.parametrize("value", ["a", "1_000", "1,5", "-0x1", "infinity", "nan", "٣", [1, 2], {}, "1 2"])
def test_what_is_no_number(value: Any) -> None:
    assert math.isnan(number_of(value, ""))


def test_a_list_nested_too_deep_has_no_text() -> None:
    deep: list[Any] = []
    for _ in range(300):
        deep = [deep]
    with pytest.raises(MappingResolutionError, match="/p: the value is nested deeper than 200"):
        text_of(deep, "/p")


@pytest.mark.parametrize(("text", "length"), [("abc", 3), ("ø", 1), ("😀", 2), ("\ud83d", 1), ("", 0)])
def test_lengths_count_utf16_units(text: str, length: int) -> None:
    assert utf16_length(text) == len(utf16_split(text)) == length
    assert utf16_join(utf16_split(text)) == text


def test_array_indexes_come_first() -> None:
    assert ordered_keys(dict.fromkeys(["b", "10", "2", "01", "4294967295", "a"])) == [
        "2",
        "10",
        "b",
        "01",
        "4294967295",
        "a",
    ]


@pytest.mark.parametrize("value", [None, False, 0, 0.0, -0.0, "", math.nan, UNDEFINED])
def test_what_javascript_takes_for_false(value: Any) -> None:
    assert not is_truthy(value)


@pytest.mark.parametrize("value", [True, 1, -0.5, " ", "0", [], {}, [0]])
def test_what_javascript_takes_for_true(value: Any) -> None:
    assert is_truthy(value)


def test_undefined_names_itself() -> None:
    assert repr(UNDEFINED) == "undefined"
