"""Compiles comparisons. Types are never mixed: a number equals no text, true equals no 1.

Segment's rules are kept (table in docs/triggers.md): `!=` is true for a missing field when the
value is a text or a boolean, but numbers compare only with numbers, also with `!=`.
"""

import operator
from collections.abc import Callable
from typing import Any

from segment_events.triggers.fields import FIELDS
from segment_events.triggers.literals import as_text
from segment_events.triggers.lookup import Lookup, compile_lookup
from segment_events.triggers.tree import Comparison

type Predicate = Callable[[Any], bool]

_NUMERIC: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_comparison(node: Comparison) -> Predicate:
    """The predicate of `path operator value`."""
    look_up = compile_lookup(node.path)
    value = node.value
    if node.operator in ("=", "!="):
        if type(value) not in FIELDS[node.path.keys[0]].typed:
            value = as_text(value)
        if value is None or isinstance(value, bool | str):
            return _compile_equality(look_up, value, node.operator == "=")
    return _compile_numeric(look_up, _NUMERIC[node.operator], value)


def _compile_equality(look_up: Lookup, value: str | bool | None, equal: bool) -> Predicate:
    if isinstance(value, str):
        return (lambda event: look_up(event) == value) if equal else (lambda event: look_up(event) != value)
    return (lambda event: look_up(event) is value) if equal else (lambda event: look_up(event) is not value)


def _compile_numeric(look_up: Lookup, compare: Callable[[Any, Any], bool], number: Any) -> Predicate:
    def test(event: Any) -> bool:
        actual = look_up(event)
        return type(actual) in (int, float) and compare(actual, number)

    return test
