"""How Liquid sees the values of an event: as text, as numbers, compared and looked into."""

import math
import re
from collections.abc import Callable
from typing import Any, Final

from liquid.builtin.expressions.primitive import Blank, Empty
from liquid.undefined import Undefined as MissingVariable

from segment_events.mapping.errors import MappingResolutionError
from segment_events.mapping.javascript import (
    WHITESPACE,
    number_of,
    number_text,
    text_of,
    utf16_length,
)
from segment_events.mapping.limits import MAX_TEXT, check_depth, spend, spend_text
from segment_events.mapping.paths import member
from segment_events.mapping.values import UNDEFINED

PATH: Final = ""
"""Path of errors raised inside a template; the directive puts its own in place."""

COMPARED_A_CHARACTER: Final = 200
"""How many comparisons of characters, inside of Python, cost what a character read does."""

_MAX_RANGE: Final = 10_000
_FROM_THE_END: Final = re.compile("-[0-9]{1,15}")
_LEAST_LINEAR: Final = 30_000


def plain(value: Any) -> Any:
    """Return `value` as the filters take it: UNDEFINED for a missing variable, a list for a range."""
    if isinstance(value, MissingVariable):
        return UNDEFINED
    if isinstance(value, range):
        if len(value) > _MAX_RANGE:
            raise MappingResolutionError(PATH, f"a range has at most {_MAX_RANGE} numbers")
        spend(PATH, steps=len(value))
        return list(value)
    return value


def text(value: Any, depth: int = 0) -> str:
    """Return `value` as Liquid prints it: a list without commas, nothing for null."""
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list):
        check_depth(depth, PATH)
        spend(PATH, steps=len(value))
        texts = [text(item, depth + 1) for item in value]
        spend_text(sum(map(len, texts)), PATH)
        return "".join(texts)
    return "[object Object]" if isinstance(value, dict) else ""


def number(value: Any) -> float:
    """Return `value` as a number, 0 for what is none."""
    found = number_of(value, PATH)
    return 0.0 if math.isnan(found) else found


def whole(value: Any) -> int:
    """Return `value` cut to a whole number between the longest text and its negative."""
    return int(max(-MAX_TEXT, min(MAX_TEXT, number(value))))


def items(value: Any) -> list[Any]:
    """Return `value` as a list: itself, none of nothing, or one of anything else."""
    if is_nil(value):
        return []
    return value if isinstance(value, list) else [value]


def is_nil(value: Any) -> bool:
    """Tell whether `value` is null or not there."""
    return value is None or value is UNDEFINED


def is_false(value: Any) -> bool:
    """Tell whether Liquid takes `value` for false: false, null and nothing are, "" and 0 are not."""
    return value is False or is_nil(value)


def look_into(value: Any, key: Any) -> Any:
    """Return what `value` itself holds under `key`, its size, or the first or last of a list."""
    name = text(key)
    if isinstance(value, dict) and name in value:
        return value[name]
    if name == "size" and isinstance(value, dict | list | str):
        return utf16_length(value) if isinstance(value, str) else len(value)
    if isinstance(value, list):
        if name in {"first", "last"}:
            return UNDEFINED if not value else value[0 if name == "first" else -1]
        name = str(len(value) + int(name)) if _FROM_THE_END.fullmatch(name) else name
    return member(value, name)


def equal(left: Any, right: Any, depth: int = 0) -> bool:
    """Tell whether two values are equal: of one kind, lists item by item, objects never but to
    themselves.
    """
    check_depth(depth, PATH)
    spend(PATH)
    for special, other in ((left, right), (right, left)):
        if isinstance(special, Blank | Empty):
            return _is_blank(other) if isinstance(special, Blank) else _is_empty(other)
    if isinstance(left, list):
        same_length = isinstance(right, list) and len(left) == len(right)
        return same_length and all(equal(a, b, depth + 1) for a, b in zip(left, right, strict=True))
    if isinstance(left, dict | bool) or isinstance(right, bool):
        return left is right
    return bool(left == right)


def _is_empty(value: Any) -> bool:
    return isinstance(value, str | list | dict) and not value


def _is_blank(value: Any) -> bool:
    return is_false(value) or _is_empty(value) or (isinstance(value, str) and not value.strip(WHITESPACE))


def ordered(test: Callable[[Any, Any], bool]) -> Callable[[Any, Any], bool]:
    """Return `test` (<, <=, > or >=) as JavaScript applies it: to two texts, else to numbers."""

    def compare(left: Any, right: Any) -> bool:
        if isinstance(left, Blank | Empty) or isinstance(right, Blank | Empty):
            return False
        if isinstance(left, dict | list | str) and isinstance(right, dict | list | str):
            return test(text_of(left, PATH), text_of(right, PATH))
        return test(_as_number(left), _as_number(right))

    return compare


def _as_number(value: Any) -> float:
    return math.nan if value is UNDEFINED else number_of(value, PATH)


def contains(left: Any, right: Any) -> bool:
    """Tell whether the list `left` has the item `right`, or the text `left` the text `right`."""
    if isinstance(left, list):
        return any(equal(item, right) for item in left)
    if not isinstance(left, str):
        return False
    if is_nil(right):
        return ("null" if right is None else "undefined") in left
    part = text(right)
    spend_search(left, part)
    return part in left


def spend_search(searched: str, part: str) -> None:
    """Spend a search of `part` in a text.

    Python compares each character of a text that is not long with each of the part, at the worst.
    """
    compared = min(len(searched), _LEAST_LINEAR) * len(part)
    spend(PATH, len(searched) + compared // COMPARED_A_CHARACTER)
