"""Segment's mapping language: what an action is given, made of an event.

Segment documents it by example (https://www.twilio.com/docs/segment/connections/destinations/actions,
https://github.com/segmentio/action-destinations/tree/main/packages/core/src/mapping-kit); every
directive, limit and difference is in docs/mapping.md.
"""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from typing import Any

from segment_events.mapping.arguments import is_directive
from segment_events.mapping.compiler import ROOT_DIRECTIVE, Compilation, Place, resolver
from segment_events.mapping.directives import DIRECTIVES
from segment_events.mapping.errors import MappingError, MappingResolutionError
from segment_events.mapping.limits import start_budget
from segment_events.mapping.transform import compile_root
from segment_events.mapping.values import Resolver, fill_holes, kind_of

__all__ = ["MappingError", "MappingResolutionError", "compile_mapping"]


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
        raise MappingError([f"/: a mapping should be an object but is {kind_of(mapping)}"])
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
            fill_holes(result, place.path)
        return result if is_own else result.copy()

    return run
