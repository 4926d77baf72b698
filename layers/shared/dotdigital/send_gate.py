"""Holds sends back while Dotdigital does not answer them: a send that goes unanswered is in doubt, and needs a person.

An outage begins with the first send that gets a 5xx or no response. From then on sends wait and are not made. One goes
out as a probe at once, the next after 10 seconds, the next after 20, and so on up to 15 minutes. The first probe that
gets a 2xx or a 4xx ends the outage. Where an outage comes back at once, the waits go on growing.

All containers of an action share the outage through `SharedOutage`, which each reads before the first send of an
invocation. So only the probes are in doubt, and one send per container that was under way when the outage began.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from http import HTTPStatus
from typing import Final, Protocol

from dotdigital.errors import DotdigitalError, InDoubtError, UnavailableError

NOT_MADE: Final = "Dotdigital does not answer sends of this kind now, so this one was not made"
_FIRST_WAIT: Final = 10.0
_LONGEST_WAIT: Final = 900.0
_FRESH_SECONDS: Final = 1.0
_MENDED_AFTER: Final = 5
_LONGEST_PROBE: Final = 150.0
_WAIT_FOR_PROBE: Final = 10.0
_ATTEMPTS: Final = 3


@dataclass(frozen=True)
class Outage:
    """An outage of sends: its next probe waits `wait` seconds and may go out at `probe_at`. Times are epoch seconds.

    `probed_at` is when the probe under way went out, `answered_at` when a probe was answered, which ended the outage.
    """

    wait: float
    probe_at: float
    probed_at: float | None = None
    answered_at: float | None = None

    @property
    def is_on(self) -> bool:
        """Tell whether no probe was answered yet."""
        return self.answered_at is None


class SharedOutage(Protocol):
    """The last outage of an action, over or not, as all its containers know it. Its methods raise nothing."""

    def read(self, known: Outage | None) -> Outage | None:
        """Return it, None where there was none, `known` where it cannot be read."""

    def change(self, before: Outage | None, after: Outage) -> bool | None:
        """Replace `before` by `after`. Return False where another stands there, None where nothing can be written."""


class SendGate:
    """Lets the sends of an action through, or holds them back. One thread at a time sends."""

    def __init__(self, shared: SharedOutage, now: Callable[[], float]) -> None:
        """Know of no outage yet; `now` gives epoch seconds."""
        self._shared = shared
        self._now = now
        self._outage: Outage | None = None
        self._answered_at = float("-inf")
        self._answered = 0
        self._is_read = False

    def begin(self) -> None:
        """Begin an invocation: its first send reads the shared outage, unless a send was answered just now."""
        self._is_read = 0 <= self._now() - self._answered_at < _FRESH_SECONDS

    def check(self) -> None:
        """Raise UnavailableError, with the wait that is left, where no send may be tried."""
        if not self._is_read:
            self._read()
        outage, now = self._outage, self._now()
        if outage is None or not outage.is_on:
            return
        left = min(outage.probe_at - now, outage.wait)
        if outage.probed_at is not None and 0 <= now - outage.probed_at < _LONGEST_PROBE:
            left = min(left, _WAIT_FOR_PROBE)
        if left > 0:
            raise UnavailableError(NOT_MADE, wait=left)

    @contextmanager
    def sending(self) -> Iterator[None]:
        """Make a send in this context. Raises UnavailableError where it may not be made."""
        self.check()
        self._take_probe()
        try:
            yield
        except DotdigitalError as error:
            self._record(_was_answered(error))
            raise
        self._record(True)

    def _take_probe(self) -> None:
        before, now = self._outage, self._now()
        if before is None or not before.is_on:
            return
        wait = _after(before.wait)
        # The next probe is fixed with this one, so that it goes out whatever becomes of this function.
        probed = Outage(wait, now + wait, probed_at=now)
        if self._shared.change(before, probed):
            self._outage = probed
            return
        self._read()
        self.check()
        if self._outage and self._outage.is_on:
            raise UnavailableError(NOT_MADE, wait=wait)

    def _record(self, answered: bool | None) -> None:
        if answered:
            self._answered_at = self._now()
            self._end()
            self._answered += 1
        elif self._outage and self._outage.is_on:
            missed = replace(self._outage, probed_at=None)
            self._shared.change(self._outage, missed)
            self._outage = missed
        elif answered is False:
            self._begin()

    def _begin(self) -> None:
        for _ in range(_ATTEMPTS):
            before, now = self._outage, self._now()
            if before and before.is_on:
                return
            wait = _after(before.wait) if before and self._is_back(before) else 0.0
            began = Outage(wait, now + wait)
            if self._shared.change(before, began) is not False:
                break
            self._read()
        self._outage = began

    def _is_back(self, before: Outage) -> bool:
        """Tell whether this is the outage before: it ended a short while, and a few sends of this container, ago."""
        is_short = before.answered_at is not None and self._now() - before.answered_at < before.wait
        return is_short and self._answered < _MENDED_AFTER

    def _end(self) -> None:
        for _ in range(_ATTEMPTS):
            if self._outage is None or not self._outage.is_on:
                return
            over = replace(self._outage, probed_at=None, answered_at=self._now())
            if self._shared.change(self._outage, over) is not False:
                break
            self._read()
        self._outage = over
        self._answered = 0

    def _read(self) -> None:
        known, self._outage = self._outage, self._shared.read(self._outage)
        self._is_read = True
        if self._outage != known:
            self._answered = 0


def _after(wait: float) -> float:
    return min(max(2 * wait, _FIRST_WAIT), _LONGEST_WAIT)


def _was_answered(error: DotdigitalError) -> bool | None:
    """Tell whether a send was answered, None where it did not leave or Dotdigital says that it did not take it."""
    status = error.status or 0
    if HTTPStatus.BAD_REQUEST <= status < HTTPStatus.INTERNAL_SERVER_ERROR and status != HTTPStatus.REQUEST_TIMEOUT:
        return True
    return False if isinstance(error, InDoubtError) else None
