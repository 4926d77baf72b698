"""Turns the tree of a trigger into a predicate: closures over what was worked out beforehand."""

from collections.abc import Callable, Mapping
from typing import Any

from segment_events.triggers.comparisons import compile_comparison
from segment_events.triggers.errors import Problem, TriggerError
from segment_events.triggers.parser import parse
from segment_events.triggers.searches import compile_contains, compile_match
from segment_events.triggers.tree import AllOf, AnyOf, Comparison, Contains, Match, Node

_PAIR = 2
"""Two conditions are what Segment's UI makes; joining them needs no loop."""


def compile_trigger(fql: str) -> Callable[[Mapping[str, Any]], bool]:
    """Compile a trigger once into a predicate of events.

    `fql` is what Segment keeps as a mapping's `subscribe`, such as
    `type = "track" and event = "Signed Up"`; docs/triggers.md tells what can be written.
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
        case Comparison():
            return compile_comparison(node)
        case Contains():
            return compile_contains(node)
        case Match():
            return compile_match(node)
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
