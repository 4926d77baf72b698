"""@template: a text with values of the event in it, "Hi {{traits.name}}".

Placeholders in three braces are found first, then those in two. What a placeholder brings in is
never read for placeholders again, so an event cannot reach what the mapping does not name.
"""

import re
from typing import Any, Final

from segment_events.mapping.arguments import should_be, text_or_directive
from segment_events.mapping.compiler import INVALID, Constant, Node, Place
from segment_events.mapping.javascript import WHITESPACE, text_of
from segment_events.mapping.limits import check_text_length
from segment_events.mapping.paths import compile_path
from segment_events.mapping.values import Resolver, kind_of

_TRIPLE: Final = re.compile(r"\{\{\{([^}]+)\}\}\}")
_DOUBLE: Final = re.compile(r"\{\{([^}]+)\}\}")

type Part = str | Resolver


def template(argument: Any, place: Place) -> Node:
    """Compile @template: the template is a text, or a directive that gives one."""
    node = text_or_directive(argument, place)
    if isinstance(node, Constant):
        if node is not INVALID and not isinstance(node.value, str):
            return place.problem(should_be("a text", node.value))
        return node if node is INVALID else _renderer(node.value, place.path)

    def resolve(root: Any) -> Any:
        text = node(root)
        if not isinstance(text, str):
            raise place.error(f"the template should be a text but is {kind_of(text)}")
        return _rendered(_parts(text), root, place.path)

    return resolve


def _renderer(text: str, path: str) -> Node:
    parts = _parts(text)
    if all(isinstance(part, str) for part in parts):
        return Constant(text)
    return lambda root: _rendered(parts, root, path)


def _parts(text: str) -> list[Part]:
    parts: list[Part] = []
    for index, triple in enumerate(_TRIPLE.split(text)):
        chunks = [triple] if index % 2 else _DOUBLE.split(triple)
        for inner, chunk in enumerate(chunks):
            if (index + inner) % 2:
                parts.append(compile_path(chunk.strip(WHITESPACE)))
            elif chunk:
                parts.append(chunk)
    return parts


def _rendered(parts: list[Part], root: Any, path: str) -> str:
    texts = [part if isinstance(part, str) else text_of(part(root), path) for part in parts]
    check_text_length(sum(map(len, texts)), path)
    return "".join(texts)
