"""Turns the tree of a trigger into a predicate: closures over what was worked out beforehand.

Types are never mixed: a number equals no text, true equals no 1. Segment's rules are kept (table in docs/triggers.md):
`!=` is true for a missing field when the value is a text or a boolean, but numbers compare only with numbers, also with
`!=`. contains and match are true of texts only, negated or not.
"""

import operator
from collections.abc import Callable, Mapping
from typing import Any

from segment_events.fql.errors import Problem, TriggerError
from segment_events.fql.fields import FIELDS, Lookup, compile_lookup
from segment_events.fql.parser import parse
from segment_events.fql.tree import AllOf, AnyOf, Comparison, Contains, Match, Node, as_text

_PAIR = 2
"""Two conditions are what Segment's UI makes; joining them needs no loop."""

_NUMERIC: dict[str, Callable[[Any, Any], bool]] = {
    "=": operator.eq,
    "!=": operator.ne,
    "<": operator.lt,
    "<=": operator.le,
    ">": operator.gt,
    ">=": operator.ge,
}


def compile_trigger(fql: str) -> Callable[[Mapping[str, Any]], bool]:
    """Compile a trigger once into a predicate of events.

    `fql` is what Segment keeps as a mapping's `subscribe`, such as
    `type = "track" and event = "Signed Up"`; docs/triggers.md says what can be written.
    The predicate takes an event as parsed JSON, raises for none, and reads no attribute.
    Raises TriggerError with every problem, each with its column. The language:
    https://segment.com/docs/connections/destinations/actions/#conditions
    """
    if not isinstance(fql, str):
        found = f"expected a text, found {type(fql).__name__}"
        raise TriggerError("", [Problem(0, found)])
    return _compile(parse(fql))


def _compile(node: Node) -> Callable[[Any], bool]:
    match node:
        case Comparison() | Contains() | Match():
            return compile_condition(node)
        case AllOf():
            return _compile_all(tuple(map(_compile, node.operands)))
        case AnyOf():
            return _compile_any(tuple(map(_compile, node.operands)))
        case _:
            operand = _compile(node.operand)
            return lambda event: not operand(event)


def _compile_all(tests: tuple[Callable[[Any], bool], ...]) -> Callable[[Any], bool]:
    if len(tests) == _PAIR:
        first, second = tests
        return lambda event: first(event) and second(event)
    return lambda event: all(test(event) for test in tests)


def _compile_any(tests: tuple[Callable[[Any], bool], ...]) -> Callable[[Any], bool]:
    if len(tests) == _PAIR:
        first, second = tests
        return lambda event: first(event) or second(event)
    return lambda event: any(test(event) for test in tests)


def compile_condition(node: Comparison | Contains | Match) -> Callable[[Any], bool]:
    """Return the predicate of one condition: `path operator value`, `contains(path, text)`, `match(path, pattern)`."""
    match node:
        case Comparison():
            return _compile_comparison(node)
        case Contains():
            return _of_texts(compile_lookup(node.path), lambda text: node.text in text, node.negated)
        case _:
            return _of_texts(compile_lookup(node.path), _compile_pattern(node.pieces), node.negated)


def _compile_comparison(node: Comparison) -> Callable[[Any], bool]:
    look_up = compile_lookup(node.path)
    value = node.value
    if node.operator in ("=", "!="):
        if type(value) not in FIELDS[node.path.keys[0]].typed:
            value = as_text(value)
        if value is None or isinstance(value, bool | str):
            return _compile_equality(look_up, value, node.operator == "=")
    return _compile_numeric(look_up, _NUMERIC[node.operator], value)


def _compile_equality(look_up: Lookup, value: str | bool | None, equal: bool) -> Callable[[Any], bool]:
    if isinstance(value, str):
        return (lambda event: look_up(event) == value) if equal else (lambda event: look_up(event) != value)
    return (lambda event: look_up(event) is value) if equal else (lambda event: look_up(event) is not value)


def _compile_numeric(look_up: Lookup, compare: Callable[[Any, Any], bool], number: Any) -> Callable[[Any], bool]:
    def test(event: Any) -> bool:
        actual = look_up(event)
        return type(actual) in (int, float) and compare(actual, number)

    return test


def _of_texts(look_up: Lookup, test: Callable[[str], bool], negated: bool) -> Callable[[Any], bool]:
    def holds(event: Any) -> bool:
        actual = look_up(event)
        return isinstance(actual, str) and test(actual) is not negated

    return holds


def _compile_pattern(pieces: tuple[str, ...]) -> Callable[[str], bool]:
    """Test a whole text against the pieces between stars, walking through it once."""
    if len(pieces) == 1:
        return lambda text: text == pieces[0]
    first, *middle, last = pieces

    def fits(text: str) -> bool:
        at, end = len(first), len(text) - len(last)
        if at > end or not (text.startswith(first) and text.endswith(last)):
            return False
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return fits
