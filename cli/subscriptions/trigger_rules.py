"""Which rows of the page's section on triggers a subscription comes near: by how its trigger is written."""

import re
from collections.abc import Callable, Iterator
from typing import Any, Final

from cli.subscriptions.used import Used
from segment_events.fql.tokens import Kind
from segment_events.fql.tree import Match

_JOINING: Final = frozenset({"and", "or"})
_INHERITED: Final = frozenset({"constructor", "__proto__", "prototype", "toString", "valueOf", "hasOwnProperty"})
_ENDS: Final = 2


def _words(used: Used) -> Iterator[tuple[int, str]]:
    """Give the joining words and negations, each with the number of the group that it stands in."""
    groups, opened, before = [0], 0, None
    for token in used.tokens:
        if token.kind is Kind.MARK and token.text == "(":
            opened += 1
            groups.append(opened)
        elif token.kind is Kind.MARK and token.text == ")":
            groups.pop()
        is_value = before is not None and (before.kind is Kind.OPERATOR or before.text in (",", "."))
        if token.kind is Kind.NAME and token.text.lower() in (*_JOINING, "not") and not is_value:
            yield groups[-1], token.text
        before = token


def _mixes(used: Used) -> bool:
    joined = {(group, word.lower()) for group, word in _words(used) if word.lower() in _JOINING}
    groups = [group for group, _ in joined]
    return len(groups) > len(set(groups))


def _negates_a_group(used: Used) -> bool:
    pairs = zip(used.tokens, used.tokens[1:], strict=False)
    return any(first.text.lower() in ("!", "not") and second.text == "(" for first, second in pairs)


def _star_elsewhere(match: Match) -> bool:
    return len(match.pieces) > _ENDS or (len(match.pieces) == _ENDS and all(match.pieces))


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[Used], Any]], ...]] = tuple(
    (re.compile(case), rule)
    for case, rule in (
        ("^mixed", _mixes),
        ("^negated group", _negates_a_group),
        ("^upper case", lambda used: any(word != word.lower() for _, word in _words(used))),
        ("^match star", lambda used: any(map(_star_elsewhere, used.matches))),
        ("^match no star", lambda used: any(len(match.pieces) == 1 for match in used.matches)),
        ("single quotes", lambda used: any(quote == "'" for quote, _ in used.quotes())),
        ("escaped double quote", lambda used: any('\\"' in text for _, text in used.quotes())),
        ("backslash", lambda used: any("\\\\" in text for _, text in used.quotes())),
        ("^no value", lambda used: False),  # a problem of the import itself
        ("array index", lambda used: any(name.isdigit() for name in used.names)),
        ("digit first", lambda used: any(name[:1].isdigit() and not name.isdigit() for name in used.names)),
        ("prototype", lambda used: any(name in _INHERITED for name in used.names)),
    )
)


def rule_of(case: str) -> Callable[[Used], Any] | None:
    """Give what tells whether a trigger comes near the case, None for a row that is not known."""
    return next((rule for pattern, rule in _RULES if pattern.search(case)), None)
