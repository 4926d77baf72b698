"""Armed failures, each over a real connection."""

from collections.abc import Callable
from time import perf_counter
from typing import Any

import pytest
import requests
from pydantic import ValidationError

from dev.sandbox.server import Sandbox
from tests.support.waiting import wait_until

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

SMS = "/v2/sms-messages/send-to/447700900001"
MESSAGE = {"message": "Hello"}
Effects = Callable[[], list[tuple[str, dict[str, object]]]]


def names(effects: Effects) -> list[str]:
    return [effect for effect, _ in effects()]


@pytest.mark.parametrize(
    ("failure", "response", "done"),
    [
        ({"action": "status", "status": 503}, (503, {"message": "Armed failure"}), []),
        ({"action": "status", "status": 500, "do_work": True}, (500, ""), ["sms_sent"]),
        ({"action": "body", "body": {"id": 5}, "status": 200, "do_work": False}, (200, {"id": 5}), []),
        ({"action": "drop_before"}, None, []),
        ({"action": "drop_before", "seconds": 0.3}, None, []),
        ({"action": "drop_after"}, None, ["sms_sent"]),
        ({"action": "delay", "seconds": 0.3}, (204, ""), ["sms_sent"]),
    ],
)
def test_one_request_fails_and_the_next_does_not(
    *,
    sandbox: Sandbox,
    api: Any,
    effects: Effects,
    failure: dict[str, Any],
    response: tuple[int, Any] | None,
    done: list[str],
) -> None:
    sandbox.fail(**failure)
    started = perf_counter()
    if response is None:
        with pytest.raises(requests.ConnectionError):
            api("POST", SMS, MESSAGE)
    else:
        assert api("POST", SMS, MESSAGE) == response
    assert perf_counter() - started >= failure.get("seconds", 0)
    assert names(effects) == done
    assert [(one.status, one.failure) for one in sandbox.requests] == [(response and response[0], 1)]
    assert api("POST", SMS, MESSAGE)[0] == 204


def test_a_status_has_the_body_and_headers_given(sandbox: Sandbox, session: requests.Session) -> None:
    body = {"errorCode": "contacts:identifierConflict", "description": "Taken"}
    sandbox.fail("status", status=409, body=body, headers={"X-Why": "test"})
    answer = session.patch(f"{sandbox.url}/contacts/v3/email/a%40example.com", json={}, timeout=10)
    assert (answer.status_code, answer.json(), answer.headers["X-Why"]) == (409, body, "test")


@pytest.mark.parametrize(
    ("body", "sent"),
    [
        ("<html>Sorry</html>", "<html>Sorry</html>"),
        ("", ""),
        (None, ""),
        ([], "[]"),
        ({"contactId": None}, '{"contactId": null}'),
    ],
)
def test_a_body_instead_of_the_real_one(sandbox: Sandbox, session: requests.Session, body: object, sent: str) -> None:
    sandbox.fail("body", body=body, path="^/contacts/v3/", headers={"Content-Type": "text/html"})
    url = f"{sandbox.url}/contacts/v3/email/kim%40example.com"
    answer = session.patch(url, json={"lists": [302]}, timeout=10)
    assert (answer.status_code, answer.text, answer.headers["Content-Type"]) == (200, sent, "text/html")
    assert [entry.effect for entry in sandbox.journal] == ["contact_updated", "list_joined"]


def test_a_client_that_does_not_wait_leaves_a_request_without_status_and_holds_up_nobody(
    sandbox: Sandbox, session: requests.Session, api: Any, effects: Effects
) -> None:
    sandbox.fail("delay", seconds=600)
    with pytest.raises(requests.ReadTimeout):
        session.post(sandbox.url + SMS, json=MESSAGE, timeout=0.2)
    wait_until(lambda: sandbox.requests)
    assert names(effects) == ["sms_sent"]
    assert sandbox.requests[0].status is None
    assert api("GET", "/v2/programs")[0] == 200


def test_a_rate_limit_in_each_form(sandbox: Sandbox, session: requests.Session, effects: Effects) -> None:
    sandbox.fail("rate_limit")
    sandbox.fail("rate_limit", headers={"X-RateLimit-Reset": "7", "X-RateLimit-Scope": None})
    sandbox.fail("rate_limit", headers={"Retry-After": "3"})
    answers = [session.post(sandbox.url + SMS, json=MESSAGE, timeout=10) for _ in range(3)]
    assert [one.status_code for one in answers] == [429, 429, 429]
    assert int(answers[0].headers["X-RateLimit-Reset"]) > 1e9
    assert answers[1].headers["X-RateLimit-Reset"] == "7"
    assert "X-RateLimit-Scope" not in answers[1].headers
    assert answers[2].headers["Retry-After"] == "3"
    assert names(effects) == []


def test_only_matching_requests_fail(sandbox: Sandbox, api: Any) -> None:
    sandbox.fail("status", status=503, method="get", path=r"/email/kim@example\.com$")
    assert api("GET", "/contacts/v3/email/lee%40example.org")[0] == 200
    assert api("PATCH", "/contacts/v3/email/kim%40example.com", {})[0] == 200
    assert api("GET", "/contacts/v3/email/kim%40example.com")[0] == 503


@pytest.mark.parametrize(
    ("failures", "statuses"),
    [
        ([{"status": 503, "after": 1, "times": 2}], [200, 503, 503, 200, 200]),
        ([{"status": 503, "times": None}], [503, 503, 503, 503]),
        ([{"status": 500}, {"status": 503}], [500, 503, 200]),
    ],
)
def test_which_requests_fail(sandbox: Sandbox, api: Any, failures: list[dict[str, Any]], statuses: list[int]) -> None:
    for failure in failures:
        sandbox.fail("status", **failure)
    assert [api("GET", "/v2/programs")[0] for _ in statuses] == statuses
    sandbox.reset()
    assert api("GET", "/v2/programs")[0] == 200


@pytest.mark.asks_wrongly("the failure comes before the route", accepted=True)
def test_a_failure_needs_no_credentials_or_known_route(sandbox: Sandbox) -> None:
    sandbox.fail("status", status=502)
    assert requests.get(f"{sandbox.url}/nothing", timeout=10).status_code == 502
    assert [record.unexpected for record in sandbox.requests] == [False]


@pytest.mark.parametrize(
    "order",
    [
        {"action": "explode"},
        {"action": "status"},
        {"action": "status", "status": 99},
        {"action": "delay"},
        {"action": "delay", "seconds": 1, "do_work": False},
        {"action": "drop_before", "path": "("},
        {"action": "drop_before", "times": 0},
        {"action": "drop_before", "colour": "red"},
    ],
)
def test_an_order_that_makes_no_sense_is_refused(sandbox: Sandbox, order: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        sandbox.fail(**order)
