"""Filters of texts."""

import pytest

from tests.unit.segment_events.mapping.liquid_templates.conftest import Printed


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("'a' | append: 1 | prepend: true", "truea1"),
        ("'éLAN vital' | capitalize", "Élan vital"),
        ("'AÉ' | downcase", "aé"),
        ("'aß' | upcase", "ASS"),
        ("5 | upcase", "5"),
        ("x | strip | append: '|'", "a  b\r\nc|"),
        ("x | lstrip | append: '|'", "a  b\r\nc\t|"),
        ("x | rstrip | append: '|'", " \u00a0a  b\r\nc|"),
        ("x | squish", "a b c"),
        ("x | normalize_whitespace", " a b c "),
        ("x | strip_newlines", " \u00a0a  bc\t"),
        ("'--a-' | strip: '-'", "a"),
        ("'--a-' | lstrip: '-'", "a-"),
        ("'--a-' | rstrip: '-'", "--a"),
        ("'a-b-a' | replace: 'a', '$&'", "$&-b-$&"),
        ("'ab' | replace: '', '-'", "a-b"),
        ("'a-b-a' | replace: 'a'", "-b-"),
        ("'a-b-a' | replace_first: 'a', 'x'", "x-b-a"),
        ("'a-b-a' | replace_last: 'a', 'x'", "a-b-x"),
        ("'a-b-a' | replace_last: 'z', 'x'", "a-b-a"),
        ("'a-b-a' | remove: 'a'", "-b-"),
        ("'a-b-a' | remove: ''", "a-b-a"),
        ("'a-b-a' | remove_first: 'a'", "-b-a"),
        ("'a-b-a' | remove_last: 'a'", "a-b-"),
        ("'a,b,,' | split: ',' | json", '["a","b"]'),
        ("'aé' | split: '' | json", '["a","é"]'),
        ("'' | split: ',' | json", "[]"),
        ("'abcdef' | truncate: 5", "ab..."),
        ("'abcdef' | truncate: 5, ''", "abcde"),
        ("'abcdef' | truncate: 2", "..."),
        ("123456 | truncate: 9 | plus: 1", "123457"),
        ("'a b c' | truncatewords: 2", "a b..."),
        ("'a b c' | truncatewords: 0, '-'", "a-"),
        ("'a b c' | truncatewords: 9", "a b c"),
        ("' a  b ' | number_of_words", "2"),
        ("' ' | number_of_words", "0"),
        ("gone | upcase | append: '|'", "|"),
    ],
)
def test_texts(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, " \u00a0a  b\r\nc\t") == expected
