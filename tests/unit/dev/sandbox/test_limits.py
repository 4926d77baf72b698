"""The limits on calls, without waiting for them."""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime

import pytest
import requests

from dev.sandbox.clock import Clock
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox

START = datetime(2025, 6, 1, 12, 0, 0, tzinfo=UTC)
EPOCH = str(int(START.timestamp()) + 60)
KIM = "/contacts/v3/email/kim%40example.com"
Get = Callable[..., requests.Response]


@pytest.fixture
def still() -> Iterator[Sandbox]:
    """A sandbox whose clock stands still."""
    with Sandbox(clock=Clock(START)) as sandbox:
        yield sandbox


@pytest.fixture
def get(still: Sandbox) -> Iterator[Get]:
    with requests.Session() as session:
        session.auth = (still.username, still.password)
        yield lambda path=KIM, method="GET": session.request(method, still.url + path, json={}, timeout=10)


def limit_headers(answer: requests.Response) -> dict[str, str]:
    names = ("X-RateLimit-", "Retry-After")
    return {name: text for name, text in answer.headers.items() if name.startswith(names)}


def test_without_a_scheme_there_are_no_headers(get: Get) -> None:
    assert limit_headers(get()) == {}


def test_a_tier_counts_down_and_then_refuses(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="tiered", per_minute=2))
    answers = [get() for _ in range(3)]
    assert [(one.status_code, limit_headers(one)) for one in answers] == [
        (
            status,
            {
                "X-RateLimit-Limit": "2",
                "X-RateLimit-Remaining": left,
                "X-RateLimit-Reset": EPOCH,
                "X-RateLimit-Scope": "highCallRate",
            },
        )
        for status, left in ((200, "1"), (200, "0"), (429, "0"))
    ]
    assert answers[2].json() == {"errorCode": "server:status429", "description": "Too many requests"}


def test_each_tier_counts_on_its_own(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="tiered", per_minute=1))
    calls = [("GET", KIM), ("PATCH", KIM), ("GET", "/v2/programs")] * 2
    assert [get(path, method).status_code for method, path in calls] == [200] * 3 + [429] * 3
    assert get("/v2/lists").status_code == 404
    assert get("/v2/campaigns/filtered").json() == {"message": "Too many requests"}


def test_a_call_before_the_reset_is_refused_and_one_after_is_not(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="tiered", per_minute=1))
    get()
    still.clock.advance(59.9)
    assert get().status_code == 429
    still.clock.advance(0.1)
    assert get().status_code == 200


def test_reset_in_seconds_and_retry_after_are_switches(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="tiered", per_minute=1, reset_as="seconds", retry_after=True))
    first = get()
    still.clock.advance(17.5)
    assert (limit_headers(first)["X-RateLimit-Reset"], "Retry-After" in first.headers) == ("60", False)
    assert limit_headers(get()) == {
        "X-RateLimit-Limit": "1",
        "X-RateLimit-Remaining": "0",
        "X-RateLimit-Reset": "43",
        "X-RateLimit-Scope": "highCallRate",
        "Retry-After": "43",
    }


def test_sends_are_in_no_tier(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="tiered", per_minute=1))
    sends = ["/v2/email", "/v2/campaigns/send", "/cpaas/messages", "/v2/programs/enrolments"] * 2
    answers = [get(path, "POST") for path in sends]
    assert [(one.status_code, limit_headers(one)) for one in answers] == [(400, {})] * 8


def test_the_flat_scheme_is_an_hour_that_rolls(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="flat", per_hour=2))
    assert get().status_code == 200
    still.clock.advance(1800)
    assert get(method="PATCH").status_code == 200
    refused = get()
    text = "Your account has generated excess API activity and is being temporarily capped."
    assert (refused.status_code, refused.json(), limit_headers(refused)) == (
        400,
        {"message": f"{text} ERROR_APIUSAGE_EXCEEDED"},
        {},
    )
    still.clock.advance(1800)
    assert [get().status_code for _ in range(2)] == [200, 400]


def test_the_flat_scheme_leaves_out_what_the_documentation_leaves_out(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="flat", per_hour=1))
    get()
    exempt = ["/v2/email", "/v2/campaigns/send", "/v2/programs/enrolments"]
    assert all("EXCEEDED" not in get(path, "POST").text for path in exempt)
    assert "EXCEEDED" in get("/v2/sms-messages/send-to/447700900001", "POST").text


def test_credentials_that_are_refused_do_not_count(still: Sandbox, get: Get) -> None:
    still.limit(LimitRules(scheme="tiered", per_minute=1))
    assert requests.get(still.url + KIM, timeout=10).status_code == 401
    assert get().status_code == 200
