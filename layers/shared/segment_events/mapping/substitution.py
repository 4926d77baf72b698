"""String.replace of JavaScript for a pattern taken as it stands.

In a replacement "$$" stands for "$", "$&" for what was found, "$`" and "$'" for the text before
and after it: https://tc39.es/ecma262/ (GetSubstitution). Letter case is ignored one UTF-16 unit
at a time, as a regular expression without the flag u does.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache
from typing import Final

from segment_events.mapping.javascript import utf16_join, utf16_split
from segment_events.mapping.limits import limited_text, spend, spend_text

_REFERENCE: Final = re.compile(r"(\$[$&`'])")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ASCII_END: Final = 0x80
_BMP_END: Final = 0x10000


@dataclass(frozen=True, slots=True)
class Substitution:
    """What to replace with what, whether in any letter case, and whether everywhere or once."""

    pattern: str
    replacement: str
    ignore_case: bool
    everywhere: bool


def substituter(step: Substitution, path: str) -> Callable[[str], str]:
    """Return what carries `step` out on a text.

    It raises MappingResolutionError for the directive at `path` when the text grows too long.
    """
    if _SURROGATE.search(step.pattern):
        substitute = _with_expression(step, path)
        return lambda text: utf16_join(substitute(utf16_split(text)))
    if step.ignore_case or _REFERENCE.search(step.replacement):
        return _with_expression(step, path)
    count = -1 if step.everywhere else 1
    pattern, replacement = step.pattern, step.replacement
    return lambda text: limited_text(text.replace(pattern, replacement, count), path)


def _with_expression(step: Substitution, path: str) -> Callable[[str], str]:
    alike = _alike if step.ignore_case else re.escape
    expression = re.compile("".join(map(alike, step.pattern)))
    parts = _REFERENCE.split(step.replacement)
    contexts = parts.count("$`") + parts.count("$'")
    count = 0 if step.everywhere else 1

    def substitute(text: str) -> str:
        found = sum(1 for _ in expression.finditer(text)) if contexts and step.everywhere else 1
        spend_text(found * contexts * len(text), path)
        return limited_text(expression.sub(expand, text, count), path)

    def expand(match: re.Match[str]) -> str:
        spend(path)
        return "".join([_expanded(part, match) for part in parts])

    return substitute


def _expanded(part: str, match: re.Match[str]) -> str:
    if part == "$$":
        return "$"
    if part == "$&":
        return match.group()
    if part == "$`":
        return match.string[: match.start()]
    return match.string[match.end() :] if part == "$'" else part


def _alike(character: str) -> str:
    same = _by_upper_case().get(_upper(character), character)
    return f"[{re.escape(same)}]"


def _upper(character: str) -> str:
    upper = character.upper()
    to_ascii = ord(character) >= _ASCII_END and upper.isascii()
    return character if len(upper) != 1 or to_ascii else upper


@cache
def _by_upper_case() -> dict[str, str]:
    table: dict[str, str] = {}
    for character in map(chr, range(_BMP_END)):
        upper = _upper(character)
        table[upper] = table.get(upper, "") + character
    return table
