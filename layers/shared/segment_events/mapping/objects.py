"""@flatten and @merge: objects made of other objects."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from segment_events.mapping.arguments import (
    choice_argument,
    named_arguments,
    should_be,
    text_argument,
)
from segment_events.mapping.compiler import INVALID, Node, Place, resolver
from segment_events.mapping.javascript import ordered_keys, utf16_split
from segment_events.mapping.limits import check_depth, spend
from segment_events.mapping.values import UNDEFINED, is_truthy


def flatten(argument: Any, place: Place) -> Node:
    """Compile @flatten: one flat object, its keys the paths to what is no object and no list.

    With `omitArrays` lists are left whole. An object or list with nothing in it leaves no key.
    """
    arguments = named_arguments(argument, place, "separator", "value")
    if arguments is None:
        return INVALID
    separator = text_argument(arguments, "separator", place, least=1)
    if "value" not in arguments:
        return place.problem('needs "value"')
    node = place.at("value").compile(arguments["value"])
    omit_lists = is_truthy(arguments.get("omitArrays"))
    collect = _collector(separator or "", omit_lists, place.path)

    def apply(value: Any) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        collect(value, flat)
        return flat

    return place.apply(apply, node) if separator else INVALID


def _collector(separator: str, omit_lists: bool, path: str) -> Callable[[Any, dict[str, Any]], None]:
    def collect(value: Any, flat: dict[str, Any], prefix: str = "", depth: int = 0) -> None:
        check_depth(depth, path)
        keys: Iterable[Any]
        if isinstance(value, dict):
            keys = ordered_keys(value)
        elif isinstance(value, list) and not omit_lists:
            keys = range(len(value))
        else:
            if value is UNDEFINED:
                flat.pop(prefix, None)
            else:
                flat[prefix] = value
            return
        for key in keys:
            name = f"{prefix}{separator}{key}" if prefix else str(key)
            spend(path, len(name))
            collect(value[key], flat, name, depth + 1)

    return collect


def merge(argument: Any, place: Place) -> Node:
    """Compile @merge: one object of the members of several, the last one winning.

    With `direction` left the first one wins. Null wins over a value, nothing does not.
    """
    arguments = named_arguments(argument, place, "objects", "direction")
    if arguments is None:
        return INVALID
    direction = choice_argument(arguments, "direction", place, ("left", "right"))
    objects = arguments.get("objects")
    if not isinstance(objects, list | tuple):
        return place.at("objects").problem(should_be("a list", objects))
    nodes = [_merged_object(value, place.at("objects", str(index))) for index, value in enumerate(objects)]
    if direction == "left":
        nodes.reverse()
    resolvers = [resolver(node) for node in nodes]
    path = place.path

    def resolve(root: Any) -> dict[str, Any]:
        result: dict[str, Any] = {}
        for part in resolvers:
            result.update(_members(part(root), path))
        return result

    return resolve


def _merged_object(value: Any, place: Place) -> Node:
    if isinstance(value, Mapping):
        return place.compile(value)
    return place.problem(should_be("an object or a directive", value))


def _members(value: Any, path: str) -> Mapping[str, Any]:
    """Return what Object.assign copies of `value`: a text's letters and a list's items by index."""
    if isinstance(value, dict):
        spend(path, steps=len(value))
        return value
    if not isinstance(value, list | str):
        return {}
    spend(path, steps=len(value))
    if isinstance(value, str):
        value = utf16_split(value)
    return {str(index): item for index, item in enumerate(value) if item is not UNDEFINED}
