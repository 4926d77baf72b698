"""Writes a trigger's tree as FQL again, one spelling for each meaning: what a person is shown of a condition."""

import json
import re
from typing import Final

from segment_events.triggers.tree import AllOf, AnyOf, Comparison, Contains, Match, Node, Path, Value

_NO_NAME: Final = re.compile(r"[^\w-]")
_QUOTED: Final = re.compile(r'["\\]')
_IN_PATTERN: Final = re.compile(r'["\\*]')


def as_fql(node: Node) -> str:
    """Give the FQL of a tree; read again it is the same tree."""
    match node:
        case Comparison():
            return f"{path_as_fql(node.path)} {node.operator} {_value(node.value)}"
        case Contains():
            return f"{'!' * node.negated}contains({path_as_fql(node.path)}, {_text(node.text)})"
        case Match():
            pattern = "*".join(_IN_PATTERN.sub(r"\\\g<0>", piece) for piece in node.pieces)
            return f'{"!" * node.negated}match({path_as_fql(node.path)}, "{pattern}")'
        case AllOf():
            return " and ".join(map(_grouped, node.operands))
        case AnyOf():
            return " or ".join(map(_grouped, node.operands))
        case _:
            return f"!({as_fql(node.operand)})"


def path_as_fql(path: Path) -> str:
    """Give a field as FQL writes it: properties.two\\ words."""
    return ".".join([path.keys[0], *(_NO_NAME.sub(r"\\\g<0>", key) for key in path.keys[1:])])


def _grouped(node: Node) -> str:
    return f"({as_fql(node)})" if isinstance(node, AllOf | AnyOf) else as_fql(node)


def _value(value: Value) -> str:
    return _text(value) if isinstance(value, str) else json.dumps(value)


def _text(text: str) -> str:
    return '"' + _QUOTED.sub(r"\\\g<0>", text) + '"'
