"""Compiles contains and match. Both are true of texts only, negated or not, as in Segment."""

from collections.abc import Callable
from typing import Any

from segment_events.triggers.lookup import Lookup, compile_lookup
from segment_events.triggers.tree import Contains, Match


def compile_contains(node: Contains) -> Callable[[Any], bool]:
    """The predicate of `contains(path, text)` or `!contains(path, text)`."""
    return _of_texts(compile_lookup(node.path), lambda text: node.text in text, node.negated)


def compile_match(node: Match) -> Callable[[Any], bool]:
    """The predicate of `match(path, pattern)` or `!match(path, pattern)`."""
    return _of_texts(compile_lookup(node.path), _compile_pattern(node.pieces), node.negated)


def _of_texts(look_up: Lookup, test: Callable[[str], bool], negated: bool) -> Callable[[Any], bool]:
    def holds(event: Any) -> bool:
        actual = look_up(event)
        return isinstance(actual, str) and test(actual) is not negated

    return holds


def _compile_pattern(pieces: tuple[str, ...]) -> Callable[[str], bool]:
    """Test a whole text against the pieces between stars, walking through it once."""
    if len(pieces) == 1:
        return lambda text: text == pieces[0]
    first, *middle, last = pieces

    def fits(text: str) -> bool:
        at, end = len(first), len(text) - len(last)
        if at > end or not (text.startswith(first) and text.endswith(last)):
            return False
        for piece in middle:
            found = text.find(piece, at, end)
            if found < 0:
                return False
            at = found + len(piece)
        return True

    return fits
