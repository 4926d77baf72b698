"""/catalog: what the account has, told by way of the sandbox over HTTP, or of a script of responses.

What each listing tells, which region an account is in, and which data fields can be made: tests/unit/functions/catalog.
"""

import json
from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from catalog.app import CatalogFunction
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.dotdigital_server import Clock, DotdigitalServer
from tests.support.functions import Context, event_file, http_response, load_handler, request

READ_LISTS = {"path": "/catalog/lists"}
REFUSED = "Dotdigital refuses the credentials; GET /catalog/account says more: "
NO_ANSWER = "Dotdigital does not answer as it should; ask again later: Armed failure"


def get(name: str, **query: str) -> tuple[int, Any]:
    return request("catalog", {"path": f"/catalog/{name}", "queryStringParameters": query})


@pytest.fixture
def scripted(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> DotdigitalServer:
    """Dotdigital as a script of responses, in the sandbox's place."""
    server = DotdigitalServer(httpserver)
    monkeypatch.setenv("DOTDIGITAL_BASE_URL", server.url)
    return server


def test_a_listing_is_told_with_all_that_is_known_and_as_choices_of_segments_picker() -> None:
    status, content = get("programs")
    assert (status, len(content["programs"])) == (200, 4)
    assert content["programs"][0] == {"id": 501, "name": "Welcome series", "status": "Active"}
    choices = [{"label": "Welcome series", "value": "501"}, {"label": "Win back", "value": "502"}]
    assert get("programs", format="choices") == (200, {"choices": choices})


@pytest.mark.parametrize(
    ("name", "path"), [("lists", "address-books"), ("programs", "programs"), ("campaigns", "campaigns/filtered")]
)
def test_all_pages_are_read(scripted: DotdigitalServer, name: str, path: str) -> None:
    scripted.responds(
        (200, [{"id": number, "name": "n", "status": "Active"} for number in range(1, 1001)]),
        (200, [{"id": 1001, "name": "The last", "status": "Active"}]),
    )
    status, content = get(name, format="choices")
    assert (status, len(content["choices"]), content["choices"][-1]["label"]) == (200, 1001, "The last")
    assert [(sent.path, sent.query) for sent in scripted.sent] == [
        (f"/v2/{path}", "select=1000"),
        (f"/v2/{path}", "select=1000&skip=1000"),
    ]


NOTHING_ELSE = "there are lists, programs, campaigns, data-fields and account, and nothing else"
ONLY_HERE = "this function answers /catalog/<listing> only"
ONLY_GET = "the catalog is read with GET; POST goes to data-fields"


@pytest.mark.parametrize(
    ("event", "status", "message"),
    [
        ({"path": "/catalog/contacts"}, 404, NOTHING_ELSE),
        ({"path": "/actions/send-sms"}, 404, ONLY_HERE),
        ({}, 404, ONLY_HERE),
        (READ_LISTS | {"queryStringParameters": {"format": "csv"}}, 400, "format must be choices, or left out"),
        (READ_LISTS | {"httpMethod": "POST"}, 405, ONLY_GET),
        ({"path": "/catalog/account", "httpMethod": "DELETE"}, 405, ONLY_GET),
    ],
)
def test_a_request_that_is_none_is_told_what_can_be_asked(
    sandbox: Sandbox, event: dict[str, Any], status: int, message: str
) -> None:
    assert request("catalog", event) == (status, {"message": message})
    assert sandbox.requests == ()


def test_a_picker_of_nothing_is_empty_and_says_so() -> None:
    status, content = get("emailType", format="choices")
    assert (status, content["choices"], content["error"]["code"]) == (404, [], "404")


@pytest.mark.parametrize("name", ["lists", "account", "programs_as_choices"])
def test_what_api_gateway_sends_is_answered(name: str) -> None:
    status, content = request("catalog", event_file("catalog", name))
    assert (status, "message" in content) == (200, False)


def test_what_was_read_is_kept_for_five_minutes(sandbox: Sandbox) -> None:
    clock = Clock()
    function = CatalogFunction(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": sandbox.url}, clock)
    for seconds, requests in ((0, 1), (300, 1), (1, 2), (299, 2)):
        clock.seconds += seconds
        for query in ({"format": "choices"}, None):
            assert function.respond(READ_LISTS | {"queryStringParameters": query}, None)["statusCode"] == 200
        assert len(sandbox.requests) == requests


def test_what_could_not_be_read_is_not_kept(sandbox: Sandbox) -> None:
    handler = load_handler("catalog")
    sandbox.fail("status", status=500)
    assert [handler(READ_LISTS, Context())["statusCode"] for _ in range(2)] == [503, 200]


def test_another_accounts_lists_are_not_kept(aws: Aws, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_MAX_AGE_SECONDS", "0")
    handler = load_handler("catalog")
    assert handler(READ_LISTS, Context())["statusCode"] == 200
    aws.put_secret(SECRET | {"username": "apiuser-2@apiconnector.com"})
    sandbox.admit("apiuser-2@apiconnector.com", SECRET["password"])
    assert handler(READ_LISTS, Context())["statusCode"] == 200
    assert len(sandbox.requests) == 2


@pytest.mark.parametrize(
    ("failure", "status", "message"),
    [
        ({"status": 401}, 502, f"{REFUSED}Armed failure; check username and password in the secret"),
        (
            {"status": 403},
            502,
            f"{REFUSED}Armed failure; check that region is the account's own and that the API user may do this",
        ),
        ({"status": 500}, 503, NO_ANSWER),
        (
            {"status": 400, "body": {"message": "Error: ERROR_PARAMETER_INVALID"}},
            502,
            "Dotdigital says no: ERROR_PARAMETER_INVALID: Error: ERROR_PARAMETER_INVALID",
        ),
    ],
)
def test_a_refusal_says_what_to_do(sandbox: Sandbox, failure: dict[str, Any], status: int, message: str) -> None:
    sandbox.fail("status", **failure)
    assert get("lists") == (status, {"message": message})


def test_a_limit_says_when_to_ask_again(sandbox: Sandbox) -> None:
    sandbox.fail("status", status=429, headers={"X-RateLimit-Reset": "17"})
    response = load_handler("catalog")(READ_LISTS, Context())
    message = "a call limit of the Dotdigital account is used up: ask again in 17 seconds"
    assert (http_response(response), response["headers"]["Retry-After"]) == ((429, {"message": message}), "17")


@pytest.mark.parametrize("name", ["lists", "account"])
def test_a_secret_that_cannot_be_used_is_told(aws: Aws, name: str) -> None:
    aws.put_secret("{}")
    assert get(name) == (503, {"message": "the secret of this function cannot be used: its log says why"})


def test_an_account_is_told_with_what_is_left_of_its_limits(sandbox: Sandbox) -> None:
    status, content = get("account")
    assert (status, content["callsInLastHour"] + content["callsRemaining"]) == (200, 2000)
    known = {"ok": True, "region": "r1", "id": 4711, "name": "Sandbox account"}
    figures = {"callsInLastHour", "callsRemaining", "emailCredits", "smsCredits"}
    assert (content | known, set(content)) == (content, {*known, *figures})
    assert [request.raw_path for request in sandbox.requests] == ["/v2/account-info"]


def test_an_account_that_refuses_or_does_not_answer_is_told(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", status=500)
    assert get("account") == (503, {"message": NO_ANSWER})
    aws.put_secret(SECRET | {"password": "wrong"})
    message = "Dotdigital refuses username or password: put those of an API user (Settings > Access > API users)"
    assert get("account") == (502, {"ok": False, "message": message, "regionInSecret": "r1", "region": None})


def test_the_right_region_is_found_and_told(aws: Aws, scripted: DotdigitalServer) -> None:
    aws.put_secret(SECRET | {"region": "r2"})
    place = {"name": "ApiEndpoint", "type": "String", "value": "https://r3-api.dotdigital.com/"}
    scripted.responds((403, {"message": "Forbidden"}), (200, {"id": 1, "properties": [place]}))
    status, content = get("account")
    assert (status, content["ok"], content["regionInSecret"], content["region"]) == (502, False, "r2", "r3")
    assert content["message"] == "the account is in r3, not in r2: put r3 as region in the secret"
    assert [sent.path for sent in scripted.sent] == ["/v2/account-info"] * 2


def test_the_secret_is_checked_as_it_is_now(aws: Aws, scripted: DotdigitalServer) -> None:
    handler = load_handler("catalog")
    for password in ("first", "second"):
        aws.put_secret(SECRET | {"password": password})
        scripted.responds((200, {"id": 1, "properties": []}))
        assert handler({"path": "/catalog/account"}, Context())["statusCode"] == 200
    first, second = (request.headers["Authorization"] for request in scripted.requests)
    assert first != second


BLUE = {"name": "BLUE", "type": "String"}


def create(body: str) -> tuple[int, Any]:
    return request("catalog", {"httpMethod": "POST", "path": "/catalog/data-fields", "body": body})


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_MAY_CREATE_DATA_FIELDS", "true")


def test_no_data_field_is_created_unless_the_stack_allows_it(sandbox: Sandbox) -> None:
    message = (
        "creating data fields is off: create it in Dotdigital itself, or set the stack's parameter "
        "CatalogMayCreateDataFields to true"
    )
    assert create(json.dumps(BLUE)) == (403, {"message": message})
    assert sandbox.requests == ()


@pytest.mark.usefixtures("allowed")
def test_a_data_field_is_created_and_listed(sandbox: Sandbox) -> None:
    handler = load_handler("catalog")
    read = {"path": "/catalog/data-fields"}
    made = {"name": "FAVOURITE_PLANT", "type": "String"}
    assert handler(read, Context())["statusCode"] == 200
    assert http_response(handler(event_file("catalog", "new_data_field"), Context())) == (200, made)
    assert http_response(handler(read, Context()))[1]["dataFields"][-1] == made
    assert [effect.effect for effect in sandbox.journal] == ["data_field_created"]


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("body", "status", "message"),
    [
        (json.dumps(BLUE | {"type": "Colour"}), 400, "type: Input should be 'String', 'Numeric', 'Date' or 'Boolean'"),
        ('"BLUE"', 400, "the body must be one JSON object"),
        ("{", 400, "the body is not JSON"),
        (json.dumps(BLUE | {"name": "points"}), 409, "name: the account has a data field of that name, of type Numer"),
    ],
)
def test_what_cannot_be_created_is_told(body: str, status: int, message: str, sandbox: Sandbox) -> None:
    found, content = create(body)
    assert (found, content["message"][: len(message)]) == (status, message)
    assert sandbox.journal == ()
