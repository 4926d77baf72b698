"""Filters of texts: https://liquidjs.com/filters/."""

import re
from collections.abc import Callable
from typing import Any, Final

from segment_events.mapping.javascript import WHITESPACE
from segment_events.mapping.limits import spend, spend_text
from segment_events.mapping.liquid_templates.values import COMPARED_A_CHARACTER, PATH, spend_search, text, whole
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
    return text(value).strip(_stripped(value, characters))


def _strip_left(value: Any, characters: Any = "") -> str:
    return text(value).lstrip(_stripped(value, characters))


def _strip_right(value: Any, characters: Any = "") -> str:
    return text(value).rstrip(_stripped(value, characters))


def _stripped(value: Any, characters: Any) -> str:
    """Return the characters to strip off `value`, each once: Python looks each of a text up in all of them."""
    different = "".join(dict.fromkeys(text(characters)))
    spend(PATH, len(text(value)) * len(different) // COMPARED_A_CHARACTER)
    return different or WHITESPACE


def _strip_newlines(value: Any) -> str:
    return _LINE_END.sub("", text(value))


def _normalize_whitespace(value: Any) -> str:
    return _BLANKS.sub(" ", text(value))


def _squish(value: Any) -> str:
    return _normalize_whitespace(value).strip()


def _replace(value: Any, pattern: Any = UNDEFINED, replacement: Any = UNDEFINED) -> str:
    whole_text, old, new = text(value), text(pattern), text(replacement)
    spend_search(whole_text, old)
    if not old:
        spend_text(len(whole_text) * (len(new) + 1), PATH)
        return new.join(whole_text)
    spend_text(len(whole_text) + whole_text.count(old) * (len(new) - len(old)), PATH)
    return whole_text.replace(old, new)


def _replace_first(value: Any, pattern: Any = UNDEFINED, replacement: Any = UNDEFINED) -> str:
    spend_search(text(value), text(pattern))
    return text(value).replace(text(pattern), text(replacement), 1)


def _replace_last(value: Any, pattern: Any = UNDEFINED, replacement: Any = UNDEFINED) -> str:
    whole_text, old = text(value), text(pattern)
    spend_search(whole_text, old)
    # Backwards, since rfind takes the square of the length where find does not.
    start = whole_text[::-1].find(old[::-1])
    if start < 0:
        return whole_text
    end = len(whole_text) - start
    return whole_text[: end - len(old)] + text(replacement) + whole_text[end:]


def _remove(value: Any, pattern: Any = UNDEFINED) -> str:
    return _replace(value, pattern) if text(pattern) else text(value)


def _remove_first(value: Any, pattern: Any = UNDEFINED) -> str:
    return _replace_first(value, pattern)


def _remove_last(value: Any, pattern: Any = UNDEFINED) -> str:
    return _replace_last(value, pattern)


def _split(value: Any, separator: Any = UNDEFINED) -> list[str]:
    whole_text, between = text(value), text(separator)
    spend_search(whole_text, between)
    spend(PATH, steps=whole_text.count(between) if between else len(whole_text))
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
    found = _BLANKS.split(text(value).lstrip(WHITESPACE), most)
    return " ".join(found[:most]) + (text(ending) if len(found) >= most else "")


def _number_of_words(value: Any) -> int:
    stripped = text(value).strip(WHITESPACE)
    return sum(1 for _ in _BLANKS.finditer(stripped)) + 1 if stripped else 0


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
