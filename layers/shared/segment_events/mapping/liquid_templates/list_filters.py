"""Filters of lists, and those that take a value of any kind: https://liquidjs.com/filters/."""

import json
import math
from collections.abc import Callable
from typing import Any, Final

from segment_events.mapping.javascript import number_of, text_of, utf16_length
from segment_events.mapping.json_text import encode
from segment_events.mapping.limits import spend, spend_text
from segment_events.mapping.liquid_templates.values import (
    PATH,
    equal,
    is_false,
    is_nil,
    items,
    look_into,
    text,
    whole,
)
from segment_events.mapping.paths import member
from segment_events.mapping.values import UNDEFINED

_MAX_INDENT: Final = 10


def _join(value: Any, separator: Any = UNDEFINED) -> str:
    between = " " if is_nil(separator) else text(separator)
    texts = [text_of(item, PATH) for item in items(value)]
    spend_text(sum(map(len, texts)) + len(between) * len(texts), PATH)
    return between.join(texts)


def _first(value: Any) -> Any:
    return member(value, "0") if isinstance(value, list | str) and value else ""


def _last(value: Any) -> Any:
    if isinstance(value, list):
        return value[-1] if value else UNDEFINED
    return member(value, str(utf16_length(value) - 1)) if isinstance(value, str) and value else ""


def _size(value: Any) -> int:
    if isinstance(value, list):
        return len(value)
    return utf16_length(value) if isinstance(value, str) else 0


def _sum(value: Any, name: Any = UNDEFINED) -> float:
    total, key = 0.0, "" if is_nil(name) else text(name)
    for item in items(value):
        part = look_into(item, key) if key else item
        found = math.nan if part is UNDEFINED else number_of(part, PATH)
        total += 0.0 if math.isnan(found) else found
    return total


def _compact(value: Any) -> list[Any]:
    return [item for item in items(value) if not is_nil(item)]


def _push(value: Any, item: Any = UNDEFINED) -> list[Any]:
    return [*items(value), item]


def _unshift(value: Any, item: Any = UNDEFINED) -> list[Any]:
    return [item, *items(value)]


def _pop(value: Any) -> list[Any]:
    return items(value)[:-1]


def _shift(value: Any) -> list[Any]:
    return items(value)[1:]


def _slice(value: Any, begin: Any = 0, length: Any = 1) -> Any:
    if is_nil(value):
        return []
    sequence = value if isinstance(value, list) else text(value)
    start, count = whole(begin), whole(length)
    start = start + len(sequence) if start < 0 else start
    return sequence[start : start + count] if start >= 0 and count >= 0 else sequence[:0]


def _where(value: Any, name: Any = UNDEFINED, expected: Any = UNDEFINED) -> list[Any]:
    names = text(name).split(".")
    spend(PATH, steps=len(names) * len(items(value)))
    found = [(item, _under(item, names)) for item in items(value)]
    if expected is UNDEFINED:
        return [item for item, part in found if not is_false(part)]
    return [item for item, part in found if equal(part, expected)]


def _under(item: Any, names: list[str]) -> Any:
    for name in names:
        item = look_into(item, name)
    return item


def _default(value: Any, other: Any = UNDEFINED, *, allow_false: Any = False) -> Any:
    if isinstance(value, list | str):
        return value or other
    if value is False and not is_false(allow_false):
        return value
    return other if is_false(value) else value


def _json(value: Any, indent: Any = 0) -> Any:
    if value is UNDEFINED:
        return value
    encoded, spaces = encode(value, PATH), min(whole(indent), _MAX_INDENT)
    return _indented(encoded, spaces) if spaces > 0 else encoded


def _indented(encoded: str, spaces: int) -> str:
    chunks = []
    for chunk in json.JSONEncoder(indent=spaces, ensure_ascii=False).iterencode(json.loads(encoded)):
        spend(PATH, len(chunk))
        chunks.append(chunk)
    return "".join(chunks)


LIST_FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "compact": _compact,
    "default": _default,
    "first": _first,
    "inspect": _json,
    "join": _join,
    "json": _json,
    "jsonify": _json,
    "last": _last,
    "pop": _pop,
    "push": _push,
    "raw": lambda value: value,
    "shift": _shift,
    "size": _size,
    "slice": _slice,
    "sum": _sum,
    "unshift": _unshift,
    "where": _where,
}
