"""/audiences: the calls of Segment's webhook-audiences destination, answered by Dotdigital's sandbox over HTTP."""

import json
from typing import Any

import pytest

from audiences.app import AudiencesFunction
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import Context, event_file, load_handler
from tests.support.segment import http_event, rest_event, signature

pytestmark = pytest.mark.usefixtures("environment")

NEW = {"audienceName": "Garden lovers"}
WEBHOOK_SECRET = "only-the-url-holds-it"
NOT_PROVED = (
    "neither the signature nor the webhook secret is right; Segment's audience webhook does not sign these requests: "
    "put webhookSecret into the secret, and ?webhookSecret=<its value> at the end of the audience webhook's URLs"
)


def answer_of(event: dict[str, Any]) -> tuple[int, Any]:
    answer = load_handler("audiences")(event, Context())
    return answer["statusCode"], json.loads(answer["body"])


def post(content: Any, **differences: Any) -> tuple[int, Any]:
    return answer_of(rest_event(content, "/audiences", **differences))


def read(external_id: str, **differences: Any) -> tuple[int, Any]:
    return answer_of(rest_event(b"", f"/audiences/{external_id}", httpMethod="GET", **differences))


def put_secret(aws: Aws, sandbox: Sandbox, **differences: str | None) -> None:
    aws.put_secret(SECRET | {"username": sandbox.username, "password": sandbox.password} | differences)


@pytest.mark.parametrize(
    ("content", "visibility"),
    [
        ({"name": "Garden lovers"}, "Private"),
        ({"name": "Garden lovers", "visibility": "Public"}, "Public"),
        (NEW, "Private"),
        ({"visibility": "Public", "hello": "world", **NEW}, "Public"),
    ],
)
def test_a_list_is_made_and_can_be_read(sandbox: Sandbox, content: dict[str, str], visibility: str) -> None:
    assert post(content) == (200, {"externalId": "304"})
    found = {"externalId": "304", "name": "Garden lovers", "visibility": visibility, "contacts": 0}
    assert read("304") == (200, found)
    assert len(sandbox.journal) == 1


def test_asking_twice_makes_one_list(sandbox: Sandbox) -> None:
    assert [post({"name": name}) for name in ("Garden lovers", " garden LOVERS ")] == [(200, {"externalId": "304"})] * 2
    assert len(sandbox.journal) == 1


def test_an_existing_list_is_the_answer(sandbox: Sandbox) -> None:
    assert post({"name": "customers", "visibility": "Public"}) == (200, {"externalId": "302"})
    assert sandbox.journal == ()


def test_an_audience_is_got_by_its_external_id(sandbox: Sandbox) -> None:
    assert post({"visibility": "Private", "externalId": "302"}) == (200, {"externalId": "302"})
    assert sandbox.journal == ()


@pytest.mark.parametrize("external_id", ["304", "1", "Customers", "302%20", "../302"])
def test_an_external_id_that_no_audience_can_have_is_404(sandbox: Sandbox, external_id: str) -> None:
    assert post({"externalId": external_id})[0] == 404
    assert read(external_id)[0] == 404
    assert sandbox.journal == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"name": "Test"}, "name: Test and All Contacts are Dotdigital's own lists and take no contacts"),
        ({"name": " "}, "name: give the list a name; without one, audienceName is taken"),
        (
            {"name": "n" * 129},
            "name: a list's name has at most 128 characters; give it a shorter one as name",
        ),
        ({"name": "New", "visibility": "Hidden"}, "visibility: Input should be 'Private' or 'Public'"),
        (b"{", "the body is not JSON, or is nested too deep"),
    ],
)
def test_what_is_wrong_is_400_with_the_reason(sandbox: Sandbox, content: Any, message: str) -> None:
    assert post(content) == (400, {"message": message})
    assert sandbox.requests == ()


@pytest.mark.parametrize(("method", "path"), [("PUT", "/audiences"), ("POST", "/audiences/302"), ("GET", "/audiences")])
def test_another_route_is_404(method: str, path: str) -> None:
    status, content = answer_of(rest_event(NEW, path, httpMethod=method))
    assert status == 404
    assert content == {"message": "this function answers POST /audiences and GET /audiences/<id> only"}


