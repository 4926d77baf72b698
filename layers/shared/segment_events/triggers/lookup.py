"""Finds a field in an event. Only mappings and lists are entered, never attributes."""

from collections.abc import Callable, Mapping
from typing import Any

from segment_events.triggers.tree import Path

type Lookup = Callable[[Any], Any]
"""From an event to the value of one field, None when it is missing (or null)."""

type _Step = tuple[str, int | None]

_LONGEST_INDEX = 9


def compile_lookup(path: Path) -> Lookup:
    """The look-up of one path, its keys and indexes worked out. It raises for no JSON value."""
    here = _compile_steps(path.keys)
    if path.otherwise is None:
        return here
    there = _compile_steps(path.otherwise)

    def look_twice(event: Any) -> Any:
        value = here(event)
        return there(event) if value is None else value

    return look_twice


def _compile_steps(keys: tuple[str, ...]) -> Lookup:
    steps = tuple((key, _as_index(key)) for key in keys)

    def look_up(value: Any) -> Any:
        for step in steps:
            value = _enter(value, step)
            if value is None:
                return None
        return value

    return look_up


def _as_index(key: str) -> int | None:
    digits = key.isascii() and key.isdigit() and len(key) <= _LONGEST_INDEX
    return int(key) if digits and key == str(int(key)) else None


def _enter(value: Any, step: _Step) -> Any:
    key, index = step
    if isinstance(value, dict):
        return value.get(key)
    if isinstance(value, list):
        return value[index] if index is not None and index < len(value) else None
    return value.get(key) if isinstance(value, Mapping) else None
