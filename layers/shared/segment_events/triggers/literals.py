"""What the values of a trigger mean: texts with escapes, patterns, numbers, bare words."""

import math
import re

from segment_events.triggers.tree import Value

LONGEST_NUMBER = 100
"""Characters that a number may have."""

NUMBER = r"[+-]?[0-9]+(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?"

_ESCAPE = re.compile(r"""\\(["'\\])""")
_PATTERN_PART = re.compile(r"""\\(?P<escaped>["'\\*])|(?P<star>\*)|(?P<plain>[^\\*]+|\\)""")
_ONLY_NUMBER = re.compile(rf"\s*({NUMBER})\s*")
_WORDS: dict[str, Value] = {"true": True, "false": False, "null": None}


def read_text(body: str) -> str:
    r"""The text between two quotes. `\"`, `\'` and `\\` are escapes; other backslashes stay."""
    return _ESCAPE.sub(r"\1", body)


def read_pattern(body: str) -> tuple[str, ...]:
    r"""The literal pieces between the stars of a pattern; `\*` is a star that is meant.

    Stars side by side count as one.
    """
    pieces: list[list[str]] = [[]]
    for part in _PATTERN_PART.finditer(body):
        if part["star"]:
            pieces.append([])
        else:
            pieces[-1].append(part["escaped"] or part["plain"])
    first, *rest = ("".join(piece) for piece in pieces)
    return (first, *filter(None, rest[:-1]), rest[-1]) if rest else (first,)


def read_number(written: str) -> int | float | None:
    """The number that a text writes in decimals, or None when it writes none.

    None, too, for a number that is too long or too large to compare with.
    """
    found = _ONLY_NUMBER.fullmatch(written)
    if not found or len(found[1]) > LONGEST_NUMBER:
        return None
    if found[1].lstrip("+-").isdigit():
        return int(found[1])
    number = float(found[1])
    return number if math.isfinite(number) else None


def read_word(word: str) -> Value:
    """A value without quotes: true, false and null are themselves, other words are texts."""
    return _WORDS.get(word, word)


def as_text(value: Value) -> str:
    """The text that Segment compares a bare value as: null, true, 42 (also for 42.0 and 042)."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if value is None or isinstance(value, bool):
        return "null" if value is None else str(value).lower()
    return str(value)
