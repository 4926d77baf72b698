"""Nothing, truth and kinds of values."""

import math
from typing import Any

import pytest

from segment_events.mapping.values import UNDEFINED, is_truthy, kind_of


@pytest.mark.parametrize("value", [None, False, 0, 0.0, -0.0, "", math.nan, UNDEFINED])
def test_what_javascript_takes_for_false(value: Any) -> None:
    assert not is_truthy(value)


@pytest.mark.parametrize("value", [True, 1, -0.5, " ", "0", [], {}, [0]])
def test_what_javascript_takes_for_true(value: Any) -> None:
    assert is_truthy(value)


@pytest.mark.parametrize(
    ("value", "kind"),
    [
        (True, "true or false"),
        ("secret", "a text"),
        (1.5, "a number"),
        ({}, "an object"),
        ([], "a list"),
        (None, "null"),
        (UNDEFINED, "nothing"),
        ({1}, "no JSON value"),
    ],
)
def test_kinds_name_no_value(value: Any, kind: str) -> None:
    assert kind_of(value) == kind


def test_undefined_names_itself() -> None:
    assert repr(UNDEFINED) == "undefined"
