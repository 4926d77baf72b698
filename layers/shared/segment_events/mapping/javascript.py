"""Values as JavaScript has them, where what a mapping gives depends on it.

Segment runs mappings in JavaScript: a value that is null differs from one that is not there, 1.0 in a
template reads "1", and a list reads as its items with commas between them. The rules are those of
https://tc39.es/ecma262/ (ToBoolean, Number::toString, ToString, StringToNumber, String.length in UTF-16
units).
"""

import math
import re
from array import array
from decimal import Decimal
from typing import Any, Final

from segment_events.mapping.limits import check_depth, spend

WHITESPACE: Final = (
    "\t\n\v\f\r \xa0\u1680\u2000\u2001\u2002\u2003\u2004\u2005\u2006\u2007\u2008\u2009\u200a"
    "\u2028\u2029\u202f\u205f\u3000\ufeff"
)
"""What String.trim removes."""

_LARGEST_PLAIN: Final = 10**21
_LEAST_PLAIN_EXPONENT: Final = -6
_MOST_PLAIN_DIGITS: Final = 21
_DECIMAL: Final = re.compile(r"[+-]?(?:Infinity|(?:[0-9]++(?:\.[0-9]*+)?|\.[0-9]++)(?:[eE][+-]?[0-9]+)?)")
_RADIX: Final = re.compile(r"0(?:[xX][0-9a-fA-F]+|[oO][0-7]+|[bB][01]+)")
_ARRAY_INDEX: Final = re.compile(r"0|[1-9][0-9]{0,9}")
_ARRAY_INDEX_END: Final = 2**32 - 1
_UNITS_AT_ONCE: Final = 4096


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
"""What is not there. A member that resolves to it is left out, where null stays. It never leaves this package."""


def is_truthy(value: object) -> bool:
    """Tell whether JavaScript takes `value` for true: empty lists and objects are."""
    if isinstance(value, float) and math.isnan(value):
        return False
    return bool(value) or isinstance(value, list | dict)


def text_of(value: Any, path: str, separator: str = ",", depth: int = 0) -> str:
    """Return `value` as JavaScript's String() writes it, UNDEFINED and null as "".

    `separator` stands between the items of lists. Raises MappingResolutionError for the directive at
    `path` when lists nest too deep.
    """
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        return number_text(value)
    if isinstance(value, list):
        check_depth(depth, path)
        spend(path, steps=len(value))
        texts = [text_of(item, path, separator, depth + 1) for item in value]
        spend(path, sum(map(len, texts)))
        return separator.join(texts)
    return "[object Object]" if isinstance(value, dict) else ""


def number_text(number: float) -> str:
    """Return `number` as JavaScript writes it; integers below 1e21 keep all their digits."""
    if isinstance(number, int):
        return str(number) if -_LARGEST_PLAIN < number < _LARGEST_PLAIN else number_text(_float(number))
    if not math.isfinite(number):
        return "NaN" if math.isnan(number) else "Infinity" if number > 0 else "-Infinity"
    text = repr(number).removesuffix(".0")
    return "0" if text == "-0" else _scientific_text(text) if "e" in text else text


def _scientific_text(text: str) -> str:
    sign, figures, exponent = Decimal(text).as_tuple()
    digits = "".join(map(str, figures))
    point = len(digits) + int(exponent)
    minus = "-" if sign else ""
    if len(digits) <= point <= _MOST_PLAIN_DIGITS:
        return minus + digits.ljust(point, "0")
    if _LEAST_PLAIN_EXPONENT < point <= 0:
        return f"{minus}0.{'0' * -point}{digits}"
    fraction = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{minus}{digits[0]}{fraction}e{point - 1:+d}"


def number_of(value: Any, path: str) -> float:
    """Return `value` as JavaScript's Number() reads it: NaN if it is no number."""
    if isinstance(value, bool | int | float):
        return _float(value)
    if value is None:
        return 0.0
    if isinstance(value, list):
        value = text_of(value, path)
    return _number_in(value) if isinstance(value, str) else math.nan


def _number_in(text: str) -> float:
    text = text.strip(WHITESPACE)
    if not text:
        return 0.0
    if _DECIMAL.fullmatch(text):
        return float(text)
    return _float(int(text, 0)) if _RADIX.fullmatch(text) else math.nan


def _float(number: float) -> float:
    try:
        return float(number)
    except OverflowError:
        return math.inf if number > 0 else -math.inf


def ordered_keys(members: dict[str, Any]) -> list[str]:
    """Return the keys of `members` in JavaScript's order: array indexes first, from small to large."""
    keys = list(members)
    indexes = [key for key in keys if _is_array_index(key)]
    if not indexes:
        return keys
    return sorted(indexes, key=int) + [key for key in keys if not _is_array_index(key)]


def _is_array_index(key: str) -> bool:
    return bool(_ARRAY_INDEX.fullmatch(key)) and int(key) < _ARRAY_INDEX_END


def utf16_length(text: str) -> int:
    """Return the length of `text` as JavaScript counts it: a character past U+FFFF is two."""
    return len(text) if text.isascii() else len(text.encode("utf-16-le", "surrogatepass")) // 2


def utf16_unit(text: str, index: int) -> str | None:
    """Return the UTF-16 unit of `text` at `index`, half a character where that is past U+FFFF, or None at its end."""
    if text.isascii():
        return text[index : index + 1] or None
    unit = text[: index + 1].encode("utf-16-le", "surrogatepass")[2 * index : 2 * index + 2]
    return unit.decode("utf-16-le", "surrogatepass") or None


def utf16_split(text: str) -> str:
    """Return `text` with every character past U+FFFF as its two surrogates."""
    if text.isascii():
        return text
    units = memoryview(text.encode("utf-16-le", "surrogatepass")).cast("H")
    parts = [units[start : start + _UNITS_AT_ONCE] for start in range(0, len(units), _UNITS_AT_ONCE)]
    return "".join(["".join(map(chr, part)) for part in parts])


def utf16_join(text: str) -> str:
    """Return `text`, all of it UTF-16 units, with each pair of surrogates as the character that it stands for."""
    return array("H", map(ord, text)).tobytes().decode("utf-16-le", "surrogatepass")
