"""What a subscription uses: of its action's fields, of the mapping language, of the trigger language."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from segment_events.fql.parser import parse
from segment_events.fql.tokens import Kind, Lexer, Token
from segment_events.fql.tree import AllOf, AnyOf, Match, Node, Not, Path


@dataclass(frozen=True)
class Used:
    """A subscription that can be used, as it is written."""

    action: str
    trigger: str
    mapping: Mapping[str, Any]

    def maps(self, *fields: str) -> bool:
        """Tell whether one of the fields is mapped to something."""
        return any(self.mapping.get(field) not in (None, "") for field in fields)

    def takes(self, *fields: str) -> bool:
        """Tell whether one of the fields has its value from the event."""
        return any(isinstance(self.mapping.get(field), Mapping | list) for field in fields)

    def may_find_by(self, channel: str) -> bool:
        """Tell whether contacts may be found by `email` or `mobileNumber`: where that is no constant, by both."""
        found = self.mapping.get("channelIdentifier", "email")
        return not isinstance(found, str) or found == channel

    @cached_property
    def directives(self) -> tuple[tuple[str, Any], ...]:
        """Every directive of the mapping with its argument."""
        return tuple(_directives(self.mapping))

    def arguments(self, directive: str) -> list[Any]:
        """The arguments that a directive is used with."""
        return [argument for name, argument in self.directives if name == directive]

    @cached_property
    def tokens(self) -> tuple[Token, ...]:
        """The tokens of the trigger, without its end."""
        return tuple(Lexer(self.trigger).tokens[:-1])

    @cached_property
    def matches(self) -> tuple[Match, ...]:
        """Every match(...) of the trigger."""
        return tuple(node for node in _nodes(parse(self.trigger)) if isinstance(node, Match))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """The names that the trigger's fields are made of, the top-level ones left out."""
        paths: list[Path] = [
            node.path for node in _nodes(parse(self.trigger)) if not isinstance(node, AllOf | AnyOf | Not)
        ]
        return tuple(key for path in paths for key in (path.otherwise or path.keys)[1:])

    def quotes(self) -> Iterator[tuple[str, str]]:
        """Give each text of the trigger in quotes: the quote, and what is between."""
        return ((self.trigger[token.start], token.text) for token in self.tokens if token.kind is Kind.TEXT)


def _directives(value: Any) -> Iterator[tuple[str, Any]]:
    if isinstance(value, Mapping):
        yield from ((key, argument) for key, argument in value.items() if key.startswith("@"))
        for member in value.values():
            yield from _directives(member)
    elif isinstance(value, list):
        for item in value:
            yield from _directives(item)


def _nodes(node: Node) -> Iterator[Node]:
    yield node
    if isinstance(node, AllOf | AnyOf):
        for operand in node.operands:
            yield from _nodes(operand)
    elif isinstance(node, Not):
        yield from _nodes(node.operand)
