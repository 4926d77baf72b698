"""/catalog: what the account has, answered over HTTP by Dotdigital's sandbox, or by a script of answers."""

from typing import Any

import pytest
from pytest_httpserver import HTTPServer

from catalog.app import CatalogFunction
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.catalog import answer_of, get
from tests.support.dotdigital_server import Clock, DotdigitalServer
from tests.support.functions import Context, event_file, load_handler

pytestmark = pytest.mark.usefixtures("environment")


@pytest.fixture
def scripted(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> DotdigitalServer:
    """Dotdigital as a script of answers, in the sandbox's place."""
    server = DotdigitalServer(httpserver)
    monkeypatch.setenv("DOTDIGITAL_BASE_URL", server.url)
    return server


LISTS = [
    {"id": 1, "name": "All Contacts", "visibility": "Private"},
    {"id": 2, "name": "Test", "visibility": "Private"},
    {"id": 301, "name": "Newsletter", "visibility": "Public"},
    {"id": 302, "name": "Customers", "visibility": "Private"},
    {"id": 303, "name": "Waiting list", "visibility": "Private"},
]


def test_lists_are_told_with_what_is_known_of_them() -> None:
    status, content = get("lists")
    assert (status, set(content)) == (200, {"lists"})
    counts = [each.pop("contacts") for each in content["lists"]]
    assert (content["lists"], min(counts)) == (LISTS, 0)


def test_programs_are_told_with_their_status() -> None:
    assert get("programs") == (
        200,
        {
            "programs": [
                {"id": 501, "name": "Welcome series", "status": "Active"},
                {"id": 502, "name": "Win back", "status": "Active"},
                {"id": 503, "name": "Birthday", "status": "Draft"},
                {"id": 504, "name": "Old welcome", "status": "Deactivated"},
            ]
        },
    )


def test_campaigns_are_told_with_their_status() -> None:
    status, content = get("campaigns")
    sale = {"id": 601, "name": "Summer sale", "subject": "Our summer sale", "status": "Unsent", "triggered": False}
    assert (status, content["campaigns"][0]) == (200, sale)
    assert [each["triggered"] for each in content["campaigns"]] == [False, False, True, False]


def test_data_fields_are_told_with_their_type() -> None:
    status, content = get("data-fields")
    assert (status, content["dataFields"][3]) == (200, {"name": "POINTS", "type": "Numeric"})


@pytest.mark.parametrize(
    ("name", "choices"),
    [
        ("lists", [{"label": each["name"], "value": str(each["id"])} for each in LISTS]),
        ("programs", [{"label": "Welcome series", "value": "501"}, {"label": "Win back", "value": "502"}]),
        (
            "campaigns",
            [
                {"label": "Summer sale", "value": "601"},
                {"label": "May news", "value": "602"},
                {"label": "Order confirmation", "value": "603"},
                {"label": "Not yet approved", "value": "604"},
            ],
        ),
        (
            "data-fields",
            [
                {"label": name, "value": name, "type": kind}
                for name, kind in {
                    "FIRSTNAME": "string",
                    "LASTNAME": "string",
                    "CITY": "string",
                    "POINTS": "number",
                    "LASTORDERVALUE": "number",
                    "LASTSEEN": "datetime",
                    "VIP": "boolean",
                }.items()
            ],
        ),
    ],
)
def test_choices_are_those_of_segments_pickers(name: str, choices: list[dict[str, str]]) -> None:
    assert get(name, "choices") == (200, {"choices": choices})


@pytest.mark.parametrize(
    ("name", "path"), [("lists", "address-books"), ("programs", "programs"), ("campaigns", "campaigns/filtered")]
)
def test_all_pages_are_read(scripted: DotdigitalServer, name: str, path: str) -> None:
    scripted.answers(200, [{"id": number, "name": "n", "status": "Active"} for number in range(1, 1001)])
    scripted.answers(200, [{"id": 1001, "name": "The last", "status": "Active"}])
    status, content = get(name, "choices")
    assert (status, len(content["choices"]), content["choices"][-1]["label"]) == (200, 1001, "The last")
    assert [(sent.path, sent.query) for sent in scripted.sent] == [
        (f"/v2/{path}", "select=1000"),
        (f"/v2/{path}", "select=1000&skip=1000"),
    ]


@pytest.mark.parametrize(
    ("event", "status", "message"),
    [
        (
            {"path": "/catalog/contacts"},
            404,
            "there are lists, programs, campaigns, data-fields and account, and nothing else",
        ),
        ({"path": "/actions/send-sms"}, 404, "this function answers /catalog/<listing> only"),
        ({}, 404, "this function answers /catalog/<listing> only"),
        (
            {"path": "/catalog/lists", "queryStringParameters": {"format": "csv"}},
            400,
            "format must be choices, or left out",
        ),
        (
            {"path": "/catalog/lists", "httpMethod": "POST"},
            405,
            "the catalog is read with GET; POST goes to data-fields",
        ),
        (
            {"path": "/catalog/account", "httpMethod": "DELETE"},
            405,
            "the catalog is read with GET; POST goes to data-fields",
        ),
    ],
)
def test_a_question_that_is_none_is_told_what_can_be_asked(
    sandbox: Sandbox, event: dict[str, Any], status: int, message: str
) -> None:
    assert answer_of(load_handler("catalog")(event, Context())) == (status, {"message": message})
    assert sandbox.requests == ()


def test_a_picker_of_nothing_is_empty_and_says_so() -> None:
    status, content = get("emailType", "choices")
    assert (status, content["choices"], content["error"]["code"]) == (404, [], "404")


@pytest.mark.parametrize("name", ["lists", "account", "programs_as_choices"])
def test_what_api_gateway_sends_is_answered(name: str) -> None:
    status, content = answer_of(load_handler("catalog")(event_file("catalog", name), Context()))
    assert (status, "message" in content) == (200, False)


def test_what_was_read_is_kept_for_five_minutes(sandbox: Sandbox) -> None:
    clock = Clock()
    function = CatalogFunction(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": sandbox.url}, clock)
    for seconds, calls in ((0, 1), (300, 1), (1, 2), (299, 2)):
        clock.seconds += seconds
        for query in ({"format": "choices"}, None):
            event = {"path": "/catalog/lists", "queryStringParameters": query}
            assert function.respond(event, None)["statusCode"] == 200
        assert len(sandbox.requests) == calls


def test_what_could_not_be_read_is_not_kept(sandbox: Sandbox) -> None:
    handler = load_handler("catalog")
    sandbox.fail("status", status=500)
    statuses = [handler({"path": "/catalog/lists"}, Context())["statusCode"] for _ in range(2)]
    assert statuses == [503, 200]


def test_another_accounts_lists_are_not_kept(aws: Aws, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SECRET_MAX_AGE_SECONDS", "0")
    handler = load_handler("catalog")
    assert handler({"path": "/catalog/lists"}, Context())["statusCode"] == 200
    aws.put_secret(SECRET | {"username": "apiuser-2@apiconnector.com"})
    sandbox.admit("apiuser-2@apiconnector.com", SECRET["password"])
    assert handler({"path": "/catalog/lists"}, Context())["statusCode"] == 200
    assert len(sandbox.requests) == 2
