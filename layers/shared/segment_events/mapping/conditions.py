"""@if and @excludeWhenNull: values that depend on whether another is there."""

from collections.abc import Callable
from typing import Any

from segment_events.mapping.arguments import named_arguments
from segment_events.mapping.compiler import Constant, Node, Place, resolver
from segment_events.mapping.limits import check_depth, spend
from segment_events.mapping.values import UNDEFINED, Resolver, is_truthy


def if_(argument: Any, place: Place) -> Node:
    """Compile @if: `then` when `exists` is neither nothing nor null, else `else`.

    With `blank` in place of `exists`, "" and what equals it (0, false, an empty list) lead to
    `else` as well: the name says the opposite, and mappings rely on it.
    """
    arguments = named_arguments(argument, place, "exists", "blank", "then", "else")
    if arguments is None:
        return Constant(UNDEFINED)
    if not is_truthy(arguments.get("exists")) and not is_truthy(arguments.get("blank")):
        return place.problem('needs "exists" or "blank", with a value that is not empty')
    nodes = {name: place.at(name).compile(value) for name, value in arguments.items()}
    otherwise = nodes.get("else", Constant(UNDEFINED))
    if not is_truthy(arguments.get("else")):
        otherwise = Constant(UNDEFINED)
    then = nodes.get("then", Constant(UNDEFINED))
    if "exists" not in arguments:
        return _choose_blank(resolver(nodes["blank"]), resolver(then), resolver(otherwise))
    if arguments["exists"] == arguments.get("then"):
        return _first_there(resolver(then), resolver(otherwise))
    return _choose(resolver(nodes["exists"]), resolver(then), resolver(otherwise))


def _choose(test: Resolver, then: Resolver, otherwise: Resolver) -> Resolver:
    def resolve(root: Any) -> Any:
        value = test(root)
        return otherwise(root) if value is None or value is UNDEFINED else then(root)

    return resolve


def _first_there(then: Resolver, otherwise: Resolver) -> Resolver:
    def resolve(root: Any) -> Any:
        value = then(root)
        return otherwise(root) if value is None or value is UNDEFINED else value

    return resolve


def _choose_blank(test: Resolver, then: Resolver, otherwise: Resolver) -> Resolver:
    def resolve(root: Any) -> Any:
        return otherwise(root) if _is_blank(test(root)) else then(root)

    return resolve


def _is_blank(value: Any) -> bool:
    if isinstance(value, list):
        return _is_blank_list(value)
    return value is None or value is UNDEFINED or (not isinstance(value, dict) and not value)


def _is_blank_list(value: list[Any]) -> bool:
    """Tell whether JavaScript writes "" for a list: with two items there is a comma in it, and 0 is "0"."""
    item: Any = value
    while isinstance(item, list):
        if len(item) != 1:
            return not item
        item = item[0]
    return item is None or item is UNDEFINED or item == ""


def exclude_when_null(argument: Any, place: Place) -> Node:
    """Compile @excludeWhenNull: null is nothing, in an object and the objects in it too."""
    return place.apply(_without_nulls(place.path), place.compile(argument))


def _without_nulls(path: str) -> Callable[[Any], Any]:
    def clean(value: Any, depth: int = 0) -> Any:
        if value is None:
            return UNDEFINED
        if not isinstance(value, dict):
            return value
        check_depth(depth, path)
        spend(path, steps=len(value))
        return {key: clean(member, depth + 1) for key, member in value.items() if member is not None}

    return clean
