"""@transform: a mapping put through another; and the root directive, which is written apart."""

from collections.abc import Mapping
from typing import Any

from segment_events.mapping.arguments import named_arguments, should_be
from segment_events.mapping.compiler import INVALID, ROOT_DIRECTIVE, Node, Place, resolver
from segment_events.mapping.limits import spend_value
from segment_events.mapping.values import UNDEFINED, kind_of


def transform(argument: Any, place: Place) -> Node:
    """Compile @transform: `mapping` sees what `apply` gives, and no longer the event."""
    arguments = named_arguments(argument, place, "apply", "mapping")
    if arguments is None:
        return INVALID
    for name in ("apply", "mapping"):
        if not isinstance(arguments.get(name), Mapping):
            place.at(name).problem(should_be("an object or a directive", arguments.get(name)))
            return INVALID
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
