"""Dates as the date filters read and write them, in UTC unless a template names another zone.

Read are ISO 8601, RFC 2822 and seconds since 1970. What JavaScript would guess a date from is
left as it is.
"""

import math
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from email.utils import parsedate_to_datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from segment_events.mapping.errors import MappingResolutionError
from segment_events.mapping.limits import limited_text
from segment_events.mapping.liquid_templates.values import PATH, is_nil, number

_ISO: Final = re.compile(
    r"(\d{4}-\d\d)(-\d\d)?(?:[T ](\d\d:\d\d(?::\d\d(?:\.\d{1,9})?)?) ?([zZ]|[+-]\d\d:?\d\d)?)?", re.ASCII
)
_DIGITS: Final = re.compile("[0-9]{1,15}")
_CODE: Final = re.compile(r"%([-_0^#:]+)?([0-9]{1,3})?[EO]?(.)", re.DOTALL)
_WIDTHS: Final = dict.fromkeys("CdeHIklmMSUWy", 2) | {"j": 3, "L": 3, "Y": 4}
_PADDED_WITH_SPACE: Final = frozenset("aAbBceklpP")
_TEENS: Final = (11, 12, 13)


def read_date(value: Any, zone: Any, now: datetime) -> datetime | None:
    """Return the date that `value` says, in `zone`, or None if it says none.

    `zone` is the name of a time zone, or the minutes from it to UTC as JavaScript counts them.
    Raises MappingResolutionError for a zone that is not known.
    """
    moment = now if value in ("now", "today") else _read(value)
    try:
        return None if moment is None else moment.astimezone(_zone(zone))
    except OverflowError:
        return None


def _read(value: Any) -> datetime | None:
    if isinstance(value, str) and not _DIGITS.fullmatch(value):
        return _read_text(value)
    if isinstance(value, bool) or not isinstance(value, int | float | str):
        return None
    try:
        return datetime.fromtimestamp(float(value), UTC)
    except (OverflowError, OSError, ValueError):
        return None


def _read_text(value: str) -> datetime | None:
    found = _ISO.fullmatch(value)
    try:
        if found is None:
            moment = parsedate_to_datetime(value)
        else:
            month, day, time, zone = found.groups()
            moment = datetime.fromisoformat(f"{month}{day or '-01'}T{time or '00:00'}{zone or ''}")
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)


def _zone(zone: Any) -> tzinfo:
    if is_nil(zone):
        return UTC
    try:
        return ZoneInfo(zone) if isinstance(zone, str) else timezone(timedelta(minutes=-number(zone)))
    except (ValueError, OSError, KeyError):
        raise MappingResolutionError(PATH, "the time zone of a date filter is not known") from None


def write_date(moment: datetime, template: str) -> str:
    """Return `moment` written as `template` says, in the codes of strftime, in English."""
    return _CODE.sub(lambda match: limited_text(_written(moment, match), PATH), template)


def _written(moment: datetime, match: re.Match[str]) -> str:
    flags, width, code = match[1] or "", int(match[2] or 0), match[3]
    write = _CODES.get(code)
    if write is None:
        return match.group()
    written = write(moment)
    if code == "N":
        return written[: width or 9].ljust(width, "0")
    if code == "z" and ":" in flags:
        written = f"{written[:3]}:{written[3:]}"
    if "^" in flags or ("#" in flags and not written.isupper()):
        written = written.upper()
    elif "#" in flags:
        written = written.lower()
    padding = " " if "_" in flags or (code in _PADDED_WITH_SPACE and "0" not in flags) else "0"
    return written if "-" in flags else written.rjust(width or _WIDTHS.get(code, 0), padding)


def _by_python(code: str) -> Callable[[datetime], str]:
    return lambda moment: moment.strftime(code)


def _number(code: str) -> Callable[[datetime], str]:
    return lambda moment: str(int(moment.strftime(code)))


def _day(moment: datetime) -> str:
    return f"{moment.month}/{moment.day}/{moment.year}"


def _time(moment: datetime) -> str:
    return f"{int(moment.strftime('%I'))}:{moment:%M:%S %p}"


def _ordinal(day: int) -> str:
    return "th" if day in _TEENS else {1: "st", 2: "nd", 3: "rd"}.get(day % 10, "th")


_CODES: Final[dict[str, Callable[[datetime], str]]] = {
    **{code: _by_python(f"%{code}") for code in "aAbBpz"},
    **{code: _number(f"%{code}") for code in "dHIjmMSUuWwy"},
    "c": lambda moment: f"{_day(moment)}, {_time(moment)}",
    "C": lambda moment: str(moment.year // 100),
    "e": _number("%d"),
    "h": _by_python("%b"),
    "k": _number("%H"),
    "l": _number("%I"),
    "L": lambda moment: str(moment.microsecond // 1000),
    "N": lambda moment: f"{moment.microsecond // 1000:03}000000",
    "P": lambda moment: moment.strftime("%p").lower(),
    "q": lambda moment: _ordinal(moment.day),
    "s": lambda moment: str(math.floor(moment.timestamp())),
    "x": _day,
    "X": _time,
    "Y": lambda moment: str(moment.year),
    "Z": lambda moment: getattr(moment.tzinfo, "key", None) or moment.strftime("%Z"),
    "t": lambda moment: "\t",
    "n": lambda moment: "\n",
    "%": lambda moment: "%",
}
