"""Dotdigital's limits on requests: tiers a minute, the flat hour, and the enrolment allowance.

Facts: https://developer.dotdigital.com/docs/call-rate-limits. The tier of each route, the length
and start of a window and the body of a 429 are guesses; `dev/sandbox/README.md` lists them.
"""

import math
from collections import deque
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from dev.sandbox.clock import Clock

Scheme = Literal["none", "tiered", "flat"]
Tier = Literal["low", "medium", "high", "unlimited"]
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


class LimitRules(BaseModel):
    """The switches of the limits. `enrolments_per_hour` holds whatever the scheme is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: Scheme = "none"
    per_minute: int = Field(150, ge=1, description="requests a minute in each tier")
    per_hour: int = Field(2000, ge=1, description="requests an hour in the flat scheme")
    reset_as: Literal["epoch", "seconds"] = "epoch"
    retry_after: bool = False
    enrolments_per_hour: int = Field(20, ge=0)


class LimitExceededError(Exception):
    """Raised for a request over the limit, with the scheme and the headers of its response."""

    def __init__(self, scheme: Scheme, headers: Mapping[str, str]) -> None:
        """Keep the scheme that is on and the headers that say when to come again."""
        super().__init__(scheme)
        self.scheme, self.headers = scheme, headers


class Limits:
    """Counts requests and says when there are too many."""

    def __init__(self, rules: LimitRules, clock: Clock) -> None:
        """Count by those rules in that time."""
        self.rules = rules
        self._clock = clock
        self._windows: dict[Tier, tuple[datetime, int]] = {}
        self._flat: deque[datetime] = deque()
        self._enrolments: deque[datetime] = deque()

    @property
    def requests_in_last_hour(self) -> int:
        """Return how many requests the flat scheme has counted in the last hour."""
        return _recent(self._flat, self._clock.now())

    def count(self, tier: Tier, *, flat_exempt: bool) -> Mapping[str, str]:
        """Count one request and return the headers of its response. Raises LimitExceededError."""
        if self.rules.scheme == "flat" and not flat_exempt:
            if self.requests_in_last_hour >= self.rules.per_hour:
                raise self.exceeded(tier)
            self._flat.append(self._clock.now())
        if self.rules.scheme != "tiered" or tier == "unlimited":
            return {}
        started, used = self._window(tier)
        if used >= self.rules.per_minute:
            raise self.exceeded(tier)
        self._windows[tier] = (started, used + 1)
        return self._headers(tier)

    def exceeded(self, tier: Tier) -> LimitExceededError:
        """Return the error for a request over the limit, in the scheme that is on (tiered if none is)."""
        if self.rules.scheme == "flat":
            return LimitExceededError("flat", {})
        headers = self._headers(tier) | {"X-RateLimit-Remaining": "0"}
        if self.rules.retry_after:
            headers["Retry-After"] = str(self._seconds_left(tier))
        return LimitExceededError("tiered", headers)

    def take_enrolment(self) -> bool:
        """Count one POST of an enrolment; return whether the hour's allowance holds it."""
        now = self._clock.now()
        if _recent(self._enrolments, now) >= self.rules.enrolments_per_hour:
            return False
        self._enrolments.append(now)
        return True

    def _window(self, tier: Tier) -> tuple[datetime, int]:
        now = self._clock.now()
        started, used = self._windows.get(tier, (now, 0))
        return (started, used) if now - started < _MINUTE else (now, 0)

    def _seconds_left(self, tier: Tier) -> int:
        left = self._window(tier)[0] + _MINUTE - self._clock.now()
        return math.ceil(left.total_seconds())

    def _headers(self, tier: Tier) -> dict[str, str]:
        started, used = self._window(tier)
        as_seconds = self.rules.reset_as == "seconds"
        reset = self._seconds_left(tier) if as_seconds else math.ceil((started + _MINUTE).timestamp())
        return {
            "X-RateLimit-Limit": str(self.rules.per_minute),
            "X-RateLimit-Remaining": str(self.rules.per_minute - used),
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Scope": f"{tier}CallRate",
        }


def _recent(timestamps: deque[datetime], now: datetime) -> int:
    while timestamps and now - timestamps[0] >= _HOUR:
        timestamps.popleft()
    return len(timestamps)
