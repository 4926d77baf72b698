"""/catalog/account, and what the catalog answers where the account does not."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, Aws
from tests.support.catalog import answer_of, get
from tests.support.dotdigital_server import DotdigitalServer
from tests.support.functions import Context, load_handler

pytestmark = pytest.mark.usefixtures("environment")

REFUSED = "Dotdigital refuses the credentials; GET /catalog/account says more: "


@pytest.fixture
def scripted(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> DotdigitalServer:
    """Dotdigital as a script of answers, in the sandbox's place."""
    server = DotdigitalServer(httpserver)
    monkeypatch.setenv("DOTDIGITAL_BASE_URL", server.url)
    return server


def test_an_account_is_told_with_what_is_left_of_its_limits(sandbox: Sandbox) -> None:
    status, content = get("account")
    assert (status, content["callsInLastHour"] + content["callsRemaining"]) == (200, 2000)
    left = {"callsInLastHour": content["callsInLastHour"], "callsRemaining": content["callsRemaining"]}
    credits = {"emailCredits": content["emailCredits"], "smsCredits": content["smsCredits"]}
    assert content == {"ok": True, "region": "r1", "id": 4711, "name": "Sandbox account", **left, **credits}
    assert [call.raw_path for call in sandbox.requests] == ["/v2/account-info"]


def test_a_wrong_password_is_told(aws: Aws) -> None:
    aws.put_secret(SECRET | {"password": "wrong"})
    assert get("account") == (
        502,
        {
            "ok": False,
            "message": "Dotdigital refuses username or password: put the API user's own in the secret",
            "regionInSecret": "r1",
            "region": None,
        },
    )


def test_an_account_that_cannot_be_asked_is_no_fault_of_the_credentials(sandbox: Sandbox) -> None:
    sandbox.fail("status", status=500)
    assert get("account") == (
        503,
        {"message": "Dotdigital does not answer as it should; ask again later: Armed failure"},
    )


def test_the_right_region_is_found_and_told(aws: Aws, scripted: DotdigitalServer) -> None:
    aws.put_secret(SECRET | {"region": "r2"})
    place = {"name": "ApiEndpoint", "type": "String", "value": "https://r3-api.dotdigital.com/"}
    scripted.answers(403, {"message": "Forbidden"})
    scripted.answers(200, {"id": 1, "properties": [place]})
    status, content = get("account")
    assert (status, content["ok"], content["regionInSecret"], content["region"]) == (502, False, "r2", "r3")
    assert content["message"] == "the account is in r3, not in r2: put r3 as region in the secret"
    assert [sent.path for sent in scripted.sent] == ["/v2/account-info"] * 2


def test_the_secret_is_checked_as_it_is_now(aws: Aws, scripted: DotdigitalServer) -> None:
    handler = load_handler("catalog")
    for password in ("first", "second"):
        aws.put_secret(SECRET | {"password": password})
        scripted.answers(200, {"id": 1, "properties": []})
        assert handler({"path": "/catalog/account"}, Context())["statusCode"] == 200
    first, second = (request.headers["Authorization"] for request in scripted.requests)
    assert first != second


@pytest.mark.parametrize(
    ("failure", "status", "message"),
    [
        ({"status": 401}, 502, f"{REFUSED}Armed failure; check username and password in the secret"),
        (
            {"status": 403},
            502,
            f"{REFUSED}Armed failure; check that region is the account's own and that the API user may do this",
        ),
        ({"status": 500}, 503, "Dotdigital does not answer as it should; ask again later: Armed failure"),
        (
            {"status": 400, "body": {"message": "Error: ERROR_PARAMETER_INVALID"}},
            502,
            "Dotdigital says no: ERROR_PARAMETER_INVALID: Error: ERROR_PARAMETER_INVALID",
        ),
    ],
)
def test_a_refusal_says_what_to_do(sandbox: Sandbox, failure: dict[str, Any], status: int, message: str) -> None:
    # The secret is read again once after a refusal, and the call made again where it has changed.
    sandbox.fail("status", **failure)
    assert get("lists") == (status, {"message": message})


def test_a_limit_says_when_to_ask_again(sandbox: Sandbox) -> None:
    sandbox.fail("status", status=429, headers={"X-RateLimit-Reset": "17"})
    answer = load_handler("catalog")({"path": "/catalog/lists"}, Context())
    message = "a call limit of the Dotdigital account is used up: ask again in 17 seconds"
    assert answer_of(answer) == (429, {"message": message})
    assert answer["headers"]["Retry-After"] == "17"


@pytest.mark.parametrize("name", ["lists", "account"])
def test_a_secret_that_cannot_be_used_is_told(aws: Aws, name: str) -> None:
    aws.put_secret("{}")
    assert get(name) == (503, {"message": "the secret of this function cannot be used: its log says why"})
