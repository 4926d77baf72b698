"""Filters of texts: https://liquidjs.com/filters/."""

import re
from collections.abc import Callable
from typing import Any, Final

from segment_events.mapping.javascript import WHITESPACE
from segment_events.mapping.limits import check_text_length
from segment_events.mapping.liquid_templates.values import PATH, text, whole
from segment_events.mapping.values import UNDEFINED

_BLANKS: Final = re.compile(f"[{WHITESPACE}]+")
_LINE_END: Final = re.compile(r"\r?\n")


def _append(value: Any, argument: Any) -> str:
    return text(value) + text(argument)


def _prepend(value: Any, argument: Any) -> str:
    return text(argument) + text(value)


def _lower_case(value: Any) -> str:
    return text(value).lower()


def _upper_case(value: Any) -> str:
    return text(value).upper()


def _capitalize(value: Any) -> str:
    whole_text = text(value)
    return whole_text[:1].upper() + whole_text[1:].lower()


def _strip(value: Any, characters: Any = "") -> str:
    return text(value).strip(text(characters) or WHITESPACE)


def _strip_left(value: Any, characters: Any = "") -> str:
    return text(value).lstrip(text(characters) or WHITESPACE)


def _strip_right(value: Any, characters: Any = "") -> str:
    return text(value).rstrip(text(characters) or WHITESPACE)


def _strip_newlines(value: Any) -> str:
    return _LINE_END.sub("", text(value))


def _normalize_whitespace(value: Any) -> str:
    return _BLANKS.sub(" ", text(value))


def _squish(value: Any) -> str:
    return _normalize_whitespace(value).strip()


def _replace(value: Any, pattern: Any = UNDEFINED, replacement: Any = UNDEFINED) -> str:
    whole_text, old, new = text(value), text(pattern), text(replacement)
    if not old:
        return new.join(whole_text)
    check_text_length(len(whole_text) + whole_text.count(old) * (len(new) - len(old)), PATH)
    return whole_text.replace(old, new)


def _replace_first(value: Any, pattern: Any = UNDEFINED, replacement: Any = UNDEFINED) -> str:
    return text(value).replace(text(pattern), text(replacement), 1)


def _replace_last(value: Any, pattern: Any = UNDEFINED, replacement: Any = UNDEFINED) -> str:
    whole_text, old = text(value), text(pattern)
    start = whole_text.rfind(old)
    if start < 0:
        return whole_text
    return whole_text[:start] + text(replacement) + whole_text[start + len(old) :]


def _remove(value: Any, pattern: Any = UNDEFINED) -> str:
    return _replace(value, pattern) if text(pattern) else text(value)


def _remove_first(value: Any, pattern: Any = UNDEFINED) -> str:
    return _replace_first(value, pattern)


def _remove_last(value: Any, pattern: Any = UNDEFINED) -> str:
    return _replace_last(value, pattern)


def _split(value: Any, separator: Any = UNDEFINED) -> list[str]:
    whole_text, between = text(value), text(separator)
    parts = whole_text.split(between) if between else list(whole_text)
    while parts and not parts[-1]:
        parts.pop()
    return parts


def _truncate(value: Any, length: Any = 50, ending: Any = "...") -> Any:
    whole_text, end, most = text(value), text(ending), whole(length)
    if len(whole_text) <= most:
        return value
    return whole_text[: max(most - len(end), 0)] + end


def _truncate_words(value: Any, words: Any = 15, ending: Any = "...") -> str:
    most = max(whole(words), 1)
    found = _BLANKS.split(text(value).lstrip(WHITESPACE))
    return " ".join(found[:most]) + (text(ending) if len(found) >= most else "")


def _number_of_words(value: Any) -> int:
    stripped = text(value).strip(WHITESPACE)
    return len(_BLANKS.split(stripped)) if stripped else 0


TEXT_FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "append": _append,
    "capitalize": _capitalize,
    "downcase": _lower_case,
    "lstrip": _strip_left,
    "normalize_whitespace": _normalize_whitespace,
    "number_of_words": _number_of_words,
    "prepend": _prepend,
    "remove": _remove,
    "remove_first": _remove_first,
    "remove_last": _remove_last,
    "replace": _replace,
    "replace_first": _replace_first,
    "replace_last": _replace_last,
    "rstrip": _strip_right,
    "split": _split,
    "squish": _squish,
    "strip": _strip,
    "strip_newlines": _strip_newlines,
    "truncate": _truncate,
    "truncatewords": _truncate_words,
    "upcase": _upper_case,
}
