"""How much a mapping may nest, and how much it may make of an event.

A mapping is written by the account's owner, an event by anybody. Texts and objects can be doubled
again and again by a few nested directives, so each step is held to a bound; what passes it raises
MappingResolutionError.
"""

from typing import Any, Final

from segment_events.mapping.errors import MappingResolutionError

MAX_MAPPING_DEPTH: Final = 100
"""Deepest nesting of a mapping, counted in objects and lists."""

MAX_VALUE_DEPTH: Final = 200
"""Deepest nesting of a value that a directive walks through: an event, and a mapping around it."""

MAX_TEXT: Final = 1_000_000
"""Longest text that a directive may make, in characters."""

MAX_STEP: Final = 1_000_000
"""Largest value that @json writes or reads and that @transform hands on: values and characters."""


def limited_text(text: str, path: str) -> str:
    """Return `text`, or raise if the directive at `path` made it longer than MAX_TEXT."""
    check_text_length(len(text), path)
    return text


def check_text_length(length: int, path: str) -> None:
    """Raise if a text of `length` characters is more than the directive at `path` may make."""
    if length > MAX_TEXT:
        reason = f"the text would be longer than {MAX_TEXT} characters"
        raise MappingResolutionError(path, reason)


def check_depth(depth: int, path: str) -> None:
    """Raise if the directive at `path` has walked `depth` levels into a value, and that is deep."""
    if depth > MAX_VALUE_DEPTH:
        raise too_deep(path)


def too_deep(path: str) -> MappingResolutionError:
    """Return the error of the directive at `path` for a value nested too deep."""
    return MappingResolutionError(path, f"the value is nested deeper than {MAX_VALUE_DEPTH}")


def check_value(value: Any, path: str) -> None:
    """Raise if `value` is nested deeper than MAX_VALUE_DEPTH or larger than MAX_STEP."""
    size = 0
    waiting: list[tuple[Any, int]] = [(value, 0)]
    while waiting:
        part, depth = waiting.pop()
        size += 1
        if isinstance(part, str):
            size += len(part)
        elif isinstance(part, dict | list):
            check_depth(depth, path)
            members = part.values() if isinstance(part, dict) else part
            waiting.extend((member, depth + 1) for member in members)
            size += sum(map(len, part)) if isinstance(part, dict) else 0
        if size > MAX_STEP:
            raise MappingResolutionError(path, f"the value is larger than {MAX_STEP} characters")
