"""Dotdigital's limits on calls: tiers a minute, the flat hour, and the enrolment allowance.

Facts: https://developer.dotdigital.com/docs/call-rate-limits. The tier of each route, the length
and start of a window and the body of a 429 are guesses; `docs/sandbox.md` lists them.
"""

from __future__ import annotations

import math
from collections import deque
from datetime import datetime, timedelta
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from dev.sandbox.answers import Answer, plain_error, v2_error
from dev.sandbox.clock import Clock

Tier = Literal["low", "medium", "high", "unlimited"]
_MINUTE: Final = timedelta(minutes=1)
_HOUR: Final = timedelta(hours=1)


class LimitRules(BaseModel):
    """The switches of the limits. `enrolments_per_hour` holds whatever the scheme is."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    scheme: Literal["none", "tiered", "flat"] = "none"
    per_minute: int = Field(150, ge=1, description="calls a minute in each tier")
    per_hour: int = Field(2000, ge=1, description="calls an hour in the flat scheme")
    reset_as: Literal["epoch", "seconds"] = "epoch"
    retry_after: bool = False
    enrolments_per_hour: int = Field(20, ge=0)


class Limits:
    """Counts calls and says when there are too many."""

    def __init__(self, rules: LimitRules, clock: Clock) -> None:
        """Count by those rules in that time."""
        self.rules = rules
        self._clock = clock
        self._windows: dict[Tier, tuple[datetime, int]] = {}
        self._flat: deque[datetime] = deque()
        self._enrolments: deque[datetime] = deque()

    @property
    def calls_in_last_hour(self) -> int:
        """The calls that the flat scheme has counted in the last hour."""
        return _recent(self._flat, self._clock.now())

    def count(self, path: str, tier: Tier, *, flat_exempt: bool) -> Answer | dict[str, str]:
        """Count one call: the refusal if it is too many, else the headers of its answer."""
        if self.rules.scheme == "flat" and not flat_exempt:
            if self.calls_in_last_hour >= self.rules.per_hour:
                return self.refusal(path, tier)
            self._flat.append(self._clock.now())
        if self.rules.scheme != "tiered" or tier == "unlimited":
            return {}
        started, used = self._window(tier)
        if used >= self.rules.per_minute:
            return self.refusal(path, tier)
        self._windows[tier] = (started, used + 1)
        return self._headers(tier)

    def refusal(self, path: str, tier: Tier) -> Answer:
        """The answer to a call over the limit, in the scheme that is on (tiered if none is)."""
        if self.rules.scheme == "flat":
            text = "Your account has generated excess API activity and is being temporarily capped."
            return v2_error(400, "ERROR_APIUSAGE_EXCEEDED", text)
        answer = plain_error(path, 429, "Too many requests")
        headers = self._headers(tier) | {"X-RateLimit-Remaining": "0"}
        if self.rules.retry_after:
            headers["Retry-After"] = str(self._seconds_left(tier))
        return Answer(answer.status, answer.body, headers)

    def take_enrolment(self) -> Answer | None:
        """Count one POST of an enrolment: the refusal if the hour's allowance is used up."""
        now = self._clock.now()
        if _recent(self._enrolments, now) >= self.rules.enrolments_per_hour:
            return v2_error(400, "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED")
        self._enrolments.append(now)
        return None

    def _window(self, tier: Tier) -> tuple[datetime, int]:
        now = self._clock.now()
        started, used = self._windows.get(tier, (now, 0))
        return (started, used) if now - started < _MINUTE else (now, 0)

    def _seconds_left(self, tier: Tier) -> int:
        left = self._window(tier)[0] + _MINUTE - self._clock.now()
        return math.ceil(left.total_seconds())

    def _headers(self, tier: Tier) -> dict[str, str]:
        started, used = self._window(tier)
        reset = math.ceil((started + _MINUTE).timestamp())
        if self.rules.reset_as == "seconds":
            reset = self._seconds_left(tier)
        return {
            "X-RateLimit-Limit": str(self.rules.per_minute),
            "X-RateLimit-Remaining": str(self.rules.per_minute - used),
            "X-RateLimit-Reset": str(reset),
            "X-RateLimit-Scope": f"{tier}CallRate",
        }


def _recent(moments: deque[datetime], now: datetime) -> int:
    while moments and now - moments[0] >= _HOUR:
        moments.popleft()
    return len(moments)
