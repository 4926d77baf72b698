"""@case: a text in lower or upper case."""

from typing import Any

from segment_events.mapping.arguments import named_arguments, text_argument, text_or_directive
from segment_events.mapping.compiler import INVALID, Constant, Node, Place
from segment_events.mapping.limits import limited_text
from segment_events.mapping.values import UNDEFINED


def case(argument: Any, place: Place) -> Node:
    """Compile @case: a text in lower or upper case, any other value as it is.

    An operator that is neither is an error for texts alone, as it is for Segment.
    """
    arguments = named_arguments(argument, place, "operator", "value")
    if arguments is None:
        return INVALID
    operator = text_argument(arguments, "operator", place, least=1)
    value = arguments.get("value", "")
    node = text_or_directive(value, place.at("value")) if value != "" else Constant(UNDEFINED)
    change = {"lower": str.lower, "upper": str.upper}.get(operator or "")

    def apply(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        if change is None:
            raise place.error('the operator should be "lower" or "upper"')
        return limited_text(change(text), place.path)

    return INVALID if operator is None else place.apply(apply, node)
