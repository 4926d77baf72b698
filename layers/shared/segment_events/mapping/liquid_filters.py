"""The filters of @liquid: python-liquid's own, given JavaScript's texts, and ours where Segment's results differ.

Comparisons are filters too, with names that no template can write. What differs from Segment's filters
(https://liquidjs.com/filters/overview.html) is in docs/compatibility.md.
"""

import html
import math
import operator
import re
from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from decimal import ROUND_HALF_UP, Decimal
from email.utils import parsedate_to_datetime
from functools import wraps
from typing import Any, Final
from zoneinfo import ZoneInfo

from liquid.builtin.expressions.logical import is_truthy
from liquid.builtin.expressions.primitive import Blank
from liquid.undefined import is_undefined

from segment_events.mapping.errors import MappingResolutionError
from segment_events.mapping.javascript import number_of, text_of
from segment_events.mapping.json_text import encode
from segment_events.mapping.limits import limited_text, spend, spend_search, spend_text, spend_value

type Filter = Callable[..., Any]

PATH: Final = ""
"""Path of errors raised inside a template; the directive puts its own in place."""

FILTERS_OFF: Final = re.compile(
    "array_to_sentence_string|concat|(find|find_index|group_by|has|reject)(_exp)?|map|newline_to_br|reverse|sort|"
    "sort_natural|type|uniq|where_exp|cgi_escape|date_to_((long_)?string|rfc822|xmlschema)|hmac_sha256|inspect|jsonify|"
    "normalize_whitespace|number_of_words|pop|push|raw|sample|sha256|shift|slugify|to_integer|unshift|(uri|xml)_escape"
)
"""Filters that Segment switches off, and from cgi_escape on those that LiquidJS has and this has not."""

_LIBRARYS_OF_NUMBERS: Final = ("abs", "at_least", "at_most", "ceil", "floor")
_LIBRARYS_OF_VALUES: Final = ("compact", "default", "first", "last", "size", "slice")
_LARGEST_EXACT: Final = 2**53


def filters(library: Mapping[str, Filter], now: Callable[[], datetime]) -> dict[str, Filter]:
    """Return the filters by name, those that are not ours taken from `library`; `now` tells dates the time."""
    of_numbers = {name: library[name] for name in _LIBRARYS_OF_NUMBERS} | _OF_NUMBERS
    of_values = {name: library[name] for name in _LIBRARYS_OF_VALUES} | _OF_VALUES | {"date": _date(now)} | COMPARISONS
    kinds = ((dict(library) | _OF_TEXTS, text), (of_numbers, _number), (of_values, plain))
    return {name: _filter(name, each, convert) for kind, convert in kinds for name, each in kind.items()}


def _filter(name: str, function: Filter, convert: Callable[[Any], Any]) -> Filter:
    """Return `function` with its value and arguments converted, spending what it reads and makes."""

    @wraps(function)
    def call(*arguments: Any, **keywords: Any) -> Any:
        values = [convert(plain(value)) for value in arguments]
        spend_value(values, PATH)
        if name.startswith(("contains", "remove", "replace", "split")) and isinstance(values[0], str):
            spend_search(PATH, *map(text, values[:3]), splits=name == "split")
        result = function(*values, **keywords)
        if isinstance(result, float) and abs(result) < _LARGEST_EXACT and result.is_integer():
            return int(result)  # so that it can be an index
        return limited_text(result, PATH) if isinstance(result, str) else result

    return call


def plain(value: Any) -> Any:
    """Return `value`, a list in place of a range."""
    if not isinstance(value, range):
        return value
    spend(PATH, steps=len(value))
    return list(value)


def text(value: Any) -> str:
    """Return `value` as Liquid prints it: a list without commas, nothing for null."""
    return text_of(value, PATH, separator="")


def _number(value: Any) -> float:
    """Return `value` as JavaScript's number, 0 for what is none."""
    found = number_of(value, PATH)
    return 0.0 if math.isnan(found) else found


def _round(number: float, digits: float = 0) -> float:
    # By way of text, so that 1.005 rounds up.
    return float(Decimal(repr(number)).quantize(Decimal(1).scaleb(-int(digits)), ROUND_HALF_UP))


_OF_NUMBERS: Final[dict[str, Filter]] = {
    "divided_by": lambda value, divisor, whole=0: value // divisor if whole else value / divisor,
    "minus": operator.sub,
    "modulo": operator.mod,
    "plus": operator.add,
    "round": _round,
    "times": operator.mul,
}

_ESCAPES: Final = {"&": "&amp;", "<": "&lt;", ">": "&gt;", '"': "&#34;", "'": "&#39;"}
_MARKUP: Final = (("<script", "</script>"), ("<style", "</style>"), ("<!--", "-->"), ("<", ">"))


def _escape(value: str) -> str:
    return re.sub("[&<>\"']", lambda found: _ESCAPES[found.group()], value)


def _strip_html(value: str) -> str:
    """Take out scripts, styles, comments and tags, in one pass over `value`; what is not closed stays."""
    last = {closing: value.rfind(closing) for _, closing in _MARKUP}
    kept, done = [], 0
    while (start := value.find("<", done)) >= 0:
        closed = [marks for marks in _MARKUP if value.startswith(marks[0], start) and last[marks[1]] > start]
        if not closed:
            break
        kept.append(value[done:start])
        done = value.find(closed[0][1], start) + len(closed[0][1])
    return "".join(kept) + value[done:]


_OF_TEXTS: Final[dict[str, Filter]] = {
    "escape": _escape,
    "escape_once": lambda value: _escape(html.unescape(value)),
    "strip_html": _strip_html,
}


