"""@replace: a text with a pattern in it replaced."""

from collections.abc import Callable, Mapping
from typing import Any, Final

from segment_events.mapping.arguments import (
    named_arguments,
    should_be,
    text_argument,
    text_or_directive,
)
from segment_events.mapping.compiler import INVALID, Constant, Node, Place
from segment_events.mapping.javascript import text_of
from segment_events.mapping.substitution import Substitution, substituter
from segment_events.mapping.values import UNDEFINED

MAX_PATTERN: Final = 10
"""Longest pattern and longest replacement, in UTF-16 units."""


def replace(argument: Any, place: Place) -> Node:
    """Compile @replace: a text with a pattern, taken as it stands, replaced once or throughout.

    Numbers and booleans are put to text first. Of a list, an object, null or nothing there is no
    text, and so no result.
    """
    read = ("pattern", "replacement", "value", "ignorecase", "global")
    arguments = named_arguments(argument, place, *read)
    if arguments is None:
        return INVALID
    steps = _steps(arguments, place)
    value = arguments.get("value")
    node = text_or_directive(value, place.at("value")) if value != "" else Constant(UNDEFINED)
    if None in steps:
        return INVALID
    return place.apply(_replacer([step for step in steps if step], place.path), node)


def _replacer(steps: list[Substitution], path: str) -> Callable[[Any], Any]:
    substitutes = [substituter(step, path) for step in steps]

    def apply(value: Any) -> Any:
        if value is None or value is UNDEFINED or isinstance(value, dict | list):
            return UNDEFINED
        text = text_of(value, path)
        for substitute in substitutes:
            text = substitute(text)
        return text

    return apply


def _steps(arguments: Mapping[str, Any], place: Place) -> list[Substitution | None]:
    ignore_case = _flag(arguments, "ignorecase", place, default=False)
    everywhere = _flag(arguments, "global", place, default=True)
    names = [("pattern", "replacement")]
    if _is_second_step(arguments):
        names.append(("pattern2", "replacement2"))
        arguments = {**arguments, "replacement2": arguments.get("replacement2") or ""}
    steps: list[Substitution | None] = []
    for pattern_name, replacement_name in names:
        pattern = text_argument(arguments, pattern_name, place, least=1, most=MAX_PATTERN)
        replacement = text_argument(arguments, replacement_name, place, most=MAX_PATTERN)
        if pattern is None or replacement is None or ignore_case is None or everywhere is None:
            steps.append(None)
        else:
            steps.append(Substitution(pattern, replacement, ignore_case, everywhere))
    return steps


def _is_second_step(arguments: Mapping[str, Any]) -> bool:
    pattern, replacement = arguments.get("pattern2"), arguments.get("replacement2")
    return bool(pattern) and isinstance(pattern, str) and isinstance(replacement or "", str)


def _flag(arguments: Mapping[str, Any], name: str, place: Place, *, default: bool) -> bool | None:
    value = arguments.get(name, default)
    if isinstance(value, bool):
        return value
    place.at(name).problem(should_be("true or false", value))
    return None
