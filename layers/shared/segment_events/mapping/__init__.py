"""Segment's mapping language: what an action is given, made of an event.

Segment documents it by example (https://www.twilio.com/docs/segment/connections/destinations/actions,
https://github.com/segmentio/action-destinations/tree/main/packages/core/src/mapping-kit); every
directive, limit and difference is in docs/mapping.md.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any, Final

from segment_events.mapping.compiler import (
    Compilation,
    Directive,
    Node,
    Place,
    Resolver,
    is_directive,
    kind_of,
    resolver,
)
from segment_events.mapping.conditions import exclude_when_null, if_
from segment_events.mapping.errors import MappingError, MappingResolutionError, Problem
from segment_events.mapping.javascript import UNDEFINED
from segment_events.mapping.json_text import json_
from segment_events.mapping.limits import spend, start_budget
from segment_events.mapping.objects import ROOT_DIRECTIVE, compile_root, flatten, merge, transform
from segment_events.mapping.paths import array_path, literal, path
from segment_events.mapping.texts import case, replace, template

__all__ = ["DIRECTIVES", "MappingError", "MappingResolutionError", "compile_mapping"]


def _liquid(argument: Any, place: Place) -> Node:
    # Imported when a mapping first uses it: python-liquid is not small.
    from segment_events.mapping.liquid import liquid  # noqa: PLC0415

    return liquid(argument, place)


DIRECTIVES: Final[Mapping[str, Directive]] = {
    "@arrayPath": array_path,
    "@case": case,
    "@excludeWhenNull": exclude_when_null,
    "@flatten": flatten,
    "@if": if_,
    "@json": json_,
    "@liquid": _liquid,
    "@literal": literal,
    "@merge": merge,
    "@path": path,
    "@replace": replace,
    "@template": template,
    "@transform": transform,
}
"""The directives by name."""


def compile_mapping(
    mapping: Mapping[str, Any], *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    """Compile `mapping` to a function from an event to what the mapping makes of it.

    `now` tells the time, for the date filters of @liquid. The function leaves the event as it is
    and may be called from any thread. The objects and lists that its result takes from the event
    are the event's own, to be read and not changed; all others are new in each result.

    Raises MappingError with every problem of the mapping. The function raises
    MappingResolutionError for an event that the mapping cannot be resolved for, and nothing else.
    """
    compilation = Compilation(DIRECTIVES, now)
    place = Place(compilation)
    if not isinstance(mapping, Mapping):
        raise MappingError([Problem("", f"a mapping should be an object but is {kind_of(mapping)}")])
    start_budget()
    resolve = resolver(compile_root(mapping, place))
    if compilation.problems:
        raise MappingError(compilation.problems)
    is_own = ROOT_DIRECTIVE not in mapping and not is_directive(mapping)
    return _runner(resolve, place, is_own)


def _runner(resolve: Resolver, place: Place, is_own: bool) -> Callable[[Mapping[str, Any]], dict[str, Any]]:
    holes = place.compilation.may_have_holes
    spends = place.compilation.spends or holes

    def run(event: Mapping[str, Any]) -> dict[str, Any]:
        if not isinstance(event, Mapping):
            raise place.error(f"the event should be an object but is {kind_of(event)}")
        if spends:
            start_budget()
        result = resolve(event if isinstance(event, dict) else dict(event))
        if not isinstance(result, dict):
            raise place.error(f"the mapping should give an object but gives {kind_of(result)}")
        if holes:
            _fill_holes(result)
        return result if is_own else result.copy()

    return run


def _fill_holes(result: dict[str, Any]) -> None:
    """Put null where a list in `result` holds UNDEFINED, as JSON.stringify does.

    Only lists that a mapping built can hold it, so no part of an event is changed.
    """
    waiting: list[Any] = [result]
    while waiting:
        value = waiting.pop()
        spend("", steps=len(value))
        members = value.values() if isinstance(value, dict) else value
        waiting.extend(member for member in members if isinstance(member, dict | list))
        if isinstance(value, list):
            for index, item in enumerate(value):
                if item is UNDEFINED:
                    value[index] = None
