"""Filters of dates: https://liquidjs.com/filters/date.html."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, Final

from segment_events.mapping.liquid_templates.dates import read_date, write_date
from segment_events.mapping.liquid_templates.values import is_nil, text
from segment_events.mapping.values import UNDEFINED

_DEFAULT: Final = "%A, %B %-e, %Y at %-l:%M %P %z"


def date_filters(now: Callable[[], datetime]) -> dict[str, Callable[..., Any]]:
    """Return the filters by name, with `now` for the words now and today.

    Each gives a value that is no date as it is.
    """

    def date(value: Any, template: Any = UNDEFINED, zone: Any = UNDEFINED) -> Any:
        moment = read_date(value, zone, now())
        written = _DEFAULT if is_nil(template) else text(template)
        return value if moment is None else write_date(moment, written)

    return {
        "date": date,
        "date_to_long_string": _in_words("%B", date),
        "date_to_rfc822": lambda value: date(value, "%a, %d %b %Y %H:%M:%S %z"),
        "date_to_string": _in_words("%b", date),
        "date_to_xmlschema": lambda value: date(value, "%Y-%m-%dT%H:%M:%S%:z"),
    }


def _in_words(month: str, date: Callable[..., Any]) -> Callable[..., Any]:
    def write(value: Any, kind: Any = UNDEFINED, style: Any = UNDEFINED) -> Any:
        if kind != "ordinal":
            return date(value, f"%d {month} %Y")
        return date(value, f"{month} %-d%q, %Y" if style == "US" else f"%-d%q {month} %Y")

    return write
