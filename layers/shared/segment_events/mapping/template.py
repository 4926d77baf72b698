"""@template: a text with values of the event in it, "Hi {{traits.name}}".

Placeholders in three braces are found first, then those in two. What a placeholder brings in is
never read for placeholders again, so an event cannot reach what the mapping does not name.
"""

from collections.abc import Iterator
from typing import Any

from segment_events.mapping.arguments import should_be, text_or_directive
from segment_events.mapping.compiler import INVALID, Constant, Node, Place
from segment_events.mapping.javascript import WHITESPACE, text_of
from segment_events.mapping.limits import spend, spend_text
from segment_events.mapping.paths import compile_path
from segment_events.mapping.values import Resolver, kind_of

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
        return _rendered(_parts(text, place.path), root, place.path)

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
