"""Dotdigital as a script of responses over real HTTP, through pytest-httpserver.

https://pytest-httpserver.readthedocs.io/en/latest/howto.html
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request

from dotdigital import Account, Dotdigital, Transport

_ANYTHING = re.compile(r".*", re.DOTALL)


class Sent(NamedTuple):
    """A request as the server got it. `path` and `query` are raw, `body` is what its JSON says."""

    method: str
    path: str
    query: str = ""
    body: Any = None


@dataclass
class Clock:
    """A clock that stands still until it is told to move, or to sleep; `slept` has the seconds of each sleep."""

    seconds: float = 1000.0
    slept: list[float] = field(default_factory=list)

    def __call__(self) -> float:
        return self.seconds

    def sleep(self, seconds: float) -> None:
        self.seconds += seconds
        self.slept.append(seconds)


class DotdigitalServer:
    """Gives each request the next response of its script and keeps the request."""

    def __init__(self, http: HTTPServer) -> None:
        self._http = http
        self.url = http.url_for("").rstrip("/")

    def responds(self, *responses: int | tuple[Any, ...], headers: Mapping[str, str] | None = None) -> None:
        """Put responses at the end of the script: a status, or a status and a body, bytes as they are, else as JSON."""
        for response in responses:
            status, *body = response if isinstance(response, tuple) else (response,)
            content, content_type = _content(*body)
            handler = self._http.expect_ordered_request(_ANYTHING)
            handler.respond_with_data(content, status, {"Content-Type": content_type, **(headers or {})})

    @property
    def requests(self) -> list[Request]:
        """The requests so far, with their headers."""
        return [request for request, _ in self._http.log]

    @property
    def sent(self) -> list[Sent]:
        """What the requests so far say."""
        return [_sent(request) for request in self.requests]

    def check(self) -> None:
        """Fail if a request was not in the script, or a response of the script was not asked for."""
        self._http.check()
        unused = len(self._http.ordered_handlers)
        assert not unused, f"{unused} responses were not asked for"

    def transport(self, **changes: Any) -> Transport:
        """A transport to here, on clocks that stand still."""
        return transport_to(self.url, **changes)

    def client(self, **changes: Any) -> Dotdigital:
        """A client of here, on clocks that stand still."""
        return Dotdigital(self.transport(**changes))


def account_at(url: str, **changes: Any) -> Account:
    """An account of the server at `url`."""
    usual = {"base_url": url, "username": "apiuser", "password": "password"}
    return Account(**{**usual, **changes})


def transport_to(url: str, **changes: Any) -> Transport:
    """A transport to the server at `url`, on clocks that stand still. Its sleeps move the clock `monotonic`."""
    usual: dict[str, Any] = {"account": account_at(url), "monotonic": Clock(), "now": Clock(), "sleep": Clock().sleep}
    if isinstance(clock := changes.get("monotonic"), Clock):
        usual["sleep"] = clock.sleep
    return Transport(**{**usual, **changes})


def _content(body: Any = None) -> tuple[bytes, str]:
    if isinstance(body, bytes):
        return body, "text/html"
    return b"" if body is None else json.dumps(body).encode(), "application/json"


def _sent(request: Request) -> Sent:
    path, _, query = str(request.environ["RAW_URI"]).partition("?")
    content = request.get_data()
    return Sent(request.method, path, query, json.loads(content) if content else None)


@pytest.fixture
def server(httpserver: HTTPServer) -> Iterator[DotdigitalServer]:
    """A server without responses yet; the test fails at its end unless each was asked for, and nothing else."""
    scripted = DotdigitalServer(httpserver)
    yield scripted
    scripted.check()


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def dotdigital(server: DotdigitalServer, clock: Clock) -> Dotdigital:
    """A client of the server, whose requests and sleeps are timed by the clock."""
    return server.client(monotonic=clock)
