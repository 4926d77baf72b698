"""A client of the sandbox that asserts on nothing: it returns status and body."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest
import requests

from dev.sandbox.server import Sandbox

Api = Callable[..., tuple[int, Any]]


@pytest.fixture
def session(sandbox: Sandbox) -> Iterator[requests.Session]:
    with requests.Session() as session:
        session.auth = (sandbox.username, sandbox.password)
        yield session


@pytest.fixture
def api(sandbox: Sandbox, session: requests.Session) -> Api:
    """`api("GET", "/v2/programs")` -> (200, [...]); `body` goes out as JSON, `data` as it is."""

    def call(method: str, path: str, body: object = None, **more: Any) -> tuple[int, Any]:
        response = session.request(method, sandbox.url + path, json=body, timeout=10, **more)
        is_json = response.headers.get("Content-Type") == "application/json; charset=utf-8"
        return response.status_code, response.json() if is_json else response.text

    return call


@pytest.fixture
def effects(sandbox: Sandbox) -> Callable[[], list[tuple[str, dict[str, object]]]]:
    """The journal as pairs of effect and details."""
    return lambda: [(entry.effect, dict(entry.details)) for entry in sandbox.journal]
