"""@path, @arrayPath and @literal: values taken from the event, or given as they stand."""

from collections.abc import Mapping
from typing import Any, Final

from segment_events.mapping.arguments import is_directive, should_be, text_or_directive
from segment_events.mapping.compiler import INVALID, Constant, Node, Place, resolver
from segment_events.mapping.limits import spend
from segment_events.mapping.paths import compile_path, split_path, walk, without_root
from segment_events.mapping.values import Resolver, kind_of

_FOUND: Final = frozenset(("@path", "@template", "@liquid"))


def path(argument: Any, place: Place) -> Node:
    """Compile @path: the value at a path, itself a text or what a directive gives."""
    node = text_or_directive(argument, place)
    if isinstance(node, Constant):
        if node is not INVALID and not isinstance(node.value, str):
            return place.problem(should_be("a text", node.value))
        return node if node is INVALID else compile_path(without_root(node.value))

    def resolve(root: Any) -> Any:
        text = node(root)
        if not isinstance(text, str):
            raise place.error(f"the path should be a text but is {kind_of(text)}")
        return walk(root, split_path(without_root(text)))

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
    items = _items(argument[0], place.at("0"))
    shape = argument[1] if len(argument) > 1 else None
    node = place.at("1").compile(shape)
    if not isinstance(shape, Mapping) or not shape:
        return items
    if is_directive(shape):
        place.compilation.may_have_holes = True
    return _shaped(resolver(items), resolver(node), _size(shape), place.path)


def _items(value: Any, place: Place) -> Node:
    if isinstance(value, str):
        return compile_path(without_root(value))
    return text_or_directive(value, place)


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
