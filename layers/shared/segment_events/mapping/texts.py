"""@template, @case and @replace: texts made of values of the event."""

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from segment_events.mapping.compiler import (
    INVALID,
    NOTHING,
    Constant,
    Node,
    Place,
    Resolver,
    kind_of,
    named_arguments,
    should_be,
    text_argument,
    text_or_directive,
)
from segment_events.mapping.javascript import UNDEFINED, WHITESPACE, text_of, utf16_join, utf16_split
from segment_events.mapping.limits import limited_text, spend, spend_text
from segment_events.mapping.paths import compile_path

MAX_PATTERN: Final = 10
"""Longest pattern and longest replacement of @replace, in UTF-16 units."""

_REFERENCE: Final = re.compile(r"(\$[$&`'])")
_REFERENCES: Final[dict[str, Callable[[re.Match[str]], str]]] = {
    "$$": lambda match: "$",
    "$&": lambda match: match.group(),
    "$`": lambda match: match.string[: match.start()],
    "$'": lambda match: match.string[match.end() :],
}
_SURROGATE: Final = re.compile("[\ud800-\udfff]")
_ASCII_END: Final = 0x80
_BMP_END: Final = 0x10000


def case(argument: Any, place: Place) -> Node:
    """Compile @case: a text in lower or upper case, any other value as it is.

    An operator that is neither is an error for texts alone, as it is for Segment.
    """
    arguments = named_arguments(argument, place, "operator", "value")
    if arguments is None:
        return INVALID
    operator = text_argument(arguments, "operator", place, least=1)
    value = arguments.get("value", "")
    node = text_or_directive(value, place.at("value")) if value != "" else NOTHING
    change = {"lower": str.lower, "upper": str.upper}.get(operator or "")

    def apply(text: Any) -> Any:
        if not isinstance(text, str):
            return text
        if change is None:
            raise place.error('the operator should be "lower" or "upper"')
        return limited_text(change(text), place.path)

    return INVALID if operator is None else place.apply(apply, node)


type Part = str | Resolver


def template(argument: Any, place: Place) -> Node:
    """Compile @template: a text with paths in braces, or a directive that gives one.

    Placeholders in three braces are found first, then those in two. What a placeholder brings in is
    never read for placeholders again, so an event cannot reach what the mapping does not name.
    """
    node = text_or_directive(argument, place)
    path = place.path
    if isinstance(node, Constant):
        if node is not INVALID and not isinstance(node.value, str):
            return place.problem(should_be("a text", node.value))
        return node if node is INVALID else _renderer(node.value, path)

    def resolve(root: Any) -> Any:
        text = node(root)
        if not isinstance(text, str):
            raise place.error(f"the template should be a text but is {kind_of(text)}")
        return _rendered(_parts(text, path), root, path)

    return resolve


def _renderer(text: str, path: str) -> Node:
    parts = _parts(text, path)
    if all(isinstance(part, str) for part in parts):
        return Constant(text)
    return lambda root: _rendered(parts, root, path)


def _parts(text: str, path: str) -> list[Part]:
    spend(path, len(text))
    parts: list[Part] = []
    for index, triple in enumerate(_split(text, 3)):
        chunks = [triple] if index % 2 else _split(triple, 2)
        for inner, chunk in enumerate(chunks):
            spend(path)
            if (index + inner) % 2:
                parts.append(compile_path(chunk.strip(WHITESPACE)))
            elif chunk:
                parts.append(chunk)
    return parts


def _split(text: str, braces: int) -> Iterator[str]:
    """Give what stands outside and inside of `braces` in turn, in one pass over `text`.

    A placeholder begins at the first opening braces before a closing brace, holds at least one character and ends
    in that many closing braces.
    """
    opening, closing = "{" * braces, "}" * braces
    done = position = 0
    while (start := text.find(opening, position)) >= 0 and (end := text.find("}", start)) >= 0:
        inside, position = start + braces, end + 1
        if end > inside and text.startswith(closing, end):
            yield text[done:start]
            yield text[inside:end]
            done = position = end + braces
    yield text[done:]


def _rendered(parts: list[Part], root: Any, path: str) -> str:
    spend(path, steps=len(parts))
    texts = [part if isinstance(part, str) else text_of(part(root), path) for part in parts]
    spend_text(sum(map(len, texts)), path)
    return "".join(texts)


@dataclass(frozen=True, slots=True)
class Substitution:
    """What @replace replaces with what, whether in any letter case, and whether everywhere or once."""

    pattern: str
    replacement: str
    ignore_case: bool
    everywhere: bool


def replace(argument: Any, place: Place) -> Node:
    """Compile @replace: a text with a pattern, taken as it stands, replaced once or throughout.

    Numbers and booleans are put to text first. Of a list, an object, null or nothing there is no
    text, and so no result.
    """
    read = ("pattern", "replacement", "value", "ignorecase", "global")
    arguments = named_arguments(argument, place, *read)
    if arguments is None:
        return INVALID
    steps = _substitutions(arguments, place)
    value = arguments.get("value")
    node = text_or_directive(value, place.at("value")) if value != "" else NOTHING
    if None in steps:
        return INVALID
    path = place.path
    substitutes = [_substituter(step, path) for step in steps if step]

    def apply(value: Any) -> Any:
        if value is None or value is UNDEFINED or isinstance(value, dict | list):
            return UNDEFINED
        text = text_of(value, path)
        for substitute in substitutes:
            text = substitute(text)
        return text

    return place.apply(apply, node)


def _substitutions(arguments: Mapping[str, Any], place: Place) -> list[Substitution | None]:
    ignore_case = _flag(arguments, "ignorecase", place, default=False)
    everywhere = _flag(arguments, "global", place, default=True)
    names = [("pattern", "replacement")]
    if _has_second_pattern(arguments):
        names.append(("pattern2", "replacement2"))
        arguments = {**arguments, "replacement2": arguments.get("replacement2") or ""}
    steps: list[Substitution | None] = []
    for pattern_name, replacement_name in names:
        pattern = text_argument(arguments, pattern_name, place, least=1, most=MAX_PATTERN)
        replacement = text_argument(arguments, replacement_name, place, most=MAX_PATTERN)
        if pattern is None or replacement is None or ignore_case is None or everywhere is None:
            steps.append(None)
        else:
            steps.append(Substitution(pattern, replacement, ignore_case, everywhere))
    return steps


def _has_second_pattern(arguments: Mapping[str, Any]) -> bool:
    pattern, replacement = arguments.get("pattern2"), arguments.get("replacement2")
    return bool(pattern) and isinstance(pattern, str) and isinstance(replacement or "", str)


def _flag(arguments: Mapping[str, Any], name: str, place: Place, *, default: bool) -> bool | None:
    value = arguments.get(name, default)
    if isinstance(value, bool):
        return value
    place.at(name).problem(should_be("true or false", value))
    return None


def _substituter(step: Substitution, path: str) -> Callable[[str], str]:
    """Return String.replace of JavaScript for the pattern of `step`.

    In a replacement "$$" stands for "$", "$&" for what was found, "$`" and "$'" for the text before
    and after it: https://tc39.es/ecma262/ (GetSubstitution). Letter case is ignored one UTF-16 unit
    at a time, as a regular expression without the flag u does. The result raises
    MappingResolutionError for the directive at `path` when the text grows too long.
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
        return "".join([_REFERENCES[part](match) if part in _REFERENCES else part for part in parts])

    return substitute


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
