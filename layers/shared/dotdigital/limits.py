"""How long to wait before a call that was refused for a limit.

Tiered accounts answer 429 with `X-RateLimit-*` headers, whose reset is documented as epoch seconds and read by the
official PHP SDK as seconds from now; `Retry-After` is not documented and is read where it stands. Flat accounts and
some allowances answer 400 with a code and no time.

https://developer.dotdigital.com/docs/call-rate-limits
"""

import math
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from types import MappingProxyType

ALLOWANCE_WAITS: Mapping[str, float] = MappingProxyType(
    {
        "ERROR_APIUSAGE_EXCEEDED": 300,
        "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED": 3600,
        "ERROR_IMPORT_TOOMANYACTIVEIMPORTS": 60,
        "ERROR_ADDRESSBOOK_IN_USE": 60,
        "ERROR_ENROLMENT_IS_PROCESSING": 60,
    }
)
"""Seconds to wait after each of the codes that say that an allowance is used up, where no header says more."""

_WINDOW = 60
_LONGEST_WINDOW = 120
_EPOCH = 1_000_000_000


def wait_of(headers: Mapping[str, str], code: str | None, now: float) -> float:
    """Give the seconds to wait: what the headers say, clamped, else what the code or the limit's window says."""
    usual = ALLOWANCE_WAITS.get(code or "", _WINDOW)
    seconds = _seconds_told(headers, now)
    return usual if seconds is None else min(max(seconds, 1.0), max(usual, _LONGEST_WINDOW))


def wait_of_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Give the seconds to wait after an answer that was no refusal: None unless nothing is left until a reset."""
    if not has_nothing_left(headers) or _seconds_told(headers, now) is None:
        return None
    return wait_of(headers, None, now)


def has_nothing_left(headers: Mapping[str, str]) -> bool:
    """Tell whether an answer says that no call of its scope is left."""
    try:
        return int(headers.get("X-RateLimit-Remaining", "")) <= 0
    except ValueError:
        return False


def _seconds_told(headers: Mapping[str, str], now: float) -> float | None:
    told = (_seconds(headers.get(name, ""), now) for name in ("Retry-After", "X-RateLimit-Reset"))
    return next((seconds for seconds in told if seconds is not None), None)


def _seconds(value: str, now: float) -> float | None:
    try:
        number = float(value)
    except ValueError:
        return _seconds_until_date(value, now)
    if not math.isfinite(number):
        return None
    return number - now if number >= _EPOCH else number


def _seconds_until_date(value: str, now: float) -> float | None:
    try:
        moment = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() - now