def _members(value: Any, name: Any) -> list[tuple[Any, Any]]:
    """Return the items of `value` with their members `name`, with themselves where `name` is null."""
    items = value if isinstance(value, list) else [] if value is None or is_undefined(value) else [value]
    return [(item, item if name is None else item.get(name) if isinstance(item, dict) else None) for item in items]


def _join(value: Any, separator: Any = " ") -> str:
    texts, between = [text_of(item, PATH) for item, _ in _members(value, None)], text(separator)
    spend_text(sum(map(len, texts)) + len(between) * len(texts), PATH)
    return between.join(texts)


def _where(value: Any, name: Any, *expected: Any) -> list[Any]:
    found = _members(value, name)
    return [item for item, member in found if (_equal(member, expected[0]) if expected else is_truthy(member))]


_OF_VALUES: Final[dict[str, Filter]] = {
    "join": _join,
    "json": lambda value: "" if is_undefined(value) else encode(value, PATH),
    "sum": lambda value, name=None: sum(_number(member) for _, member in _members(value, name)),
    "where": _where,
}


def _equal(left: Any, right: Any) -> bool:
    if isinstance(right, Blank) and (left is None or left is False or is_undefined(left)):
        return True
    return isinstance(left, bool) == isinstance(right, bool) and bool(left == right)


def _sides(left: Any, right: Any) -> tuple[Any, Any]:
    """Return two texts as they are, and anything else as numbers."""
    texts = isinstance(left, str) and isinstance(right, str)
    return (left, right) if texts else (number_of(left, PATH), number_of(right, PATH))


def _contains(left: Any, right: Any) -> bool:
    if isinstance(left, list):
        return any(_equal(item, right) for item in left)
    return isinstance(left, str) and right is not None and not is_undefined(right) and text(right) in left


COMPARISONS: Final[dict[str, Filter]] = {
    "==": _equal,
    "!=": lambda left, right: not _equal(left, right),
    "<": lambda left, right: operator.lt(*_sides(left, right)),
    "<=": lambda left, right: operator.le(*_sides(left, right)),
    ">": lambda left, right: operator.gt(*_sides(left, right)),
    ">=": lambda left, right: operator.ge(*_sides(left, right)),
    "contains": _contains,
}
"""The comparisons of conditions by their operators, as JavaScript makes them."""

MAX_DATE_PATTERN: Final = 1000
"""Longest pattern of a date, in characters: C's strftime takes memory in proportion."""

_USUAL_PATTERN: Final = "%A, %B %-e, %Y at %-l:%M %P %z"
_SECONDS: Final = re.compile("[0-9]{1,15}")
_SPACE_BEFORE_ZONE: Final = re.compile(r" (?=[+-]\d\d:?\d\d$)")
_CODE: Final = re.compile(r"%([%LPqsZ])")
_SUFFIXES: Final = {1: "st", 2: "nd", 3: "rd", 21: "st", 22: "nd", 23: "rd", 31: "st"}
_CODES: Final[dict[str, Callable[[datetime], str]]] = {
    "%": lambda date: "%%",
    "L": lambda date: f"{date.microsecond // 1000:03}",
    "P": lambda date: date.strftime("%p").lower(),
    "q": lambda date: _SUFFIXES.get(date.day, "th"),
    "s": lambda date: str(int(date.timestamp() // 1)),
    "Z": lambda date: getattr(date.tzinfo, "key", "%Z"),
}
"""Codes of strftime that LiquidJS reads in its own way, or C in that of its place and time zone."""


def _date(now: Callable[[], datetime]) -> Filter:
    """Return the filter `date`, in UTC unless a template names another zone: https://liquidjs.com/filters/date.html.

    Read are ISO 8601, RFC 2822, seconds since 1970, "now" and "today". Any other value stays as it is.
    """

    def date(value: Any, pattern: Any = None, zone: Any = None) -> Any:
        date = _read(now() if value in ("now", "today") else value, _zone(zone))
        pattern = pattern if isinstance(pattern, str) else _USUAL_PATTERN
        if len(pattern) > MAX_DATE_PATTERN:
            raise MappingResolutionError(PATH, f"the pattern of a date has at most {MAX_DATE_PATTERN} characters")
        return value if date is None else date.strftime(_CODE.sub(lambda found: _CODES[found[1]](date), pattern))

    return date


def _read(value: Any, zone: tzinfo) -> datetime | None:
    try:
        if isinstance(value, int | float) or (isinstance(value, str) and _SECONDS.fullmatch(value)):
            return None if isinstance(value, bool) else datetime.fromtimestamp(float(value), zone)
        date = value if isinstance(value, datetime) else _read_text(value)
        return (date if date.tzinfo else date.replace(tzinfo=UTC)).astimezone(zone)
    except (ValueError, TypeError, IndexError, OverflowError, OSError):
        return None


def _read_text(value: str) -> datetime:
    try:
        return datetime.fromisoformat(_SPACE_BEFORE_ZONE.sub("", value))
    except ValueError:
        return parsedate_to_datetime(value)


def _zone(zone: Any) -> tzinfo:
    """Return the time zone of a name, or of the minutes from it to UTC as JavaScript counts them."""
    try:
        if isinstance(zone, str):
            return ZoneInfo(zone)
        return timezone(timedelta(minutes=-zone)) if isinstance(zone, int | float) else UTC
    except (ValueError, OSError, KeyError, OverflowError):
        raise MappingResolutionError(PATH, "the time zone of a date filter is not known") from None
