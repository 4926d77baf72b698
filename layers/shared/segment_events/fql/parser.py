"""The grammar of triggers.

    trigger  = any
    any      = ["and" | "or"] all {"or" all}
    all      = one {"and" one}
    one      = ("!" | "not") one | "(" any ")" | condition
    condition = path operator value | ("contains" | "match") "(" path "," value ")"

A leading `and` or `or` joins nothing and is passed over, as in Segment.

What can be written: docs/triggers.md. Segment has no published grammar of it; its own form is
described at https://segment.com/docs/connections/destinations/actions/#conditions.
"""

import re
from dataclasses import replace
from typing import NoReturn

from segment_events.fql.errors import Problem, TriggerError
from segment_events.fql.fields import FIELDS
from segment_events.fql.tokens import Cursor, Kind, Unreadable, is_mark, is_word
from segment_events.fql.tree import (
    AllOf,
    AnyOf,
    Comparison,
    Contains,
    Match,
    Node,
    Not,
    Path,
    Value,
    as_text,
    read_number,
    read_pattern,
    read_text,
    read_word,
)
from segment_events.spelling import did_you_mean

LONGEST_TRIGGER = 100_000
"""Characters that a trigger may have, as in Segment."""

DEEPEST_NESTING = 50
"""How many parentheses and negations may stand inside one another."""

_UNREAD: Node = AllOf(())
"""Stands where a condition could not be read. Never compiled: its problem is noted."""


class _TooDeepError(Exception):
    """The nesting goes beyond the bound; its problem is noted and reading ends."""


def parse(fql: str) -> Node:
    """The tree of a trigger. Raises TriggerError with every problem that was found."""
    if len(fql) > LONGEST_TRIGGER:
        _refuse_length(fql)
    cursor = Cursor(fql)
    try:
        tree = _read_trigger(cursor)
    except _TooDeepError:
        tree = None
    if tree is None or cursor.problems:
        raise TriggerError(fql, cursor.problems)
    return tree


def _refuse_length(fql: str) -> NoReturn:
    found = f"expected at most {LONGEST_TRIGGER:,} characters, found {len(fql):,}"
    raise TriggerError("", [Problem(0, found)])


def _read_trigger(cursor: Cursor) -> Node:
    tree = _read_any(cursor, 0)
    while not cursor.at_end:
        cursor.note("expected an opening ( for this )")
        cursor.take()
        if not cursor.at_end:
            _read_any(cursor, 0)
    return tree


def _read_any(cursor: Cursor, depth: int) -> Node:
    cursor.take_word("and", "or")
    operands = [_read_all(cursor, depth)]
    while cursor.take_word("or"):
        operands.append(_read_all(cursor, depth))
    return AnyOf(tuple(operands)) if len(operands) > 1 else operands[0]


def _read_all(cursor: Cursor, depth: int) -> Node:
    operands = [_read_one(cursor, depth)]
    while not (cursor.at_end or is_word(cursor.token, "or") or is_mark(cursor.token, ")")):
        if cursor.take_word("and"):
            operands.append(_read_one(cursor, depth))
        else:
            cursor.note_expected("and, or or the end")
            cursor.skip_condition(cursor.place)
    return AllOf(tuple(operands)) if len(operands) > 1 else operands[0]


def _read_one(cursor: Cursor, depth: int) -> Node:
    if depth > DEEPEST_NESTING:
        cursor.note(f"expected at most {DEEPEST_NESTING} parentheses and negations in one another")
        raise _TooDeepError
    if is_mark(cursor.token, "("):
        return _read_group(cursor, depth)
    if cursor.take_mark("!") or cursor.take_word("not"):
        return _read_negated(cursor, depth)
    start = cursor.place
    try:
        return read_condition(cursor)
    except Unreadable:
        cursor.skip_condition(start)
        return _UNREAD


def _read_group(cursor: Cursor, depth: int) -> Node:
    opening = cursor.take()
    inner = _read_any(cursor, depth + 1)
    if not cursor.take_mark(")"):
        cursor.note("expected a closing ) for this (", opening)
    return inner


def _read_negated(cursor: Cursor, depth: int) -> Node:
    """`!` right before contains or match is Segment's operator, elsewhere the plain opposite."""
    grouped = is_mark(cursor.token, "(")
    operand = _read_one(cursor, depth + 1)
    if isinstance(operand, Contains | Match) and not (grouped or operand.negated):
        return replace(operand, negated=True)
    return Not(operand)


