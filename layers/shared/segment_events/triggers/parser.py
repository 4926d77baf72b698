"""The grammar of triggers.

    trigger  = any
    any      = ["and" | "or"] all {"or" all}
    all      = one {"and" one}
    one      = ("!" | "not") one | "(" any ")" | condition
    condition = path operator value | ("contains" | "match") "(" path "," value ")"

A leading `and` or `or` joins nothing and is passed over, as in Segment.
"""

from dataclasses import replace
from typing import NoReturn

from segment_events.triggers.conditions import read_condition
from segment_events.triggers.cursor import Cursor, Unreadable, is_mark, is_word
from segment_events.triggers.errors import Problem, TriggerError
from segment_events.triggers.tree import AllOf, AnyOf, Contains, Match, Node, Not

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
