"""Which calls are held back together."""

from __future__ import annotations

import queue
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from typing import Any

import pytest

from dev.sandbox.clock import Clock as SandboxClock
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from dotdigital import Dotdigital, DotdigitalError, Identifier, LimitedError
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import Clock, DotdigitalServer, account_at, transport_to
from tests.support.sandbox import off_contract

CALLS = {
    "get": Request("GET", "/contacts/v3/email/jane%40example.com"),
    "patch": Request("PATCH", "/contacts/v3/email/jane%40example.com", body={}),
    "remove": Request("DELETE", "/v2/address-books/7/contacts/42"),
    "fields": Request("GET", "/v2/data-fields/"),
    "import": Request("PUT", "/contacts/v3/import", body={}),
    "poll": Request("GET", "/contacts/v3/import/b1946ac9"),
    "sms": Request("POST", "/v2/sms-messages/send-to/447700900123", body={}, send=True),
    "cpaas": Request("POST", "/cpaas/messages", body={}, send=True),
    "email": Request("POST", "/v2/email", body={}, send=True),
    "enrol": Request("POST", "/v2/programs/enrolments", body={}, send=True),
    "campaign": Request("POST", "/v2/campaigns/send", body={}, send=True),
    "optimised": Request("POST", "/v2/campaigns/send-time-optimised", body={}, send=True),
}
SCOPES = {"get": "high", "patch": "medium", "remove": "medium", "fields": "low", "import": "low"}
FLAT = {"get", "patch", "remove", "fields", "import", "poll", "sms"}
RESET = {"X-RateLimit-Reset": "30"}
USED_UP = {"message": "Error: ERROR_APIUSAGE_EXCEEDED"}
BUSY = {"errorCode": "contacts:tooManyActiveImports", "description": "Busy"}


@pytest.mark.parametrize(
    ("name", "status", "body", "headers", "held"),
    [
        ("patch", 429, None, {}, {"patch", "remove"}),
        ("patch", 200, {}, {**RESET, "X-RateLimit-Remaining": "0"}, {"patch", "remove"}),
        ("patch", 200, {}, {**RESET, "X-RateLimit-Remaining": "1"}, set()),
        ("get", 429, None, {}, {"get"}),
        ("email", 429, None, {}, {"email"}),
        ("remove", 429, None, {"X-RateLimit-Scope": "low"}, {"remove", "fields", "import"}),
        ("fields", 429, {"errorCode": "server:x", "description": "No"}, {}, {"fields"}),
        ("import", 429, BUSY, {}, {"import"}),
        ("import", 429, BUSY, {**RESET, "X-RateLimit-Remaining": "5"}, {"import"}),
        ("import", 429, BUSY, {**RESET, "X-RateLimit-Remaining": "0"}, {"import", "fields"}),
        ("enrol", 400, {"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"}, {}, {"enrol"}),
        ("get", 400, USED_UP, {}, FLAT),
        ("sms", 400, USED_UP, {}, FLAT),
        ("email", 400, USED_UP, {}, FLAT | {"email"}),
    ],
)
def test_what_shares_a_limit_is_held_back_together(
    server: DotdigitalServer, name: str, *, status: int, body: Any, headers: Mapping[str, str], held: set[str]
) -> None:
    transport = server.transport(now=Clock())
    for each, scope in SCOPES.items():
        server.answers(200, {}, headers={"X-RateLimit-Scope": scope})
        transport.request(CALLS[each]).json()
    times = 2 if (status, body) == (429, None) else 1  # the first that says nothing may be one call's own
    for _ in range(times):
        server.answers(status, body, headers=headers)
        try:
            transport.request(CALLS[name]).json()
        except DotdigitalError as error:
            assert error.status == status
    open_calls = [req for each, req in CALLS.items() if each not in held]
    for each in held:
        with pytest.raises(LimitedError, match="so the request was not made"):
            transport.request(CALLS[each]).json()
    for req in open_calls:
        server.answers(200, {})
        transport.request(req).json()
    assert [sent.path for sent in server.sent[5 + times :]] == [req.path for req in open_calls]


def test_two_containers_of_four_threads_make_few_calls_over_the_limit() -> None:
    clock = SandboxClock(datetime(2026, 11, 23, tzinfo=UTC))
    with Sandbox(clock=clock, rules=LimitRules(scheme="tiered")) as sandbox, ThreadPoolExecutor(8) as pool:
        account = account_at(sandbox.url, username=sandbox.username, password=sandbox.password)
        containers = [
            Dotdigital(transport_to(sandbox.url, account=account, now=lambda: clock.now().timestamp()))
            for _ in range(2)
        ]
        waiting: queue.SimpleQueue[int] = queue.SimpleQueue()
        for number in range(600):
            waiting.put(number)
        while waits := [wait for wait in pool.map(upsert_all, containers * 4, [waiting] * 8) if wait]:
            clock.advance(max(waits))
        statuses = [request.status for request in sandbox.requests]
        assert off_contract(sandbox.requests) == []
    assert statuses.count(201) == 600
    assert set(statuses) <= {201, 429}
    assert statuses.count(429) < 0.05 * len(statuses)


def upsert_all(dotdigital: Dotdigital, waiting: queue.SimpleQueue[int]) -> float | None:
    """Take numbers until none is left or the limit is reached; give the wait that it takes then."""
    while not waiting.empty():
        try:
            number = waiting.get_nowait()
        except queue.Empty:
            break
        try:
            dotdigital.contacts.upsert(Identifier("email", f"c{number}@example.com"))
        except LimitedError as error:
            waiting.put(number)
            return error.wait
    return None
