"""Holds requests back that a limit would refuse: once Dotdigital says that none is left, none is made until the reset.

A request over a limit is refused, gains nothing and counts. Kinds of request that share a limit close together: those
whose responses name one scope, and under the flat hourly limit all kinds that it counts. A 429 that does not say what
is left may be about one request alone; the second in a row closes its kind.

Tiered accounts get 429 with `X-RateLimit-*` headers. The reset is documented as epoch seconds, and the official PHP SDK
reads it as seconds from now. `Retry-After` is not documented and is read where it stands. Flat accounts and some
allowances get 400 with a code and no time.

https://developer.dotdigital.com/docs/call-rate-limits
"""

import math
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime
from http import HTTPStatus
from types import MappingProxyType
from typing import Final, NamedTuple

from dotdigital.errors import DotdigitalError, LimitedError

ENROLMENT_ALLOWANCE: Final = "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"
"""The 20 enrolment requests of an hour are used up."""

ALLOWANCE_WAITS: Mapping[str, float] = MappingProxyType(
    {
        "ERROR_APIUSAGE_EXCEEDED": 300,
        ENROLMENT_ALLOWANCE: 3600,
        "ERROR_IMPORT_TOOMANYACTIVEIMPORTS": 60,
        "ERROR_ADDRESSBOOK_IN_USE": 60,
        "ERROR_ENROLMENT_IS_PROCESSING": 60,
    }
)
"""Seconds to wait after each code that says that an allowance is used up, where no header says more."""

_WINDOW: Final = 60
_LONGEST_WINDOW: Final = 120
_EPOCH: Final = 1_000_000_000
_FLAT: Final = "ERROR_APIUSAGE_EXCEEDED"
_NOT_IN_FLAT: Final = frozenset(
    {
        "POST v2/email",
        "POST v2/campaigns/send",
        "POST v2/campaigns/send-time-optimised",
        "POST v2/programs/enrolments",
        "POST cpaas/messages",
    }
)
_BUSY: Final = frozenset({"ERROR_ADDRESSBOOK_IN_USE", "ERROR_ENROLMENT_IS_PROCESSING"})
"""Codes of a list or an enrolment that is busy: others of the kind are not."""
_FIXED_SEGMENTS: Final = 3


def kind_of(method: str, path: str) -> str:
    """Return the kind of a request, such as `PATCH contacts/v3/email`: method, and path without ids and values."""
    segments = path.strip("/").split("/")[:_FIXED_SEGMENTS]
    return f"{method} {'/'.join(segment for segment in segments if not segment.isdigit())}"


class _Closed(NamedTuple):
    """A span of time on the wall clock, and the code that Dotdigital gave for it."""

    since: float
    until: float
    code: str | None


class LimitGate:
    """Knows which kinds of request are used up until when, on the wall clock. Threads may share it."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Start with all kinds open; `now` gives epoch seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._scopes: dict[str, str] = {}
        self._closed: dict[str, _Closed] = {}
        self._refused_last: set[str] = set()

    def check(self, kind: str) -> None:
        """Raise LimitedError, with the wait that is left, where requests of that kind are used up.

        A clock that was set back opens what is closed, so that no wait is longer than Dotdigital said.
        """
        now = self._now()
        with self._lock:
            spans = [self._closed[key] for key in self._keys_of(kind) if key in self._closed]
        spans = [span for span in spans if span.since <= now < span.until]
        if spans:
            last = max(spans, key=lambda span: span.until)
            text = "a limit of the account is used up until its reset, so the request was not made"
            raise LimitedError(text, code=last.code, wait=last.until - now)

    def record(self, kind: str, headers: Mapping[str, str], error: DotdigitalError | None) -> None:
        """Close what the response to a request of that kind says is used up. `error` is None for a success."""
        with self._lock:
            if scope := headers.get("X-RateLimit-Scope"):
                self._scopes[kind] = scope
            if isinstance(error, LimitedError):
                if kind in self._refused_last or error.code or _has_nothing_left(headers):
                    self._close(self._refused(kind, headers, error), error.wait or 0.0, error.code)
                self._refused_last.add(kind)
                return
            self._refused_last.discard(kind)
            if (wait := _wait_of_reset(headers, self._now())) is not None:
                self._close([self._shared(kind)], wait, None)

    def _refused(self, kind: str, headers: Mapping[str, str], error: LimitedError) -> Iterator[str]:
        """Yield what a refusal closes: the kind, and what shares the limit with it."""
        if error.code in _BUSY:
            return
        yield kind
        if error.code == _FLAT:
            yield _FLAT
        elif _has_nothing_left(headers) or (error.status == HTTPStatus.TOO_MANY_REQUESTS and error.code is None):
            yield self._shared(kind)

    def _close(self, keys: Iterable[str], wait: float, code: str | None) -> None:
        now = self._now()
        for key in keys:
            old = self._closed.get(key)
            if not (old and old.since <= now and old.until >= now + wait):
                self._closed[key] = _Closed(now, now + wait, code)

    def _keys_of(self, kind: str) -> Iterator[str]:
        yield kind
        yield self._shared(kind)
        if kind not in _NOT_IN_FLAT:
            yield _FLAT

    def _shared(self, kind: str) -> str:
        scope = self._scopes.get(kind)
        return f"scope {scope}" if scope else kind


def wait_of(headers: Mapping[str, str], code: str | None, now: float) -> float:
    """Return the seconds to wait: what the headers say, clamped, else what the code or the limit's window says."""
    usual = ALLOWANCE_WAITS.get(code or "", _WINDOW)
    seconds = _seconds_told(headers, now)
    return usual if seconds is None else min(max(seconds, 1.0), max(usual, _LONGEST_WINDOW))


def _wait_of_reset(headers: Mapping[str, str], now: float) -> float | None:
    """Return the seconds to wait after a response that was no refusal: None unless nothing is left until a reset."""
    if not _has_nothing_left(headers) or _seconds_told(headers, now) is None:
        return None
    return wait_of(headers, None, now)


def _has_nothing_left(headers: Mapping[str, str]) -> bool:
    """Tell whether a response says that no request of its scope is left."""
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
        date = parsedate_to_datetime(value)
    except (ValueError, OverflowError):
        return None
    return (date if date.tzinfo else date.replace(tzinfo=UTC)).timestamp() - now
