"""Holds calls back that a limit would refuse: once Dotdigital says that nothing is left, none is made until the reset.

A call over a limit is refused, gains nothing and counts. What shares a limit closes together: the kinds of call that
Dotdigital's answers put in one scope, and under the flat hourly limit all kinds that it counts. A 429 that says nothing
of what is left may be one call's own; the second of its kind in a row closes.

https://developer.dotdigital.com/docs/call-rate-limits
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from http import HTTPStatus
from typing import Final, NamedTuple

from dotdigital.errors import DotdigitalError, LimitedError
from dotdigital.limits import has_nothing_left, wait_of_reset

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
_OF_ONE_THING: Final = frozenset({"ERROR_ADDRESSBOOK_IN_USE", "ERROR_ENROLMENT_IS_PROCESSING"})
"""Codes of a list or an enrolment that is busy: others of the kind are not."""
_FIXED_SEGMENTS: Final = 3


def kind_of(method: str, path: str) -> str:
    """Give the kind of a call, such as `PATCH contacts/v3/email`: its method and its path without ids and values."""
    segments = path.strip("/").split("/")[:_FIXED_SEGMENTS]
    return f"{method} {'/'.join(segment for segment in segments if not segment.isdigit())}"


class _Closed(NamedTuple):
    """A span of time on the wall clock, and the code that Dotdigital gave for it."""

    since: float
    until: float
    code: str | None


class LimitGate:
    """Knows which kinds of call are used up until when, on the wall clock. Threads may share it."""

    def __init__(self, now: Callable[[], float]) -> None:
        """Start with all kinds open; `now` gives epoch seconds."""
        self._now = now
        self._lock = threading.Lock()
        self._scopes: dict[str, str] = {}
        self._closed: dict[str, _Closed] = {}
        self._refused_last: set[str] = set()

    def check(self, kind: str) -> None:
        """Raise LimitedError with the wait that is left where calls of that kind are used up.

        A clock that was set back to before the closing opens it, so that no wait is longer than the one that was told.
        """
        now = self._now()
        with self._lock:
            spans = [self._closed[key] for key in self._keys_of(kind) if key in self._closed]
        spans = [span for span in spans if span.since <= now < span.until]
        if spans:
            last = max(spans, key=lambda span: span.until)
            text = "a limit of the account is used up until its reset, so the call was not made"
            raise LimitedError(text, code=last.code, wait=last.until - now)

    def heed(self, kind: str, headers: Mapping[str, str], error: DotdigitalError | None) -> None:
        """Close what an answer to a call of that kind says is used up; `error` is None for a success."""
        with self._lock:
            if scope := headers.get("X-RateLimit-Scope"):
                self._scopes[kind] = scope
            if isinstance(error, LimitedError):
                if kind in self._refused_last or error.code or has_nothing_left(headers):
                    self._close(self._refused(kind, headers, error), error.wait or 0.0, error.code)
                self._refused_last.add(kind)
                return
            self._refused_last.discard(kind)
            if (wait := wait_of_reset(headers, self._now())) is not None:
                self._close([self._shared(kind)], wait, None)

    def _refused(self, kind: str, headers: Mapping[str, str], error: LimitedError) -> Iterator[str]:
        """What a refusal closes: the kind, and what shares the limit with it."""
        if error.code in _OF_ONE_THING:
            return
        yield kind
        if error.code == _FLAT:
            yield _FLAT
        elif has_nothing_left(headers) or (error.status == HTTPStatus.TOO_MANY_REQUESTS and error.code is None):
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
