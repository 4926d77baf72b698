"""What a direct route answers when Dotdigital, the credentials or the time fail, for a send and for an upsert."""

import json
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.aws import SECRET, SECRET_ID, Aws
from tests.support.functions import Context, load_handler, outcome_of
from tests.support.segment import own_event, rest_event, track

pytestmark = pytest.mark.usefixtures("environment")

UPSERT = (
    "add_contact_to_list",
    "/actions/add-contact-to-list",
    track("Add or Update Contact", email="kim@example.com"),
)
SEND = ("send_sms", "/actions/send-sms", track("Send SMS", phone="+447700900123", message="Hello"))
Case = tuple[str, str, dict[str, Any]]


def answer(case: Case, remaining_seconds: float = 30) -> dict[str, Any]:
    action, route, event = case
    return load_handler(action)(rest_event(event, route), Context(remaining_seconds))


def statuses(sandbox: Sandbox) -> list[int | None]:
    return [call.status for call in sandbox.requests]


@pytest.mark.parametrize(
    ("case", "failure", "status", "outcome"),
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
def test_each_failure_has_its_answer(
    sandbox: Sandbox, case: Case, failure: dict[str, Any], status: int, outcome: str
) -> None:
    sandbox.fail(**failure)
    answered = answer(case)
    assert (answered["statusCode"], outcome_of(answered)["outcome"]) == (status, outcome)
    assert len(sandbox.requests) == 1


@pytest.mark.parametrize("case", [UPSERT, SEND])
def test_a_limit_is_answered_with_the_time_to_wait(sandbox: Sandbox, case: Case) -> None:
    sandbox.fail("status", status=429, headers={"X-RateLimit-Reset": "17"}, body={"message": "slow down"})
    answered = answer(case)
    assert (answered["statusCode"], answered["headers"]["Retry-After"]) == (429, "17")
    assert outcome_of(answered) == {
        "outcome": "retry",
        "action": case[0],
        "subscription": case[2]["event"],
        "reason": "slow down",
        "dotdigital": {"status": 429, "retryAfter": 17.0},
    }


def test_the_enrolment_allowance_is_a_retry_within_the_hour(sandbox: Sandbox) -> None:
    sandbox.fail("status", path="enrolments", status=400, body={"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"})
    event = track("Enrol Contact to Program", email="kim@example.com", programId=501)
    answered = answer(("enrol_contact", "/actions/enrol-contact", event))
    assert (answered["statusCode"], answered["headers"]["Retry-After"]) == (429, "3600")


def test_a_slow_upsert_is_given_up_in_time(sandbox: Sandbox) -> None:
    sandbox.fail("delay", seconds=5)
    answered = answer(UPSERT, remaining_seconds=2)
    assert (answered["statusCode"], outcome_of(answered)["outcome"]) == (503, "retry")


def test_a_slow_send_is_in_doubt_and_not_repeated(sandbox: Sandbox) -> None:
    sandbox.fail("delay", seconds=8)
    answered = answer(SEND, remaining_seconds=5)
    assert (answered["statusCode"], outcome_of(answered)["outcome"]) == (200, "in_doubt")
    assert len(sandbox.requests) == 1


def test_a_direct_route_answers_before_segment_stops_waiting_however_much_time_the_function_has(
    sandbox: Sandbox,
) -> None:
    sandbox.fail("delay", seconds=8)
    answered = answer(UPSERT, remaining_seconds=30)
    assert (answered["statusCode"], outcome_of(answered)["outcome"]) == (503, "retry")


def test_a_send_does_not_begin_with_little_time(sandbox: Sandbox) -> None:
    answered = answer(SEND, remaining_seconds=1.9)
    assert outcome_of(answered)["reason"] == "too little time was left to send"
    assert sandbox.requests == ()


def test_without_time_nothing_is_called(sandbox: Sandbox) -> None:
    answered = answer(SEND, remaining_seconds=1.2)
    assert (answered["statusCode"], outcome_of(answered)["outcome"]) == (503, "retry")
    assert sandbox.requests == ()


@pytest.mark.parametrize("case", [UPSERT, SEND])
def test_a_rotated_password_loses_nothing(sandbox: Sandbox, aws: Aws, case: Case) -> None:
    action, route, event = case
    handler = load_handler(action)
    handler(rest_event(event, route), Context())
    sandbox.admit(sandbox.username, "rotated")
    aws.put_secret(SECRET | {"username": sandbox.username, "password": "rotated"})
    answered = handler(rest_event(event | {"messageId": "2"}, route), Context())
    assert outcome_of(answered)["outcome"] == "delivered"
    assert statuses(sandbox)[1] == 401
    assert len(sandbox.journal) == 2


@pytest.fixture
def refusing_sandbox(sandbox: Sandbox) -> Any:
    sandbox.admit(sandbox.username, "another")
    yield sandbox
    sandbox.admit(sandbox.username, sandbox.password)


def test_a_secret_that_is_broken_while_credentials_are_refused_is_a_retry(refusing_sandbox: Sandbox, aws: Aws) -> None:
    handler = load_handler("send_sms")
    handler(rest_event(SEND[2]), Context())
    aws.put_secret("not JSON")
    answered = handler(rest_event(SEND[2]), Context())
    assert (answered["statusCode"], outcome_of(answered)["dotdigital"]) == (503, {"status": 401})
    assert refusing_sandbox.journal == ()


def test_credentials_that_stay_refused_are_a_retry(refusing_sandbox: Sandbox) -> None:
    answered = answer(SEND)
    assert answered["statusCode"] == 503
    assert outcome_of(answered)["dotdigital"] == {"status": 401}
    assert (statuses(refusing_sandbox), refusing_sandbox.journal) == ([401], ())


@pytest.mark.parametrize("secret", ["not JSON", json.dumps({"region": "r1"})])
def test_a_secret_that_cannot_be_used_is_503(aws: Aws, sandbox: Sandbox, secret: str) -> None:
    aws.put_secret(secret)
    answered = answer(SEND)
    assert (answered["statusCode"], outcome_of(answered)) == (
        503,
        {
            "outcome": "retry",
            "action": "send_sms",
            "subscription": "",
            "reason": "the secret of this function cannot be used",
        },
    )
    assert sandbox.requests == ()


def test_a_secret_that_is_mended_is_used(aws: Aws, sandbox: Sandbox) -> None:
    aws.put_secret("not JSON")
    handler = load_handler("send_sms")
    assert handler(rest_event(SEND[2]), Context())["statusCode"] == 503
    aws.put_secret(SECRET | {"username": sandbox.username, "password": sandbox.password})
    assert handler(rest_event(SEND[2]), Context())["statusCode"] == 200


def test_a_secret_that_does_not_exist_is_503(monkeypatch: pytest.MonkeyPatch, sandbox: Sandbox) -> None:
    monkeypatch.setenv("DOTDIGITAL_SECRET_ID", f"{SECRET_ID}-missing")
    assert answer(SEND)["statusCode"] == 503
    assert sandbox.requests == ()


def test_an_eventbridge_event_that_is_to_be_retried_raises(sandbox: Sandbox) -> None:
    sandbox.fail("status", status=503)
    event = own_event({"event": UPSERT[2]}, "add_contact_to_list")
    with pytest.raises(RuntimeError, match="add_contact_to_list: to be tried again"):
        load_handler("add_contact_to_list")(event, Context())


def test_a_function_without_its_environment_does_not_start(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("DOTDIGITAL_SECRET_ID")
    with pytest.raises(RuntimeError, match="DOTDIGITAL_SECRET_ID: Field required"):
        load_handler("send_sms")
