"""Paths into an event: "properties.items[0].sku".

A path is cut at dots and at brackets around a digit or a quoted name, when it is compiled. The
walk stops at the first value that JavaScript takes for false and gives that value. Only what an
object or a list itself holds is reached, and the length of a list or a text; nothing that
JavaScript inherits. Rules: docs/mapping.md, "Paths".
"""

import re
from typing import Any, Final

from segment_events.mapping.javascript import utf16_length, utf16_unit
from segment_events.mapping.values import UNDEFINED, Resolver, is_truthy

_CUT: Final = re.compile(r"""\[(?=["'0-9])|\.|(?<=["'0-9])\]+""")
_QUOTES: Final = str.maketrans("", "", "\"'")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,14}")


def split_path(path: str) -> tuple[str, ...]:
    """Return the keys that `path` names, none for the whole root."""
    return tuple(chunk.translate(_QUOTES) for chunk in _CUT.split(path) if chunk)


def without_root(path: str) -> str:
    """Return `path` less the first "$.", wherever it stands, as @path and @arrayPath read it."""
    return path.replace("$.", "", 1)


def compile_path(path: str) -> Resolver:
    """Return what looks `path` up in a root."""
    keys = split_path(path)
    if not keys:
        return lambda root: root

    def resolve(root: Any) -> Any:
        return walk(root, keys)

    return resolve


def walk(root: Any, keys: tuple[str, ...]) -> Any:
    """Return the value under `keys` in `root`, or UNDEFINED."""
    value = root
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key, UNDEFINED)
        elif is_truthy(value):
            value = member(value, key)
        else:
            return value
    return value


def member(value: Any, key: str) -> Any:
    """Return what a list or a text holds under `key`: an item, a UTF-16 unit or its length."""
    if not isinstance(value, list | str):
        return UNDEFINED
    if key == "length":
        return utf16_length(value) if isinstance(value, str) else len(value)
    if not _INDEX.fullmatch(key):
        return UNDEFINED
    index = int(key)
    if isinstance(value, str):
        return utf16_unit(value, index) or UNDEFINED
    return value[index] if index < len(value) else UNDEFINED
