"""What directives ask of their arguments, in one place so that all complain in the same words."""

from collections.abc import Mapping
from typing import Any

from segment_events.mapping.compiler import Node, Place
from segment_events.mapping.javascript import utf16_length
from segment_events.mapping.values import kind_of


def is_directive(value: object) -> bool:
    """Tell whether `value` is an object with a key that starts with "@"."""
    return isinstance(value, Mapping) and any(str(key).startswith("@") for key in value)


def should_be(expected: str, value: object) -> str:
    """Say that `value` is not what was `expected`."""
    actual = "a directive" if is_directive(value) else kind_of(value)
    return f"should be {expected} but is {actual}"


def text_or_directive(value: Any, place: Place) -> Node:
    """Compile `value`, which must be a text or a directive that may give one."""
    if isinstance(value, str) or is_directive(value):
        return place.compile(value)
    return place.problem(should_be("a text or a directive", value))


def named_arguments(argument: Any, place: Place, *read: str) -> Mapping[str, Any] | None:
    """Return the named arguments of a directive, or None after noting that it has none.

    Arguments that are not in `read` are compiled for their problems and otherwise ignored, as
    Segment ignores them: its editor leaves such behind.
    """
    if not isinstance(argument, Mapping) or is_directive(argument):
        place.problem(should_be("an object of arguments", argument))
        return None
    for name, value in argument.items():
        if name not in read:
            place.at(str(name)).compile(value)
    return argument


def text_argument(
    arguments: Mapping[str, Any], name: str, place: Place, least: int = 0, most: int | None = None
) -> str | None:
    """Return the argument `name`, a text of `least` to `most` characters, or None with a problem.

    Characters are counted as JavaScript does, in UTF-16 units.
    """
    value = arguments.get(name, "")
    if not isinstance(value, str):
        place.at(name).problem(should_be("a text", value))
    elif utf16_length(value) < least:
        place.at(name).problem(f"should be a text of {least} or more characters")
    elif most is not None and utf16_length(value) > most:
        place.at(name).problem(f"should be a text of at most {most} characters")
    else:
        return value
    return None


def choice_argument(arguments: Mapping[str, Any], name: str, place: Place, choices: tuple[str, ...]) -> str | None:
    """Return the argument `name` in lower case, one of `choices`, or None with a problem."""
    value = arguments.get(name)
    if isinstance(value, str) and value.lower() in choices:
        return value.lower()
    place.at(name).problem(f"should be one of {', '.join(choices)}")
    return None
