"""@case."""

from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved


@pytest.mark.parametrize(
    ("operator", "text", "expected"),
    [
        ("lower", "Liv.DAHL@Nordlys.NO", "liv.dahl@nordlys.no"),
        ("upper", "straße ünï", "STRASSE ÜNÏ"),
        ("lower", "ΟΔΟΣ", "οδος"),
        ("upper", "", ""),
    ],
)
def test_texts_change_case(resolved: Resolved, operator: str, text: str, expected: str) -> None:
    directive = {"@case": {"operator": operator, "value": {"@path": "text"}}}
    assert resolved(directive, {"text": text}) == {"v": expected}


@pytest.mark.parametrize("operator", ["upper", "title"])
@pytest.mark.parametrize("value", [99.5, None, True, [3, "a"], {"a": "b"}])
def test_other_values_stay_whatever_the_operator(resolved: Resolved, operator: str, value: Any) -> None:
    directive = {"@case": {"operator": operator, "value": {"@path": "x"}}}
    assert resolved(directive, {"x": value}) == {"v": value}


@pytest.mark.parametrize("rest", [{}, {"value": ""}, {"value": {"@path": "gone"}}])
def test_nothing_stays_nothing(resolved: Resolved, rest: dict[str, Any]) -> None:
    assert resolved({"@case": {"operator": "upper", **rest}}) == {}


def test_an_operator_that_is_not_known_fails_for_texts(failure: Failure) -> None:
    directive = {"@case": {"operator": "UPPER", "value": {"@path": "x"}}}
    assert failure(directive, {"x": "secret"}) == ("/v/@case", 'the operator should be "lower" or "upper"')


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ({"operator": "title", "value": "x"}, '/v/@case: the operator should be "lower" or "upper"'),
        ({"value": "x"}, "/v/@case/operator: should be a text of 1 or more characters"),
        ({"operator": {"@path": "x"}, "value": "x"}, "/v/@case/operator: should be a text but is a directive"),
        ({"operator": "lower", "value": 5}, "/v/@case/value: should be a text or a directive but is a number"),
        ("lower", "/v/@case: should be an object of arguments but is a text"),
    ],
)
def test_arguments_are_checked(problems: Problems, argument: Any, expected: str) -> None:
    assert problems({"@case": argument}) == (expected,)
