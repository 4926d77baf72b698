"""A trigger as an immutable tree, and what the values in it mean: texts with escapes, patterns, numbers, bare words.

The parser makes the tree, the compiler reads it.
"""

import math
import re
from dataclasses import dataclass

type Value = str | int | float | bool | None
"""A value as it was written: a text (in quotes, or a bare word), a number, true, false, null."""


@dataclass(frozen=True, slots=True)
class Path:
    """A field: the top-level name, then object keys and list indexes as texts.

    `otherwise` is where to look when nothing is there. It is set only when a key holds an
    escaped dot or bracket: Segment writes the field items[0].sku as `items\\[0\\].sku`, and reads
    that as items, 0, sku.
    """

    keys: tuple[str, ...]
    otherwise: tuple[str, ...] | None = None


@dataclass(frozen=True, slots=True)
class Comparison:
    """`path operator value`, the operator one of = != < <= > >=."""

    path: Path
    operator: str
    value: Value


@dataclass(frozen=True, slots=True)
class Contains:
    """`contains(path, text)`: the field is a text and holds the given one.

    Negated (`!contains`): the field is a text and does not hold it.
    """

    path: Path
    text: str
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Match:
    """`match(path, pattern)`: the field is a text, and all of it fits the pattern.

    `pieces` are the literal texts between the stars, so one more than there are stars.
    Negated (`!match`): the field is a text and does not fit.
    """

    path: Path
    pieces: tuple[str, ...]
    negated: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """True when `operand` is false."""

    operand: "Node"


@dataclass(frozen=True, slots=True)
class AllOf:
    """True when every one of `operands` (two or more, joined by `and`) is."""

    operands: "tuple[Node, ...]"


@dataclass(frozen=True, slots=True)
class AnyOf:
    """True when one of `operands` (two or more, joined by `or`) is."""

    operands: "tuple[Node, ...]"


type Node = Comparison | Contains | Match | Not | AllOf | AnyOf


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
