"""Filters of numbers. Every number is a double, as in JavaScript: https://liquidjs.com/filters/."""

import math
from collections.abc import Callable
from typing import Any, Final

from segment_events.mapping.javascript import number_of, number_text
from segment_events.mapping.liquid_templates.values import PATH, number
from segment_events.mapping.values import UNDEFINED

_LARGEST_EXACT: Final = 2**53 - 1


def _of_two(function: Callable[[float, float], float]) -> Callable[..., float]:
    def apply(value: Any, argument: Any = UNDEFINED) -> float:
        return function(number(value), number(argument))

    return apply


def _absolute(value: Any) -> float:
    return abs(number(value))


def _ceiling(value: Any) -> float:
    found = number(value)
    return float(math.ceil(found)) if math.isfinite(found) else found


def _floor(value: Any) -> float:
    found = number(value)
    return float(math.floor(found)) if math.isfinite(found) else found


def _quotient(dividend: float, divisor: float) -> float:
    if divisor:
        return dividend / divisor
    if not dividend or math.isnan(dividend):
        return math.nan
    return math.copysign(math.inf, dividend) * math.copysign(1.0, divisor)


def _divided_by(value: Any, divisor: Any = UNDEFINED, whole_number: Any = False) -> float:
    quotient = _quotient(number(value), number(divisor))
    return _floor(quotient) if number(whole_number) and not math.isnan(quotient) else quotient


def _modulo(value: float, divisor: float) -> float:
    if not divisor or math.isinf(value) or math.isinf(divisor):
        return math.nan
    positive = math.fmod(value, divisor) + divisor
    return math.nan if math.isinf(positive) else math.fmod(positive, divisor)


def _round(value: Any, digits: Any = 0) -> float:
    found = number(value)
    scaled = _shifted(abs(found), number(digits))
    if not scaled <= _LARGEST_EXACT:
        return found
    return math.copysign(_shifted(float(math.floor(scaled + 0.5)), -number(digits)), found)


def _shifted(value: float, digits: float) -> float:
    """Return `value` with its decimal point moved, by way of text so that 1.005 rounds up."""
    mantissa, _, power = number_text(value).partition("e")
    return number_of(f"{mantissa}e{number_text(number_of(power or '0', PATH) + digits)}", PATH)


def _to_integer(value: Any) -> float:
    return math.nan if value is UNDEFINED else number_of(value, PATH)


NUMBER_FILTERS: Final[dict[str, Callable[..., Any]]] = {
    "abs": _absolute,
    "at_least": _of_two(max),
    "at_most": _of_two(min),
    "ceil": _ceiling,
    "divided_by": _divided_by,
    "floor": _floor,
    "minus": _of_two(lambda value, argument: value - argument),
    "modulo": _of_two(_modulo),
    "plus": _of_two(lambda value, argument: value + argument),
    "round": _round,
    "times": _of_two(lambda value, argument: value * argument),
    "to_integer": _to_integer,
}
