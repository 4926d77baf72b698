"""What the sandbox was asked, and what came of it: its requests and its effects, in order."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from dev.sandbox.clock import Clock


@dataclass(slots=True)
class RequestRecord:
    """One request. `status` is None while it is worked on, and stays None if it was dropped.

    `raw_path` is the request target as it came, with its query; `path` is the decoded path alone.
    `body` and `response` are the parsed JSON, the text if it is not JSON, or None if it is empty.
    `connection` is the client's port: requests that share one came over one connection.
    `failure` is the id of the armed failure that was used on it. `unexpected` marks a route that
    the sandbox does not know. The Authorization header is not kept.
    """

    number: int
    at: datetime
    method: str
    raw_path: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    body: object
    connection: int
    status: int | None = None
    response: object = None
    failure: int | None = None
    unexpected: bool = False


@dataclass(frozen=True, slots=True)
class Effect:
    """One thing that came to pass, such as `contact_created`, by which request, with its ids."""

    number: int
    at: datetime
    request: int
    effect: str
    details: Mapping[str, object]


@dataclass(slots=True)
class Journal:
    """The requests and effects since the start or the last reset, each numbered from 1."""

    clock: Clock
    requests: list[RequestRecord] = field(default_factory=list)
    effects: list[Effect] = field(default_factory=list)

    def happened(self, request: int, effect: str, details: Mapping[str, object]) -> None:
        """Write down an effect of that request."""
        self.effects.append(Effect(len(self.effects) + 1, self.clock.now(), request, effect, details))
