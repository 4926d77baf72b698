"""Which rows of the page's section on mappings a subscription comes near: by the directives of its mapping."""

import json
import re
from collections.abc import Callable
from typing import Any, Final

from cli.subscriptions.used import Used


def _path_names(name: str) -> Callable[[Used], bool]:
    return lambda used: re.search(rf"\b{name}\b", json.dumps(used.mapping)) is not None


def _in_capitals(directive: str, argument: str) -> Callable[[Used], bool]:
    def rule(used: Used) -> bool:
        said = [each.get(argument) for each in used.arguments(directive) if isinstance(each, dict)]
        return any(isinstance(word, str) and word != word.lower() for word in said)

    return rule


def _uses(directive: str) -> Callable[[Used], bool]:
    return lambda used: bool(used.arguments(directive))


def _writes(directive: str, pattern: str) -> Callable[[Used], bool]:
    return lambda used: any(re.search(pattern, json.dumps(each)) for each in used.arguments(directive))


def _never(used: Used) -> bool:
    # Found when the mapping is read, and so a problem of the import itself.
    return False


_RULES: Final[tuple[tuple[re.Pattern[str], Callable[[Used], Any]], ...]] = tuple(
    (re.compile(case), rule)
    for case, rule in (
        ("^raw/directive at the root", lambda used: any(key.startswith("@") for key in used.mapping)),
        ("^path/constructor", _path_names("constructor")),
        ("^path/__proto__", _path_names("__proto__")),
        ("three braces", _writes("@template", r"\{\{\{")),
        ("pattern2", _never),
        ("replace", _uses("@replace")),
        ("ENCODE", _in_capitals("@json", "mode")),
        ("LEFT", _in_capitals("@merge", "direction")),
        ("@merge", _uses("@merge")),
        (r"Integers past 2\^53", lambda used: used.directives),
        ("^A bad directive", _never),
        ("switched off fails", _never),
        ("sample", _writes("@liquid", r"\|\s*sample")),
        ("date filters", _writes("@liquid", r"\|\s*date")),
    )
)


def rule_of(case: str) -> Callable[[Used], Any] | None:
    """Give what tells whether a mapping comes near the case, None for a row that is not known."""
    return next((rule for pattern, rule in _RULES if pattern.search(case)), None)
