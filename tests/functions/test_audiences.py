"""/audiences: the requests of Segment's webhook-audiences destination, answered by way of the sandbox over HTTP.

Which list is found or made for what is asked, tests/unit/functions/audiences tells.
"""

from typing import Any

import pytest

from audiences.app import AudiencesFunction
from dev.sandbox.server import Sandbox
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import event_file, request
from tests.support.segment import http_event, rest_event, signature

NEW = {"audienceName": "Garden lovers"}
WEBHOOK_SECRET = "only-the-url-holds-it"
IN_QUERY = {"queryStringParameters": {"webhookSecret": WEBHOOK_SECRET}}
NOT_PROVED = (
    "neither the signature nor the webhook secret is right; Segment's audience webhook does not sign these requests: "
    "put webhookSecret into the secret, and ?webhookSecret=<its value> at the end of the audience webhook's URLs"
)
NO_ROUTE = "this function answers POST /audiences and GET /audiences/<id> only"
MADE = (200, {"externalId": "304"})


def post(content: Any, **differences: Any) -> tuple[int, Any]:
    return request("audiences", rest_event(content, "/audiences", **differences))


def read(external_id: str, **differences: Any) -> tuple[int, Any]:
    return request("audiences", rest_event(b"", f"/audiences/{external_id}", httpMethod="GET", **differences))


@pytest.mark.parametrize("visibility", ["Private", "Public"])
def test_a_list_is_made_once_and_can_be_read(sandbox: Sandbox, visibility: str) -> None:
    assert post({"visibility": visibility, "hello": "world", **NEW}) == MADE
    assert post({"name": " garden LOVERS "}) == MADE
    found = {"externalId": "304", "name": "Garden lovers", "visibility": visibility, "contacts": 0}
    assert read("304") == (200, found)
    assert len(sandbox.journal) == 1


@pytest.mark.parametrize("content", [{"name": "customers"}, {"visibility": "Private", "externalId": "302"}])
def test_an_existing_list_is_found_by_its_name_or_external_id(sandbox: Sandbox, content: dict[str, str]) -> None:
    assert post(content) == (200, {"externalId": "302"})
    assert sandbox.journal == ()


@pytest.mark.parametrize("external_id", ["304", "1", "Customers", "302%20", "../302"])
def test_an_external_id_that_no_audience_can_have_is_404(sandbox: Sandbox, external_id: str) -> None:
    assert (post({"externalId": external_id})[0], read(external_id)[0]) == (404, 404)
    assert sandbox.journal == ()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ({"name": " "}, "name: give the list a name; without one, audienceName is taken"),
        (b"{", "the body is not JSON, or is nested too deep"),
    ],
)
def test_what_is_wrong_is_400_with_the_reason(sandbox: Sandbox, content: Any, message: str) -> None:
    assert post(content) == (400, {"message": message})
    assert sandbox.requests == ()


@pytest.mark.parametrize(("method", "path"), [("PUT", "/audiences"), ("POST", "/audiences/302"), ("GET", "/audiences")])
def test_another_route_is_404(method: str, path: str) -> None:
    assert request("audiences", rest_event(NEW, path, httpMethod=method)) == (404, {"message": NO_ROUTE})


@pytest.mark.parametrize(
    "headers", [{}, {"X-Signature": "0" * 40}, {"X-Webhook-Secret": ""}, {"X-Webhook-Secret": WEBHOOK_SECRET}]
)
def test_without_a_webhook_secret_a_request_must_be_signed(sandbox: Sandbox, headers: dict[str, str]) -> None:
    assert post(NEW, headers=headers, queryStringParameters={"webhookSecret": ""}) == (401, {"message": NOT_PROVED})
    assert read("302", headers=headers)[0] == 401
    assert sandbox.requests == ()


def test_a_get_is_signed_by_its_empty_body() -> None:
    assert read("302", headers={"X-Signature": signature(b"")})[0] == 200


def test_a_shared_secret_that_is_switched_off_lets_all_in(aws: Aws) -> None:
    aws.put_secret(SECRET | {"sharedSecret": ""})
    assert post(NEW, headers={})[0] == 200


@pytest.mark.parametrize(("previous", "status"), [(SECRET["sharedSecret"], 200), (None, 401)])
def test_the_shared_secret_before_is_taken_while_it_is_kept(aws: Aws, previous: str | None, status: int) -> None:
    aws.put_secret(SECRET | {"sharedSecret": "new", "sharedSecretPrevious": previous})
    assert post({"externalId": "302"})[0] == status


@pytest.fixture
def webhook_secret(environment: None, aws: Aws) -> None:
    aws.put_secret(SECRET | {"webhookSecret": WEBHOOK_SECRET})


@pytest.mark.usefixtures("webhook_secret")
@pytest.mark.parametrize(
    "brought",
    [
        {"headers": {"X-Webhook-Secret": WEBHOOK_SECRET}},
        {"headers": {"x-webhook-secret": WEBHOOK_SECRET, "X-Signature": "0" * 40}},
        {"headers": {}, **IN_QUERY},
        {"headers": None, **IN_QUERY},
    ],
)
def test_it_stands_in_for_the_signature_that_segment_does_not_send(brought: dict[str, Any]) -> None:
    assert (post(NEW, **brought), read("302", **brought)[0]) == (MADE, 200)


@pytest.mark.usefixtures("webhook_secret")
def test_it_is_in_the_query_of_an_http_api_too() -> None:
    assert request("audiences", http_event(NEW, "/audiences") | IN_QUERY) == MADE


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


def test_a_new_webhook_secret_is_seen_when_the_old_one_does_not_do(aws: Aws, sandbox: Sandbox) -> None:
    clock = Clock()
    function = AudiencesFunction(ENVIRONMENT | {"DOTDIGITAL_BASE_URL": sandbox.url}, clock)
    asked = rest_event({"externalId": "302"}, "/audiences")
    statuses = [function.respond(asked, None)["statusCode"]]
    aws.put_secret(SECRET | {"webhookSecret": WEBHOOK_SECRET})
    for seconds in (9, 1):
        clock.seconds += seconds
        statuses.append(function.respond(asked | {"headers": {}} | IN_QUERY, None)["statusCode"])
    assert statuses == [200, 401, 200]


@pytest.mark.parametrize(("name", "external_id"), [("create", "304"), ("get", "302"), ("read", "302")])
def test_what_api_gateway_sends_is_answered(name: str, external_id: str) -> None:
    status, content = request("audiences", event_file("audiences", name))
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
    assert (post(NEW)[0], post(NEW)) == (503, MADE)
    assert len(sandbox.journal) == 1


def test_it_responds_within_the_time_that_segment_waits(sandbox: Sandbox) -> None:
    sandbox.fail("delay", seconds=3)
    assert request("audiences", rest_event(NEW, "/audiences"), seconds=2)[0] == 503


def test_what_is_logged_names_nobody(capsys: pytest.CaptureFixture[str]) -> None:
    contents = ({"name": "Friends of Priya"}, {"externalId": "Priya"}, {"name": "x", "visibility": "Priya"}, b"Pri")
    for content in contents:
        post(content)
    assert post({"name": "Priya"}, headers={"X-Signature": "Priya"})[0] == 401
    assert "Priya" not in capsys.readouterr().out
