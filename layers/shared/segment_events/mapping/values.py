"""The values that mappings work on: JSON, and one more that stands for nothing.

JavaScript tells a value that is null from one that is not there, and the mapping language shows
it: a member that resolves to nothing is left out, null stays. `UNDEFINED` is that nothing; it
never leaves this package.
"""

import math
from collections.abc import Callable, Mapping
from typing import Any, Final

from segment_events.mapping.limits import spend

type Resolver = Callable[[Any], Any]
"""What a directive is compiled to: from the root (the event, or an item of @arrayPath) to a value
or UNDEFINED."""


class Undefined:
    """The class of UNDEFINED alone."""

    __slots__ = ()

    def __bool__(self) -> bool:
        """Tell false, as JavaScript does."""
        return False

    def __repr__(self) -> str:
        """Name it as JavaScript does."""
        return "undefined"


UNDEFINED: Final = Undefined()

_KINDS: Final[tuple[tuple[type | tuple[type, ...], str], ...]] = (
    (bool, "true or false"),
    (str, "a text"),
    ((int, float), "a number"),
    (Mapping, "an object"),
    ((list, tuple), "a list"),
    (type(None), "null"),
    (Undefined, "nothing"),
)


def kind_of(value: object) -> str:
    """Say what kind of value `value` is, for a message: never the value itself."""
    return next((name for kinds, name in _KINDS if isinstance(value, kinds)), "no JSON value")


def is_truthy(value: object) -> bool:
    """Tell whether JavaScript takes `value` for true: empty lists and objects are."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value) or isinstance(value, list | dict)


def fill_holes(result: dict[str, Any], path: str) -> None:
    """Put null where a list in `result` holds UNDEFINED, as JSON.stringify does.

    Only lists that a mapping built can hold it, so no part of an event is changed. The walk is spent
    by the mapping at `path`.
    """
    waiting: list[Any] = [result]
    while waiting:
        value = waiting.pop()
        spend(path, steps=len(value))
        members = value.values() if isinstance(value, dict) else value
        waiting.extend(member for member in members if isinstance(member, dict | list))
        if isinstance(value, list):
            for index, item in enumerate(value):
                if item is UNDEFINED:
                    value[index] = None
