"""Reads one condition of a trigger: a comparison, or a call of contains or match.

What can be written: docs/triggers.md. Segment has no published grammar of it; its own form is
described at https://segment.com/docs/connections/destinations/actions/#conditions.
"""

import re

from segment_events.triggers.cursor import Cursor, Unreadable, is_mark, is_word
from segment_events.triggers.fields import FIELDS
from segment_events.triggers.lexer import Kind
from segment_events.triggers.literals import (
    as_text,
    read_number,
    read_pattern,
    read_text,
    read_word,
)
from segment_events.triggers.tree import Comparison, Contains, Match, Path, Value

_FIELD = "a field such as event or properties.total"
_OPERATOR = "an operator (=, !=, <, <=, > or >=)"
_NOT_IN = " and, instead of in, one = for each value, joined by or"
_VALUE = "a value (a text in quotes, a number, true, false or null)"
_LONGEST_SHOWN = 40
_BREAK = re.compile(r"[.\[\]]")


def read_condition(cursor: Cursor) -> Comparison | Contains | Match:
    """Read a comparison or a call. Raises Unreadable when it is neither, with its problem noted."""
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
        cursor.note(f"expected a field ({', '.join(FIELDS)}), found {shown}", root)
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
