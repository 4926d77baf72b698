"""The account, the time, the credentials, and routes that Dotdigital does not have."""

import base64
from datetime import datetime
from typing import Any

import pytest
import requests

from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

DENIED = {"message": "Authorization has been denied for this request."}


def test_account_info(api: Any, sandbox: Sandbox) -> None:
    sandbox.limit(LimitRules(scheme="flat", per_hour=100))
    status, answer = api("GET", "/v2/account-info")
    assert (status, answer["id"]) == (200, 4711)
    assert {row["name"]: row["value"] for row in answer["properties"]} == {
        "Name": "Sandbox account",
        "MainEmail": "shop@example.com",
        "ApiCallsInLastHour": "1",
        "ApiCallsRemaining": "99",
        "AvailableEmailSendsCredits": "5000",
        "AvailableSmsSendsCredits": "200",
        "ApiEndpoint": f"{sandbox.url}/",
        "TimeZoneIana": "Europe/London",
    }


def test_server_time_is_the_sandbox_time_as_text(api: Any, sandbox: Sandbox) -> None:
    sandbox.clock.advance(86_400)
    status, text = api("GET", "/v2/server-time")
    behind = sandbox.clock.now() - datetime.fromisoformat(text)
    assert (status, 0 <= behind.total_seconds() < 60) == (200, True)


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v2/programs", DENIED),
        (
            "GET",
            "/contacts/v3/email/kim%40example.com",
            {"errorCode": "server:unauthorized", "description": DENIED["message"]},
        ),
        ("POST", "/cpaas/messages", DENIED),
    ],
)
@pytest.mark.parametrize(
    "credentials", [None, ("apiuser-sandbox@example.com", "wrong"), ("nobody", "sandbox-password")]
)
def test_other_credentials_are_401(
    sandbox: Sandbox, credentials: tuple[str, str] | None, method: str, path: str, body: object
) -> None:
    answer = requests.request(method, sandbox.url + path, auth=credentials, timeout=10)
    assert (answer.status_code, answer.json()) == (401, body)
    assert answer.headers["Content-Type"] == "application/json; charset=utf-8"


def test_another_scheme_is_401(sandbox: Sandbox) -> None:
    pair = base64.b64encode(f"{sandbox.username}:{sandbox.password}".encode()).decode()
    headers = {"Authorization": f"Bearer {pair}"}
    answer = requests.get(f"{sandbox.url}/v2/programs", headers=headers, timeout=10)
    assert answer.status_code == 401


def test_credentials_can_be_rotated_and_reset(api: Any, sandbox: Sandbox) -> None:
    sandbox.admit("second@example.com", "second")
    url = f"{sandbox.url}/v2/programs"
    assert api("GET", "/v2/programs") == (401, DENIED)
    second = ("second@example.com", "second")
    assert requests.get(url, auth=second, timeout=10).status_code == 200
    sandbox.reset()
    assert api("GET", "/v2/programs")[0] == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "shape"),
    [
        ("GET", "/v2/contacts", 404, ["message"]),
        ("GET", "/nothing", 404, ["message"]),
        ("GET", "/", 404, ["message"]),
        ("DELETE", "/v2/programs", 405, ["message"]),
        ("GET", "/contacts/v3/email/", 404, ["errorCode", "description"]),
    ],
)
def test_an_unknown_route_is_refused_and_noted(
    *, api: Any, sandbox: Sandbox, method: str, path: str, status: int, shape: list[str]
) -> None:
    got, answer = api(method, path)
    assert (got, list(answer)) == (status, shape)
    assert [(one.raw_path, one.unexpected, one.status) for one in sandbox.requests] == [(path, True, status)]
    sandbox.reset()
