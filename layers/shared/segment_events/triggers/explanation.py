"""Says which conditions of a trigger made it take an event, or not."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from segment_events.triggers.comparisons import compile_comparison
from segment_events.triggers.lookup import compile_lookup
from segment_events.triggers.parser import parse
from segment_events.triggers.searches import compile_contains, compile_match
from segment_events.triggers.tree import AllOf, AnyOf, Comparison, Contains, Match, Node
from segment_events.triggers.wording import as_fql, path_as_fql


@dataclass(frozen=True, slots=True)
class Finding:
    """A condition that decided: as FQL, whether it holds, its field, and what the event has there.

    `found` is None, too, where the event has nothing. `negated` tells that the condition stands under an odd number of
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
    look_up, text, field = compile_lookup(node.path), as_fql(node), path_as_fql(node.path)
    match node:
        case Comparison():
            test = compile_comparison(node)
        case Contains():
            test = compile_contains(node)
        case _:
            test = compile_match(node)

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
