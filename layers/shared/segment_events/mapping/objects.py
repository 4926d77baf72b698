"""@flatten, @merge and @transform: objects made of others; and the root directive, a @transform written apart."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from segment_events.mapping.compiler import (
    INVALID,
    Node,
    Place,
    choice_argument,
    kind_of,
    named_arguments,
    resolver,
    should_be,
    text_argument,
)
from segment_events.mapping.javascript import UNDEFINED, is_truthy, ordered_keys, utf16_split
from segment_events.mapping.limits import check_depth, spend, spend_value

ROOT_DIRECTIVE: Final = "__segment_internal_directive"
"""Key of a mapping's root whose value is a directive that all the other keys are put through."""


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
    path = place.path

    def collect(value: Any, flat: dict[str, Any], prefix: str = "", depth: int = 0) -> None:
        check_depth(depth, path)
        keys: Iterable[Any]
        if isinstance(value, dict):
            keys = ordered_keys(value)
        elif isinstance(value, list) and not omit_lists:
            keys = range(len(value))
        elif value is UNDEFINED:
            flat.pop(prefix, None)
            return
        else:
            flat[prefix] = value
            return
        for key in keys:
            name = f"{prefix}{separator}{key}" if prefix else str(key)
            spend(path, len(name))
            collect(value[key], flat, name, depth + 1)

    def apply(value: Any) -> dict[str, Any]:
        flat: dict[str, Any] = {}
        collect(value, flat)
        return flat

    return place.apply(apply, node) if separator else INVALID


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
    if not isinstance(value, dict | list | str):
        return {}
    spend(path, steps=len(value))
    if isinstance(value, dict):
        return value
    items = utf16_split(value) if isinstance(value, str) else value
    return {str(index): item for index, item in enumerate(items) if item is not UNDEFINED}


def transform(argument: Any, place: Place) -> Node:
    """Compile @transform: `mapping` sees what `apply` gives, and no longer the event."""
    arguments = named_arguments(argument, place, "apply", "mapping")
    if arguments is None:
        return INVALID
    for name in ("apply", "mapping"):
        if not isinstance(arguments.get(name), Mapping):
            return place.at(name).problem(should_be("an object or a directive", arguments.get(name)))
    first = resolver(compile_root(arguments["apply"], place.at("apply")))
    second = resolver(place.at("mapping").compile(arguments["mapping"]))
    path = place.path

    def resolve(root: Any) -> Any:
        if root is UNDEFINED:
            root = {}
        if not isinstance(root, dict):
            raise place.error(f"the root should be an object but is {kind_of(root)}")
        step = first(root)
        spend_value(step, path)
        return second(step)

    return resolve


def compile_root(mapping: Mapping[str, Any], place: Place) -> Node:
    """Compile a whole mapping: an event's, or the `apply` of @transform.

    Under `__segment_internal_directive` it may hold a directive that stands for the whole; the
    other keys become that directive's argument `mapping`.
    """
    if ROOT_DIRECTIVE not in mapping:
        return place.compile(mapping)
    whole, place = place, place.at(ROOT_DIRECTIVE)
    holder = mapping[ROOT_DIRECTIVE]
    if not isinstance(holder, Mapping) or len(holder) != 1:
        return place.problem("should be an object with one directive in it and nothing else")
    ((name, argument),) = holder.items()
    if isinstance(argument, list | tuple):
        return place.compile(holder)
    if not isinstance(argument, Mapping):
        return place.at(str(name)).problem(should_be("an object of arguments", argument))
    place.compilation.aliases[place.at(name, "mapping").path] = whole.path
    rest = {key: value for key, value in mapping.items() if key != ROOT_DIRECTIVE}
    return place.compile({name: {**argument, "mapping": rest}})
