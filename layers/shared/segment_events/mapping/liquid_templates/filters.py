"""The filters by name, and what is the same for all: its budget, and arguments as JavaScript has them."""

import inspect
from collections.abc import Callable
from datetime import datetime
from typing import Any

from liquid import Environment

from segment_events.mapping.limits import spend, spend_text
from segment_events.mapping.liquid_templates.date_filters import date_filters
from segment_events.mapping.liquid_templates.escape_filters import ESCAPE_FILTERS
from segment_events.mapping.liquid_templates.list_filters import LIST_FILTERS
from segment_events.mapping.liquid_templates.number_filters import NUMBER_FILTERS
from segment_events.mapping.liquid_templates.text_filters import TEXT_FILTERS
from segment_events.mapping.liquid_templates.values import PATH, plain

type Filter = Callable[..., Any]


def add_filters(environment: Environment, now: Callable[[], datetime]) -> None:
    """Give `environment` the filters of LiquidJS, those of dates with the clock `now`."""
    filters = NUMBER_FILTERS | TEXT_FILTERS | ESCAPE_FILTERS | LIST_FILTERS | date_filters(now)
    for name, function in filters.items():
        environment.add_filter(name, _adapted(function))


def _adapted(function: Filter) -> Filter:
    """Return `function` taking any number of arguments, as JavaScript's do, and spending what it reads and makes."""
    parameters = inspect.signature(function).parameters.values()
    most = sum(parameter.kind is parameter.POSITIONAL_OR_KEYWORD for parameter in parameters)
    named = {parameter.name for parameter in parameters if parameter.kind is parameter.KEYWORD_ONLY}

    def call(*arguments: Any, **keywords: Any) -> Any:
        used = {name: plain(value) for name, value in keywords.items() if name in named}
        given = [plain(value) for value in arguments[:most]]
        spend(PATH, _lengths(given, str), _lengths(given, list))
        result = function(*given, **used)
        if isinstance(result, str):
            spend_text(len(result), PATH)
        return result

    return call


def _lengths(values: list[Any], kind: type[str] | type[list[Any]]) -> int:
    return sum([len(value) for value in values if isinstance(value, kind)])
