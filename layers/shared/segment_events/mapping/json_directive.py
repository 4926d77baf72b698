"""@json: JSON text made of a value, or a value read from JSON text."""

from typing import Any

from segment_events.mapping.arguments import choice_argument, named_arguments
from segment_events.mapping.compiler import INVALID, Node, Place
from segment_events.mapping.json_text import decode, encode
from segment_events.mapping.values import UNDEFINED, is_truthy


def json_(argument: Any, place: Place) -> Node:
    """Compile @json, `mode` being encode or decode in any letter case.

    Nothing encodes to nothing. To decode, a text that is no JSON and a value that is no text are
    given as they are.
    """
    arguments = named_arguments(argument, place, "mode", "value")
    if arguments is None:
        return INVALID
    mode = choice_argument(arguments, "mode", place, ("encode", "decode"))
    value = arguments.get("value")
    node = place.at("value").compile(value)
    if not is_truthy(value) and not isinstance(value, dict | list):
        return place.at("value").problem("should be a directive or a value that is not empty")
    path = place.path

    def encoded(value: Any) -> Any:
        return value if value is UNDEFINED else encode(value, path)

    def decoded(value: Any) -> Any:
        return decode(value, path) if isinstance(value, str) else value

    return place.apply(encoded if mode == "encode" else decoded, node)
