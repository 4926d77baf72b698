"""Filters of numbers."""

import pytest

from tests.unit.segment_events.mapping.liquid_templates.conftest import Printed


@pytest.mark.parametrize(
    ("expression", "expected"),
    [
        ("-1.5 | abs", "1.5"),
        ("5 | at_least: 10 | at_most: 7", "7"),
        ("1.2 | ceil", "2"),
        ("-1.2 | floor", "-2"),
        ("7 | divided_by: 2", "3.5"),
        ("7 | divided_by: 2, true", "3"),
        ("1 | divided_by: 0", "Infinity"),
        ("-1 | divided_by: 0", "-Infinity"),
        ("0 | divided_by: 0", "NaN"),
        ("0 | divided_by: 0, true", "NaN"),
        ("0.1 | plus: 0.2", "0.30000000000000004"),
        ("99.5 | plus: 0.5", "100"),
        ("'2' | times: '3'", "6"),
        ("'a' | plus: 1", "1"),
        ("nil | minus: 1", "-1"),
        ("10 | modulo: 3.5", "3"),
        ("-7 | modulo: 3", "2"),
        ("7 | modulo: 0", "NaN"),
        ("1 | divided_by: 0 | modulo: 3", "NaN"),
        ("5 | modulo: x", "NaN"),
        ("1 | divided_by: 0 | ceil", "Infinity"),
        ("1 | divided_by: 0 | floor | round", "Infinity"),
        ("2.5 | round", "3"),
        ("-2.5 | round", "-3"),
        ("1.005 | round: 2", "1.01"),
        ("1234 | round: -2", "1200"),
        ("'0x10' | to_integer", "16"),
        ("'a' | to_integer", "NaN"),
        ("gone | to_integer", "NaN"),
        ("1 | plus: 1, 2, 3", "2"),
    ],
)
def test_numbers_are_doubles(printed: Printed, expression: str, expected: str) -> None:
    assert printed(expression, float("inf")) == expected
