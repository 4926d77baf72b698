"""CloudWatch on recorded metrics: statistics, the metric math that the template uses, and the states of alarms.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/using-metric-math.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/alarm-evaluation.html
"""

import ast
import json
import operator
from collections.abc import Callable, Iterable, Mapping
from itertools import pairwise
from statistics import fmean
from typing import Any, Final

type Series = dict[int, float]
"""Values by the beginning of their period, in epoch seconds."""
type Operand = Series | float
type _Key = tuple[str, str, frozenset[tuple[str, str]]]

_BEYOND: Final = 2
"""CloudWatch looks at some periods more than EvaluationPeriods where data are missing; AWS's example has two."""
_STATISTICS: Final[Mapping[str, Callable[[list[float]], float]]] = {
    "Sum": sum,
    "Maximum": max,
    "Minimum": min,
    "Average": fmean,
    "SampleCount": len,
}


class Recorded:
    """Metrics as CloudWatch keeps them."""

    def __init__(self) -> None:
        """Have none yet."""
        self._values: dict[_Key, list[tuple[float, float]]] = {}

    def add(self, name: str, at: float, value: float, namespace: str = "SegmentDotdigital", **dimensions: str) -> None:
        """Record a value at a time in epoch seconds."""
        self._values.setdefault((namespace, name, frozenset(dimensions.items())), []).append((at, value))

    def add_log(self, text: str, later: float = 0.0) -> None:
        """Record what a function's log has in the Embedded Metric Format, so many seconds later than it was written.

        https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/CloudWatch_Embedded_Metric_Format_Specification.html
        """
        for line in filter(None, text.splitlines()):
            entry: dict[str, Any] = json.loads(line)
            for directive in entry.get("_aws", {}).get("CloudWatchMetrics", ()):
                for names in directive["Dimensions"]:
                    dimensions = {name: entry[name] for name in names}
                    for metric in directive["Metrics"]:
                        for value in entry[metric["Name"]]:
                            at = entry["_aws"]["Timestamp"] / 1000 + later
                            self.add(metric["Name"], at, value, directive["Namespace"], **dimensions)

    def has(self, metric: Mapping[str, Any]) -> bool:
        """Tell whether there is any value of a metric."""
        return _key(metric) in self._values

    def series(self, metric: Mapping[str, Any], period: int, statistic: str, start: float, end: float) -> Series:
        """Give a metric's statistic for each period from `start` to `end` in which it has a value."""
        within: dict[int, list[float]] = {}
        for at, value in self._values.get(_key(metric), ()):
            if start <= at < end:
                within.setdefault(int(at // period * period), []).append(value)
        return {begin: _STATISTICS[statistic](values) for begin, values in sorted(within.items())}


def _key(metric: Mapping[str, Any]) -> _Key:
    dimensions = frozenset((each["Name"], each["Value"]) for each in metric["Dimensions"])
    return metric["Namespace"], metric["MetricName"], dimensions


def states(alarm: Mapping[str, Any], recorded: Recorded, start: float, end: float) -> dict[int, str]:
    """Give the state of an alarm, by its properties, at the end of each of its periods from `start` to `end`."""
    period = _period(alarm)
    first = int(start // period * period)
    if not _watches(alarm, recorded):
        return dict.fromkeys(range(first + period, int(end) + 1, period), "OK")
    return {at: _state(alarm, recorded, period, at) for at in range(first + period, int(end) + 1, period)}


def _state(alarm: Mapping[str, Any], recorded: Recorded, period: int, at: int) -> str:
    assert (alarm["ComparisonOperator"], alarm["TreatMissingData"]) == ("GreaterThanThreshold", "notBreaching")
    evaluated = int(alarm["EvaluationPeriods"])
    values = _watched(alarm, recorded, period, at - (evaluated + _BEYOND) * period, at)
    # Fewer than are evaluated are filled up with what does not breach; of more, the last count.
    last = [values[begin] for begin in sorted(values)][-evaluated:]
    breaching = sum(value > float(alarm["Threshold"]) for value in last)
    return "ALARM" if breaching >= int(alarm.get("DatapointsToAlarm", evaluated)) else "OK"


def _watches(alarm: Mapping[str, Any], recorded: Recorded) -> bool:
    """Tell whether there is anything of what an alarm watches."""
    stats: list[Any] = [each.get("MetricStat", {"Metric": None})["Metric"] for each in alarm.get("Metrics", ())]
    return any(metric and recorded.has(metric) for metric in stats or [alarm])


def _period(alarm: Mapping[str, Any]) -> int:
    if "Metrics" not in alarm:
        return int(alarm["Period"])
    (period,) = {each["MetricStat"]["Period"] for each in alarm["Metrics"] if "MetricStat" in each}
    return int(period)


def _watched(alarm: Mapping[str, Any], recorded: Recorded, period: int, start: float, end: float) -> Series:
    if "Metrics" not in alarm:
        return recorded.series(alarm, period, alarm["Statistic"], start, end)
    named: dict[str, Operand] = {
        each["Id"]: recorded.series(each["MetricStat"]["Metric"], period, each["MetricStat"]["Stat"], start, end)
        for each in alarm["Metrics"]
        if "MetricStat" in each
    }
    (expression,) = (each["Expression"] for each in alarm["Metrics"] if each.get("ReturnData", True))
    result = evaluate(expression, named)
    assert isinstance(result, dict)
    return result


def evaluate(expression: str, named: Mapping[str, Operand]) -> Operand:
    """Evaluate metric math: arithmetic, comparisons, IF and DIFF, over series by their ids."""
    return _evaluated(ast.parse(expression, mode="eval").body, named)


_OPERATORS: Final[Mapping[type[ast.AST], Callable[[float, float], float]]] = {
    ast.Add: operator.add,
    ast.Sub: operator.sub,
    ast.Mult: operator.mul,
    ast.Div: operator.truediv,
    ast.Gt: operator.gt,
    ast.GtE: operator.ge,
    ast.Lt: operator.lt,
    ast.LtE: operator.le,
}


def _evaluated(node: ast.expr, named: Mapping[str, Operand]) -> Operand:
    match node:
        case ast.Constant(value=int() | float() as number):
            return float(number)
        case ast.Name(id=name):
            return named[name]
        case ast.BinOp(left=left, op=sign, right=right) | ast.Compare(left=left, ops=[sign], comparators=[right]):
            return _combined(_OPERATORS[type(sign)], _evaluated(left, named), _evaluated(right, named))
        case ast.Call(func=ast.Name(id=function), args=arguments):
            return _FUNCTIONS[function](*(_evaluated(argument, named) for argument in arguments))
    raise NotImplementedError(ast.unparse(node))


def _combined(sign: Callable[[float, float], float], left: Operand, right: Operand) -> Operand:
    """A missing value counts as 0 where the other series has one; what would divide by zero is dropped."""
    if not isinstance(left, dict) and not isinstance(right, dict):
        return sign(left, right)
    result: Series = {}
    for at in _times((left, right)):
        try:
            result[at] = float(sign(_at(left, at, 0.0), _at(right, at, 0.0)))
        except ZeroDivisionError:
            continue
    return result


def _if(condition: Operand, chosen: Operand, other: Operand) -> Operand:
    """A chosen value that is missing is 0; another that is missing is dropped."""
    assert isinstance(condition, dict)
    return {
        at: _at(chosen, at, 0.0) if holds else _at(other, at, 0.0)
        for at, holds in condition.items()
        if holds or not isinstance(other, dict) or at in other
    }


def _diff(series: Operand) -> Operand:
    """Give the difference of each value and the one before it; the first has none."""
    assert isinstance(series, dict)
    times = sorted(series)
    return {at: series[at] - series[before] for before, at in pairwise(times)}


def _times(operands: Iterable[Operand]) -> list[int]:
    return sorted({at for operand in operands if isinstance(operand, dict) for at in operand})


_FUNCTIONS: Final[Mapping[str, Callable[..., Operand]]] = {"IF": _if, "DIFF": _diff}


def _at(operand: Operand, at: int, missing: float) -> float:
    return operand.get(at, missing) if isinstance(operand, dict) else operand
