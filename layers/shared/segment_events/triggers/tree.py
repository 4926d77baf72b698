"""A trigger as an immutable tree, which the parser makes and the compiler reads."""

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