@pytest.mark.parametrize(
    "headers", [{}, {"X-Signature": "0" * 40}, {"X-Webhook-Secret": ""}, {"X-Webhook-Secret": WEBHOOK_SECRET}]
)
def test_without_a_webhook_secret_a_request_must_be_signed(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert post(NEW, headers=headers, queryStringParameters={"webhookSecret": ""}) == (401, {"message": NOT_PROVED})
    assert read("302", headers=headers)[0] == 401
    assert sandbox.requests == ()


def test_a_shared_secret_that_is_switched_off_lets_all_in(aws: Aws, sandbox: Sandbox) -> None:
    put_secret(aws, sandbox, sharedSecret="")
    assert post(NEW, headers={})[0] == 200


@pytest.mark.parametrize("previous", [SECRET["sharedSecret"], None])
def test_the_shared_secret_before_is_taken_while_it_is_kept(aws: Aws, sandbox: Sandbox, previous: str | None) -> None:
    put_secret(aws, sandbox, sharedSecret="new", sharedSecretPrevious=previous)
    assert post({"externalId": "302"})[0] == (200 if previous else 401)


@pytest.fixture
def webhook_secret(environment: None, aws: Aws, sandbox: Sandbox) -> None:
    put_secret(aws, sandbox, webhookSecret=WEBHOOK_SECRET)


@pytest.mark.usefixtures("webhook_secret")
@pytest.mark.parametrize(
    "brought",
    [
        {"headers": {"X-Webhook-Secret": WEBHOOK_SECRET}},
        {"headers": {"x-webhook-secret": WEBHOOK_SECRET, "X-Signature": "0" * 40}},
        {"headers": {}, "queryStringParameters": {"webhookSecret": WEBHOOK_SECRET}},
        {"headers": None, "queryStringParameters": {"webhookSecret": WEBHOOK_SECRET}},
    ],
)
def test_it_stands_in_for_the_signature_that_segment_does_not_send(brought: dict[str, Any]) -> None:
    assert post(NEW, **brought) == (200, {"externalId": "304"})
    assert read("302", **brought)[0] == 200


@pytest.mark.usefixtures("webhook_secret")
@pytest.mark.parametrize(
    "brought",
    [
        {},
        {"headers": {"X-Webhook-Secret": "wrong"}},
        {"queryStringParameters": {"webhookSecret": "wrong"}},
        {"queryStringParameters": {"webhooksecret": WEBHOOK_SECRET}},
    ],
)
def test_a_signature_alone_does_not_do(sandbox: Sandbox, brought: dict[str, Any]) -> None:
    assert post(NEW, **brought) == (401, {"message": NOT_PROVED})
    assert sandbox.requests == ()


@pytest.mark.usefixtures("webhook_secret")
def test_it_is_in_the_query_of_an_http_api_too() -> None:
    event = http_event(NEW, "/audiences") | {"queryStringParameters": {"webhookSecret": WEBHOOK_SECRET}}
    assert answer_of(event) == (200, {"externalId": "304"})


def test_a_new_webhook_secret_is_seen_when_the_old_one_does_not_do(aws: Aws, sandbox: Sandbox) -> None:
    clock = Clock()
    function = AudiencesFunction(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": sandbox.url}, clock)
    assert function.respond(rest_event({"externalId": "302"}, "/audiences"), None)["statusCode"] == 200
    put_secret(aws, sandbox, webhookSecret=WEBHOOK_SECRET)
    brought = {"headers": {}, "queryStringParameters": {"webhookSecret": WEBHOOK_SECRET}}
    statuses = []
    for seconds in (9, 1):
        clock.seconds += seconds
        answer = function.respond(rest_event({"externalId": "302"}, "/audiences", **brought), None)
        statuses.append(answer["statusCode"])
    assert statuses == [401, 200]


@pytest.mark.parametrize(("name", "external_id"), [("create", "304"), ("get", "302"), ("read", "302")])
def test_what_api_gateway_sends_is_answered(name: str, external_id: str) -> None:
    status, content = answer_of(event_file("audiences", name))
    assert (status, content["externalId"]) == (200, external_id)


@pytest.mark.parametrize(
    ("failure", "status"),
    [({"status": 401}, 502), ({"status": 500}, 503), ({"status": 429, "headers": {"X-RateLimit-Reset": "17"}}, 429)],
)
def test_a_refusal_of_dotdigitals_is_one_that_segment_tries_again(
    sandbox: Sandbox, failure: dict[str, Any], status: int
) -> None:
    sandbox.fail("status", path="address-books", **failure)
    assert post(NEW)[0] == status
    assert sandbox.journal == ()


def test_a_list_whose_making_was_not_answered_is_found_the_next_time(sandbox: Sandbox) -> None:
    sandbox.fail("drop_after", method="POST")
    assert post(NEW)[0] == 503
    assert post(NEW) == (200, {"externalId": "304"})
    assert len(sandbox.journal) == 1


def test_it_answers_within_the_time_that_segment_waits(sandbox: Sandbox) -> None:
    sandbox.fail("delay", seconds=3)
    answer = load_handler("audiences")(rest_event(NEW, "/audiences"), Context(2))
    assert answer["statusCode"] == 503


def test_what_is_logged_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    for content in (
        {"name": "Friends of Priya"},
        {"externalId": "Priya"},
        {"name": "x", "visibility": "Priya"},
        b"Pri",
    ):
        post(content)
    assert post({"name": "Priya"}, headers={"X-Signature": "Priya"})[0] == 401
    assert "Priya" not in capsys.readouterr().out


def test_a_get_is_signed_by_its_empty_body() -> None:
    assert read("302", headers={"X-Signature": signature(b"")})[0] == 200
