"""@if and @excludeWhenNull: values that depend on whether another is there."""

from collections.abc import Callable
from typing import Any, Final

from segment_events.mapping.compiler import INVALID, NOTHING, Node, Place, Resolver, named_arguments, resolver
from segment_events.mapping.javascript import UNDEFINED, is_truthy
from segment_events.mapping.limits import check_depth, spend

_ARGUMENTS: Final = ("exists", "blank", "then", "else")


def if_(argument: Any, place: Place) -> Node:
    """Compile @if: `then` when `exists` is neither nothing nor null, else `else`.

    With `blank` in place of `exists`, "" and what equals it (0, false, an empty list) lead to
    `else` as well: the name says the opposite, and mappings rely on it.
    """
    arguments = named_arguments(argument, place, *_ARGUMENTS)
    if arguments is None:
        return INVALID
    if not is_truthy(arguments.get("exists")) and not is_truthy(arguments.get("blank")):
        return place.problem('needs "exists" or "blank", with a value that is not empty')
    nodes = {name: place.at(name).compile(value) for name, value in arguments.items() if name in _ARGUMENTS}
    then = resolver(nodes.get("then", NOTHING))
    otherwise = resolver(nodes["else"] if is_truthy(arguments.get("else")) else NOTHING)
    if "exists" not in arguments:
        return _choose(_is_blank, resolver(nodes["blank"]), then, otherwise)
    if arguments["exists"] == arguments.get("then"):
        return _first_there(then, otherwise)
    return _choose(_is_missing, resolver(nodes["exists"]), then, otherwise)


def _choose(is_absent: Callable[[Any], bool], tested: Resolver, then: Resolver, otherwise: Resolver) -> Resolver:
    def resolve(root: Any) -> Any:
        return otherwise(root) if is_absent(tested(root)) else then(root)

    return resolve


def _first_there(then: Resolver, otherwise: Resolver) -> Resolver:
    def resolve(root: Any) -> Any:
        value = then(root)
        return otherwise(root) if value is None or value is UNDEFINED else value

    return resolve


def _is_missing(value: Any) -> bool:
    return value is None or value is UNDEFINED


def _is_blank(value: Any) -> bool:
    """Tell whether JavaScript finds `value` equal to "": it writes a list of one as its item, so [0] is "0"."""
    if not isinstance(value, list):
        return not isinstance(value, dict) and not value
    while isinstance(value, list):
        if len(value) != 1:
            return not value
        value = value[0]
    return value is None or value is UNDEFINED or value == ""


def exclude_when_null(argument: Any, place: Place) -> Node:
    """Compile @excludeWhenNull: null is nothing, in an object and the objects in it too."""
    path = place.path

    def clean(value: Any, depth: int = 0) -> Any:
        if value is None:
            return UNDEFINED
        if not isinstance(value, dict):
            return value
        check_depth(depth, path)
        spend(path, steps=len(value))
        return {key: clean(member, depth + 1) for key, member in value.items() if member is not None}

    return place.apply(clean, place.compile(argument))
