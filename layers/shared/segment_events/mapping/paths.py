"""@path, @arrayPath and @literal: values found by paths, "properties.items[0].sku", or given as they are.

A path is cut at dots and at brackets around a digit or a quoted name, when it is compiled. The
walk stops at the first value that JavaScript takes for false and gives that value. Only what an
object or a list itself holds is reached, and the length of a list or a text; nothing that
JavaScript inherits. Rules: docs/mapping.md, "Paths".
"""

import re
from collections.abc import Mapping
from typing import Any, Final

from segment_events.mapping.compiler import (
    INVALID,
    Constant,
    Node,
    Place,
    Resolver,
    is_directive,
    kind_of,
    resolver,
    should_be,
    text_or_directive,
)
from segment_events.mapping.javascript import UNDEFINED, is_truthy, utf16_length, utf16_unit
from segment_events.mapping.limits import spend

_CUT: Final = re.compile(r"""\[(?=["'0-9])|\.|(?<=["'0-9])\]+""")
_QUOTES: Final = str.maketrans("", "", "\"'")
_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,14}")
_FOUND: Final = frozenset(("@path", "@template", "@liquid"))


def path(argument: Any, place: Place) -> Node:
    """Compile @path: the value at a path, itself a text or what a directive gives."""
    node = text_or_directive(argument, place)
    if isinstance(node, Constant):
        if node is not INVALID and not isinstance(node.value, str):
            return place.problem(should_be("a text", node.value))
        return node if node is INVALID else compile_path(_without_root(node.value))

    def resolve(root: Any) -> Any:
        text = node(root)
        if not isinstance(text, str):
            raise place.error(f"the path should be a text but is {kind_of(text)}")
        return _walk(root, _keys(_without_root(text)))

    return resolve


def literal(argument: Any, place: Place) -> Node:
    """Compile @literal: any value; directives in it are resolved."""
    return place.compile(argument)


def array_path(argument: Any, place: Place) -> Node:
    """Compile @arrayPath: [path] or [path, shape], the shape being resolved for each item.

    An object is taken for a list of one; anything else, or an empty shape, is given as it is.
    """
    if not isinstance(argument, list | tuple) or not argument:
        return place.problem(should_be("a list of a path and, if wanted, a shape", argument))
    if isinstance(argument[0], str):
        items: Node = compile_path(_without_root(argument[0]))
    else:
        items = text_or_directive(argument[0], place.at("0"))
    shape = argument[1] if len(argument) > 1 else None
    node = place.at("1").compile(shape)
    if not isinstance(shape, Mapping) or not shape:
        return items
    if is_directive(shape):
        place.compilation.may_have_holes = True
    return _shaped(resolver(items), resolver(node), _size(shape), place.path)


def _shaped(items: Resolver, shape: Resolver, size: tuple[int, int], path: str) -> Resolver:
    values, characters = size

    def resolve(root: Any) -> Any:
        found = items(root)
        if isinstance(found, dict):
            found = [found]
        if not isinstance(found, list):
            return found
        spend(path, characters * len(found), values * len(found))
        return [shape(item) for item in found]

    return resolve


def _size(shape: Any) -> tuple[int, int]:
    """Return how many values `shape` makes, and how many characters its own keys and texts have.

    What a directive in it finds or writes counts as one value.
    """
    values = characters = 0
    waiting = [shape]
    while waiting:
        part = waiting.pop()
        values += 1
        if isinstance(part, str):
            characters += len(part)
        elif isinstance(part, Mapping) and _FOUND.isdisjoint(part):
            characters += sum(map(len, part))
            waiting.extend(part.values())
        elif isinstance(part, list | tuple):
            waiting.extend(part)
    return values, characters


def compile_path(path: str) -> Resolver:
    """Return what finds the value at `path` in a root, or UNDEFINED. The empty path is the whole root."""
    keys = _keys(path)
    return (lambda root: _walk(root, keys)) if keys else (lambda root: root)


def _keys(path: str) -> tuple[str, ...]:
    return tuple(chunk.translate(_QUOTES) for chunk in _CUT.split(path) if chunk)


def _without_root(path: str) -> str:
    """Return `path` less the first "$.", wherever it stands, as @path and @arrayPath read it."""
    return path.replace("$.", "", 1)


def _walk(root: Any, keys: tuple[str, ...]) -> Any:
    value = root
    for key in keys:
        if isinstance(value, dict):
            value = value.get(key, UNDEFINED)
        elif is_truthy(value):
            value = _member(value, key)
        else:
            return value
    return value


def _member(value: Any, key: str) -> Any:
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
