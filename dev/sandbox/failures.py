"""Failures that a test arms before its requests: statuses, waits, dropped connections, odd bodies."""

import re
from typing import Literal, Self

from pydantic import BaseModel, ConfigDict, Field, JsonValue, model_validator

Action = Literal["status", "delay", "drop_before", "drop_after", "rate_limit", "body"]


class Match(BaseModel):
    """Which requests: a method, and a regular expression searched for in the decoded path."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    method: str | None = None
    path: re.Pattern[str] | None = None

    def covers(self, method: str, path: str) -> bool:
        """Return whether a request is one of these."""
        if self.method is not None and self.method.upper() != method:
            return False
        return self.path is None or self.path.search(path) is not None


class Failure(BaseModel):
    """What is to go wrong, for which requests and how often.

    The first `after` matching requests pass; then `times` of them fail (None: all that follow).
    `seconds` holds the response, or the drop, back. `do_work` says whether the request has its
    effect although the response is a failure: `status` leaves it undone unless told otherwise,
    `body` does it. A header set to None is left out of the response.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    action: Action
    match: Match = Match()
    times: int | None = Field(1, ge=1)
    after: int = Field(0, ge=0)
    status: int | None = Field(None, ge=200, le=599)
    headers: dict[str, str | None] = {}
    body: JsonValue = None
    seconds: float = Field(0, ge=0, le=600)
    do_work: bool | None = None

    @model_validator(mode="after")
    def _consistent(self) -> Self:
        if self.action == "status" and self.status is None:
            raise ValueError("action status needs a status")
        if self.action == "delay" and not self.seconds:
            raise ValueError("action delay needs seconds")
        if self.do_work is not None and self.action not in ("status", "body"):
            raise ValueError(f"do_work is only for status and body, not for {self.action}")
        return self

    @property
    def works(self) -> bool:
        """Return whether the request is carried out."""
        if self.do_work is not None:
            return self.do_work
        return self.action in ("delay", "drop_after", "body")

    @property
    def drops(self) -> bool:
        """Return whether the connection is closed instead of a response."""
        return self.action in ("drop_before", "drop_after")


class Armed(BaseModel):
    """A failure that waits: how many requests it matched and on how many it was used."""

    id: int
    failure: Failure
    seen: int = 0
    used: int = 0

    @property
    def pending(self) -> bool:
        """Return whether it was to be used more often than it was (without `times`: at least once)."""
        return self.used < (self.failure.times or 1)

    @property
    def spent(self) -> bool:
        """Return whether it has been used as often as it may be."""
        return self.failure.times is not None and self.used >= self.failure.times

    def as_json(self) -> dict[str, object]:
        """Return the armed failure as the control API shows it."""
        return {**self.model_dump(mode="json"), "pending": self.pending}


class Failures:
    """All armed failures. If several are ready for a request, the one armed first is used."""

    def __init__(self) -> None:
        """Start with none."""
        self.armed: list[Armed] = []

    def arm(self, failure: Failure) -> Armed:
        """Add a failure."""
        armed = Armed(id=len(self.armed) + 1, failure=failure)
        self.armed.append(armed)
        return armed

    def take(self, method: str, path: str) -> Armed | None:
        """Count a request with every failure that covers it, and use the first that is ready."""
        waiting = (item for item in self.armed if not item.spent)
        covering = [item for item in waiting if item.failure.match.covers(method, path)]
        for item in covering:
            item.seen += 1
        chosen = next((item for item in covering if item.seen > item.failure.after), None)
        if chosen is not None:
            chosen.used += 1
        return chosen

    def clear(self) -> None:
        """Forget them all."""
        self.armed.clear()
