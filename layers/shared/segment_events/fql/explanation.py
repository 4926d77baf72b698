"""Says which conditions of a trigger made it take an event, or not, each written as FQL."""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Final

from segment_events.fql.compiler import compile_condition
from segment_events.fql.fields import compile_lookup
from segment_events.fql.parser import parse
from segment_events.fql.tree import AllOf, AnyOf, Comparison, Contains, Match, Node, Path, Value


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that decided: as FQL, whether it holds, its field, and what the event has there.

    `found` is None, too, where the event has nothing. `negated` says that the condition stands under an odd number of
    negations, so that the trigger wanted its opposite.
    """

    condition: str
    holds: bool
    field: str
    found: Any
    negated: bool = False


@dataclass(frozen=True, slots=True)
class _Verdict:
    holds: bool
    findings: tuple[Finding, ...]


def explain_trigger(fql: str) -> Callable[[Mapping[str, Any]], tuple[Finding, ...]]:
    """Compile a trigger into what gives, for an event, the conditions that decided.

    Where the trigger does not take the event these are the conditions that were not as wanted; of conditions joined by
    `or`, all. Raises TriggerError as compile_trigger does.
    """
    explain = _compile(parse(fql), negated=False)
    return lambda event: explain(event).findings


def _compile(node: Node, *, negated: bool) -> Callable[[Any], _Verdict]:
    match node:
        case Comparison() | Contains() | Match():
            return _compile_condition(node, negated)
        case AllOf() | AnyOf():
            parts = [_compile(operand, negated=negated) for operand in node.operands]
            return _compile_joined(parts, all if isinstance(node, AllOf) else any)
        case _:
            inner = _compile(node.operand, negated=not negated)

            def explain(event: Any) -> _Verdict:
                verdict = inner(event)
                return _Verdict(not verdict.holds, verdict.findings)

            return explain


def _compile_condition(node: Comparison | Contains | Match, negated: bool) -> Callable[[Any], _Verdict]:
    test, look_up = compile_condition(node), compile_lookup(node.path)
    text, field = as_fql(node), path_as_fql(node.path)

    def explain(event: Any) -> _Verdict:
        holds = test(event)
        return _Verdict(holds, (Finding(text, holds, field, look_up(event), negated),))

    return explain


def _compile_joined(
    parts: list[Callable[[Any], _Verdict]], join: Callable[[Iterator[bool]], bool]
) -> Callable[[Any], _Verdict]:
    def explain(event: Any) -> _Verdict:
        verdicts = [part(event) for part in parts]
        holds = join(verdict.holds for verdict in verdicts)
        deciding = [verdict.findings for verdict in verdicts if verdict.holds == holds]
        return _Verdict(holds, tuple(finding for findings in deciding for finding in findings))

    return explain


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
