"""What a direct route responds when Dotdigital, the credentials or the time fail, for a send and for an upsert."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, SECRET_ID, Aws
from tests.support.functions import Context, invoke, load_handler, outcome_of
from tests.support.queued import body
from tests.support.segment import own_event, rest_event

UPSERT, SEND = "add_contact_to_list", "send_sms"
EITHER = pytest.mark.parametrize("action", [UPSERT, SEND])
NO_SECRET = "the secret of this function cannot be used"


def request(action: str = SEND, message_id: str = "m-1") -> dict[str, Any]:
    return rest_event(body(action, message_id)["event"], f"/actions/{action.replace('_', '-')}")


def respond(action: str = SEND, seconds: float = 30) -> dict[str, Any]:
    return invoke(action, request(action), seconds)


def statuses(sandbox: Sandbox) -> list[int | None]:
    return [each.status for each in sandbox.requests]


def told(response: dict[str, Any]) -> tuple[int, str]:
    return response["statusCode"], outcome_of(response)["outcome"]


@pytest.mark.parametrize(
    ("action", "failure", "status", "outcome"),
    [
        (UPSERT, {"action": "status", "status": 500}, 503, "retry"),
        (UPSERT, {"action": "status", "status": 503}, 503, "retry"),
        (UPSERT, {"action": "drop_before"}, 503, "retry"),
        (UPSERT, {"action": "drop_after"}, 503, "retry"),
        (UPSERT, {"action": "status", "status": 403}, 503, "retry"),
        (UPSERT, {"action": "status", "status": 422}, 422, "rejected"),
        (UPSERT, {"action": "body", "body": "<html>thank you</html>"}, 200, "delivered"),
        (UPSERT, {"action": "body", "body": []}, 200, "delivered"),
        (UPSERT, {"action": "body", "body": {}}, 200, "delivered"),
        (SEND, {"action": "body", "body": "OK", "status": 200}, 200, "delivered"),
        (SEND, {"action": "status", "status": 500}, 200, "in_doubt"),
        (SEND, {"action": "status", "status": 503, "do_work": True}, 200, "in_doubt"),
        (SEND, {"action": "drop_before"}, 200, "in_doubt"),
        (SEND, {"action": "drop_after"}, 200, "in_doubt"),
        (SEND, {"action": "status", "status": 404}, 422, "rejected"),
    ],
)
def test_each_failure_has_its_response(
    sandbox: Sandbox, action: str, failure: dict[str, Any], status: int, outcome: str
) -> None:
    sandbox.fail(**failure)
    assert told(respond(action)) == (status, outcome)
    assert len(sandbox.requests) == 1


@EITHER
def test_a_limit_is_told_with_the_time_to_wait(sandbox: Sandbox, action: str) -> None:
    sandbox.fail("status", status=429, headers={"X-RateLimit-Reset": "17"}, body={"message": "slow down"})
    response = respond(action)
    assert (response["statusCode"], response["headers"]["Retry-After"]) == (429, "17")
    assert outcome_of(response) == {
        "outcome": "retry",
        "action": action,
        "subscription": body(action)["subscription"],
        "reason": "slow down",
        "dotdigital": {"status": 429, "retryAfter": 17.0},
    }


def test_the_enrolment_allowance_is_a_retry_within_the_hour(sandbox: Sandbox) -> None:
    sandbox.fail("status", path="enrolments", status=400, body={"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"})
    response = respond("enrol_contact")
    assert (response["statusCode"], response["headers"]["Retry-After"]) == (429, "3600")


@pytest.mark.parametrize(
    ("action", "delay", "seconds", "expected"),
    [
        (UPSERT, 5, 2, (503, "retry")),
        (UPSERT, 8, 30, (503, "retry")),  # Segment stops waiting after 5, however much time the function has
        (SEND, 8, 5, (200, "in_doubt")),
    ],
)
def test_what_is_slow_is_given_up_in_time_and_not_repeated(
    sandbox: Sandbox, action: str, delay: float, seconds: float, expected: tuple[int, str]
) -> None:
    sandbox.fail("delay", seconds=delay)
    assert told(respond(action, seconds)) == expected
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("seconds", [1.9, 1.2])
def test_a_send_does_not_begin_with_little_time(sandbox: Sandbox, seconds: float) -> None:
    response = respond(SEND, seconds)
    assert (told(response), outcome_of(response)["reason"]) == ((503, "retry"), "too little time was left to send")
    assert sandbox.requests == ()


@EITHER
def test_a_rotated_password_loses_nothing(sandbox: Sandbox, aws: Aws, action: str) -> None:
    handler = load_handler(action)
    handler(request(action), Context())
    sandbox.admit(sandbox.username, "rotated")
    aws.put_secret(SECRET | {"password": "rotated"})
    assert told(handler(request(action, "m-2"), Context())) == (200, "delivered")
    assert (statuses(sandbox)[1], len(sandbox.journal)) == (401, 2)


@pytest.fixture
def refusing_sandbox(sandbox: Sandbox) -> Iterator[Sandbox]:
    sandbox.admit(sandbox.username, "another")
    yield sandbox
    sandbox.admit(sandbox.username, sandbox.password)


def test_credentials_that_stay_refused_are_a_retry_and_so_is_a_secret_that_is_broken_meanwhile(
    refusing_sandbox: Sandbox, aws: Aws
) -> None:
    handler = load_handler("send_sms")
    for secret in (SECRET, "not JSON"):
        aws.put_secret(secret)
        response = handler(request(), Context())
        assert (response["statusCode"], outcome_of(response)["dotdigital"]) == (503, {"status": 401})
    assert (statuses(refusing_sandbox), refusing_sandbox.journal) == ([401, 401], ())


@pytest.mark.parametrize("secret", ["not JSON", json.dumps({"region": "r1"})])
def test_a_secret_that_cannot_be_used_is_503_until_it_is_mended(aws: Aws, sandbox: Sandbox, secret: str) -> None:
    aws.put_secret(secret)
    handler = load_handler("send_sms")
    response = handler(request(), Context())
    expected = {"outcome": "retry", "action": "send_sms", "subscription": "", "reason": NO_SECRET}
    assert (response["statusCode"], outcome_of(response)) == (503, expected)
    assert sandbox.requests == ()
    aws.put_secret(SECRET)
    assert handler(request(), Context())["statusCode"] == 200


def test_a_secret_that_does_not_exist_is_503(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.setenv("DOTDIGITAL_SECRET_ID", f"{SECRET_ID}-missing")
    assert respond()["statusCode"] == 503
    assert sandbox.requests == ()


def test_an_eventbridge_event_that_is_to_be_retried_raises(sandbox: Sandbox) -> None:
    sandbox.fail("status", status=503)
    event = own_event({"event": body(UPSERT)["event"]}, UPSERT)
    with pytest.raises(RuntimeError, match="add_contact_to_list: to be tried again"):
        invoke(UPSERT, event)


def test_a_function_without_its_environment_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOTDIGITAL_SECRET_ID")
    with pytest.raises(RuntimeError, match="DOTDIGITAL_SECRET_ID: Field required"):
        load_handler("send_sms")
