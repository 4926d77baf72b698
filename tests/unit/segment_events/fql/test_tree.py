"""Texts, patterns, numbers and words."""

import pytest

from segment_events.fql.tree import (
    Value,
    as_text,
    read_number,
    read_pattern,
    read_text,
    read_word,
)


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ("plain", "plain"),
        (r"say \"hi\"", 'say "hi"'),
        (r"it\'s", "it's"),
        (r"a\\b", r"a\b"),
        (r"\\\"", r"\""),
        (r"C:\temp\new", r"C:\temp\new"),
        (r"\*", r"\*"),
    ],
)
def test_texts(body: str, text: str) -> None:
    assert read_text(body) == text


@pytest.mark.parametrize(
    ("body", "pieces"),
    [
        ("", ("",)),
        ("whole", ("whole",)),
        ("*", ("", "")),
        ("a*", ("a", "")),
        ("*a", ("", "a")),
        ("a*b*c", ("a", "b", "c")),
        ("a***b", ("a", "b")),
        (r"2\*3", ("2*3",)),
        (r"a\\*", ("a\\", "")),
        (r"\"*\'", ('"', "'")),
        (r"C:\dir*", (r"C:\dir", "")),
        ("?[a]*", ("?[a]", "")),
        ("two\nlines*", ("two\nlines", "")),
    ],
)
def test_patterns(body: str, pieces: tuple[str, ...]) -> None:
    assert read_pattern(body) == pieces


@pytest.mark.parametrize(
    ("written", "number"),
    [
        ("5", 5),
        ("+5", 5),
        ("-05", -5),
        ("2.50", 2.5),
        ("1e3", 1000.0),
        ("-1.5E-1", -0.15),
        (" 40 ", 40),
        ("9007199254740993", 9007199254740993),
        ("1" * 100, int("1" * 100)),
        ("", None),
        ("0x10", None),
        ("Infinity", None),
        ("1e999", None),
        ("1" * 101, None),
        (".5", None),
        ("5.", None),
        ("٣", None),
        ("2024-01-01", None),
    ],
)
def test_numbers(written: str, number: float | None) -> None:
    read = read_number(written)
    assert (read, type(read)) == (number, type(number))


@pytest.mark.parametrize(
    ("word", "value"),
    [("true", True), ("false", False), ("null", None), ("TRUE", "TRUE"), ("gold", "gold")],
)
def test_words(word: str, value: Value) -> None:
    assert read_word(word) is value or read_word(word) == value


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("gold", "gold"),
        (None, "null"),
        (True, "true"),
        (False, "false"),
        (42, "42"),
        (42.0, "42"),
        (2.5, "2.5"),
        (12345678901234567890, "12345678901234567890"),
    ],
)
def test_as_text(value: Value, text: str) -> None:
    assert as_text(value) == text