_FIELD = "a field such as event or properties.total"
_OPERATOR = "an operator (=, !=, <, <=, > or >=)"
_NOT_IN = " and, instead of in, one = for each value, joined by or"
_VALUE = "a value (a text in quotes, a number, true, false or null)"
_LONGEST_SHOWN = 40
_BREAK = re.compile(r"[.\[\]]")


def read_condition(cursor: Cursor) -> Comparison | Contains | Match:
    """Read a comparison or a function. Raises Unreadable when it is neither, with its problem noted."""
    if cursor.token.kind is not Kind.NAME or is_word(cursor.token, "and", "or"):
        cursor.expected('a condition such as event = "Signed Up", contains(...) or match(...)')
    if is_mark(cursor.following, "("):
        return _read_call(cursor)
    return _read_comparison(cursor)


def _read_comparison(cursor: Cursor) -> Comparison:
    path = _read_path(cursor)
    if cursor.token.kind is not Kind.OPERATOR:
        in_word = is_word(cursor.token, "in")
        cursor.expected(f"{_OPERATOR}{_NOT_IN if in_word else ''}")
    operator = cursor.take().text
    value_token = cursor.token
    value = _read_value(cursor)
    if operator in ("=", "!="):
        return Comparison(path, operator, value)
    number = read_number(value) if isinstance(value, str) else value
    if number is None or isinstance(number, bool):
        cursor.note(f"expected a number after {operator}", value_token)
    return Comparison(path, operator, number)


def _read_call(cursor: Cursor) -> Contains | Match:
    name = cursor.take()
    if name.text not in ("contains", "match"):
        cursor.note(f"expected contains or match, found {name.text[:_LONGEST_SHOWN]}(...)", name)
        raise Unreadable
    cursor.take_mark("(")
    path = _read_path(cursor)
    if not cursor.take_mark(","):
        cursor.expected("a comma and a text to look for")
    body = cursor.token.text if cursor.token.kind is Kind.TEXT else None
    value = _read_value(cursor)
    if not cursor.take_mark(")"):
        cursor.expected(f") at the end of {name.text}(...)")
    if name.text == "match":
        return Match(path, (as_text(value),) if body is None else read_pattern(body))
    return Contains(path, as_text(value))


def _read_path(cursor: Cursor) -> Path:
    root = cursor.token
    if root.kind is not Kind.NAME:
        cursor.expected(_FIELD)
    cursor.take()
    parts = _read_parts(cursor)
    field = FIELDS.get(root.text)
    if field is None:
        shown = root.text[:_LONGEST_SHOWN]
        meant = did_you_mean(shown, FIELDS)
        known = "" if meant else f" ({', '.join(FIELDS)})"
        cursor.note(f"expected a field{known}, found {shown}{meant}", root)
    elif field.nested and not parts:
        cursor.note(f"expected a name after {root.text}, such as {root.text}.plan", root)
    elif parts and not field.nested:
        cursor.note(f"expected {root.text} alone: it has no parts", root)
    if any(_BREAK.search(part) for part in parts):
        loose = tuple(filter(None, _BREAK.split(".".join(parts))))
        return Path((root.text, *parts), (root.text, *loose))
    return Path((root.text, *parts))


def _read_parts(cursor: Cursor) -> list[str]:
    parts: list[str] = []
    while is_mark(cursor.token, ".", "["):
        if cursor.take().text == ".":
            if cursor.token.kind is not Kind.NAME:
                cursor.expected("a name after the dot")
            parts.append(cursor.take().text)
        else:
            if cursor.token.kind is not Kind.NUMBER or not cursor.token.text.isdigit():
                cursor.expected("an index such as [0]")
            parts.append(as_text(read_number(cursor.take().text)))
            if not cursor.take_mark("]"):
                cursor.expected("]")
    return parts


def _read_value(cursor: Cursor) -> Value:
    token = cursor.token
    if token.kind is Kind.TEXT:
        return read_text(cursor.take().text)
    if token.kind is Kind.NUMBER:
        return read_number(cursor.take().text)
    if token.kind is not Kind.NAME or token.text in ("and", "or"):
        cursor.expected(_VALUE)
    if is_mark(cursor.following, ".", "[", "("):
        cursor.expected("a value in quotes, as it is more than a word")
    return read_word(cursor.take().text)
