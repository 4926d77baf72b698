"""No request is made that a limit would refuse, and what shares a limit is held back with it."""

import math
import queue
import time
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from dev.sandbox.clock import Clock as SandboxClock
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from dotdigital import Dotdigital, DotdigitalError, Identifier, LimitedError, RejectedError, Transport
from dotdigital.http_messages import Request, path
from dotdigital.limits import ALLOWANCE_WAITS, LimitGate, kind_of, wait_of
from tests.support.dotdigital_server import Clock, DotdigitalServer, account_at, transport_to
from tests.support.sandbox import off_contract

NOW = 1_760_000_000.0
TOLD_AT = NOW + 0.5
names = pytest.mark.parametrize("name", ["Retry-After", "X-RateLimit-Reset"])


@pytest.mark.parametrize(
    ("wait", "values"),
    [
        (17, ["17", " 17 "]),
        (1.5, ["1.5"]),
        (16.5, ["1760000017"]),
        (
            29.5,
            [f"Thu, 09 Oct 2025 {time}" for time in ("08:53:50 GMT", "10:53:50 +0200", "08:53:50 -0000", "08:53:50")],
        ),
        (1, ["0", "0.001", "-5", "-1e300", "1760000000", "1000000000", "Thu, 09 Oct 2025 08:53:00 GMT"]),
        (1, ["Thu, 01 Jan 1970 00:00:00 GMT", "Mon, 01 Jan 0001 00:00:00 -0000"]),
        (120, ["121", "999999999", "1760099999", "1760000017000", "1e300", "Fri, 31 Dec 9999 23:59:59 GMT"]),
    ],
)
@names
def test_a_header_is_read_as_seconds_epoch_or_date_and_clamped(name: str, wait: float, values: list[str]) -> None:
    assert {value: wait_of({name: value}, None, TOLD_AT) for value in values} == dict.fromkeys(values, wait)


def test_a_date_without_a_zone_is_utc_wherever_we_run(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as tokyo:
        tokyo.setenv("TZ", "Asia/Tokyo")
        time.tzset()
        wait = wait_of({"Retry-After": "Thu, 09 Oct 2025 08:53:50 -0000"}, None, TOLD_AT)
    time.tzset()
    assert wait == 29.5


GARBAGE = (
    "| |NaN|-nan|inf|-Infinity|1e999|soon|17s|17, 18|0x11|\x00|2025-10-09T08:53:50Z|Thu, 99 Oct 2025 08:53:50 GMT"
    "|Thu, 09 Oct 99999 08:53:50 GMT|Thu, 09 Oct 2025 08:53:50 +999999|Thu, 09 Oct 2025 08:53:50 +99999999999999999999"
    "|99999999999999999999 Oct 2025 08:53:50 GMT"
)


@pytest.mark.parametrize("value", GARBAGE.split("|"))
@names
def test_garbage_is_as_no_header(name: str, value: str) -> None:
    assert wait_of({name: value}, "ERROR_APIUSAGE_EXCEEDED", TOLD_AT) == 300


@pytest.mark.parametrize(("first", "second", "wait"), [("5", "50", 5), ("soon", "50", 50), ("NaN", "soon", 60)])
def test_retry_after_goes_first_where_it_can_be_read(first: str, second: str, wait: float) -> None:
    assert wait_of({"X-RateLimit-Reset": second, "Retry-After": first}, None, TOLD_AT) == wait


DATES = r"((Mon|Thu,|09|9{5}|-1|Oct|oct|2025|08:53:50|8\.53\.50\.9|99:9|GMT|\+0200|-9{4}|\+9{20}|EST|x|,|::|\.) ){0,8}"
CODES = sorted(ALLOWANCE_WAITS)


@given(
    st.text() | st.floats().map(str) | st.integers().map(str) | st.from_regex(DATES, fullmatch=True),
    st.sampled_from([None, *CODES]),
    st.floats(min_value=0, max_value=4e9),
)
@example("1_000", None, TOLD_AT)
def test_any_value_gives_a_wait_within_bounds(value: str, code: str | None, now: float) -> None:
    for name in ("Retry-After", "X-RateLimit-Reset"):
        wait = wait_of({name: value}, code, now)
        assert math.isfinite(wait)
        assert 1 <= wait <= max(120, ALLOWANCE_WAITS.get(code or "", 0))


READ = Request("GET", "/contacts/v3/email/jane%40example.com")
OTHER = Request("GET", "/contacts/v3/email/joe%40example.com")
NONE_LEFT = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1760000030"}
HELD = "a limit of the account is used up until its reset, so the request was not made"


def v2(code: str) -> dict[str, str]:
    return {"message": f"Error: {code}"}


def v3(code: str) -> dict[str, str]:
    return {"errorCode": code, "description": "Words"}


def told(server: DotdigitalServer, transport: Transport, req: Request, *response: Any, **more: Any) -> None:
    """Make a request that gets this response, whatever comes of it."""
    server.responds(response or 200, **more)
    try:
        transport.request(req)
    except DotdigitalError as error:
        assert error.description != HELD


def held(transport: Transport, req: Request) -> LimitedError:
    """The error of a request that is held back."""
    with pytest.raises(LimitedError, match="so the request was not made") as caught:
        transport.request(req)
    assert (caught.value.description, caught.value.status) == (HELD, None)
    return caught.value


@pytest.mark.parametrize(
    ("status", "body", "headers", "wait"),
    [
        (200, {}, NONE_LEFT, 30),
        (200, {}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, 30),
        (200, {}, NONE_LEFT | {"Retry-After": "7"}, 7),
        (200, {}, NONE_LEFT | {"X-RateLimit-Remaining": "-1"}, 30),
        (200, {}, NONE_LEFT | {"X-RateLimit-Reset": "1760099999"}, 120),
        (200, {}, NONE_LEFT | {"X-RateLimit-Reset": "1759999999"}, 1),
        (404, {}, NONE_LEFT, 30),
        (429, {}, NONE_LEFT, 30),
        (429, v3("contacts:tooManyActiveImports"), {}, 60),
        (400, v2("ERROR_APIUSAGE_EXCEEDED"), {}, 300),
        (500, v2("ERROR_APIUSAGE_EXCEEDED"), {}, 300),
        (400, v2("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"), {}, 3600),
        (400, v2("ERROR_IMPORT_TOOMANYACTIVEIMPORTS"), {}, 60),
    ],
)
def test_a_request_is_not_made_until_the_reset(
    server: DotdigitalServer, status: int, body: dict[str, str], headers: Mapping[str, str], *, wait: float
) -> None:
    clock = Clock(NOW)
    transport = server.transport(now=clock)
    told(server, transport, READ, status, body, headers=headers)
    clock.seconds += wait - 0.5
    error = held(transport, OTHER)
    code = body.get("errorCode") or body.get("message", "").removeprefix("Error: ") or None
    assert (error.wait, error.code) == (0.5, code)
    clock.seconds += 0.5
    server.responds((200, {"contactId": 42}))
    assert transport.request(OTHER).json() == {"contactId": 42}


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, {}, {}),
        (200, {}, NONE_LEFT | {"X-RateLimit-Remaining": "1"}),
        (200, {}, {"X-RateLimit-Remaining": "0"}),
        (200, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}),
        (200, {}, NONE_LEFT | {"X-RateLimit-Remaining": "none"}),
        (200, {}, {"X-RateLimit-Reset": "30", "Retry-After": "30"}),
        (400, v2("ERROR_ADDRESSBOOK_IN_USE"), {}),
        (400, v2("ERROR_ENROLMENT_IS_PROCESSING"), {}),
        (400, v2("ERROR_PARAMETER_INVALID"), {}),
        (401, None, {}),
        (503, None, {"Retry-After": "30"}),
    ],
)
def test_a_request_is_made_where_nothing_says_that_none_is_left(
    server: DotdigitalServer, status: int, body: Any, headers: Mapping[str, str]
) -> None:
    transport = server.transport(now=Clock(NOW))
    told(server, transport, READ, status, body, headers=headers)
    told(server, transport, OTHER)


def test_one_429_that_says_nothing_of_what_is_left_may_be_one_requests_own_and_a_second_is_not(
    server: DotdigitalServer,
) -> None:
    transport = server.transport(now=Clock(NOW))
    for status in (429, 200, 429, 429):
        told(server, transport, READ, status, headers={"X-RateLimit-Reset": "30"})
    assert held(transport, OTHER).wait == 30


def test_a_clock_that_is_set_back_opens_what_was_closed(server: DotdigitalServer) -> None:
    clock = Clock(NOW)
    transport = server.transport(now=clock)
    told(server, transport, READ, 429, headers=NONE_LEFT)
    clock.seconds -= 3600
    told(server, transport, READ, headers=NONE_LEFT | {"X-RateLimit-Reset": "5"})
    assert held(transport, READ).wait == 5


def test_the_longer_of_two_waits_counts() -> None:
    gate = LimitGate(Clock(NOW))
    for wait in (7.0, 60.0, 30.0, 59.0):
        gate.record("GET x", {}, LimitedError("no", status=429, wait=wait))
    with pytest.raises(LimitedError) as caught:
        gate.check("GET x")
    assert caught.value.wait == 60


SEGMENTS = st.text(min_size=1, max_size=20).filter(lambda text: text not in (".", ".."))
IDS = st.integers(min_value=1, max_value=2**31)


@given(st.sampled_from(["email", "mobileNumber", "import"]), SEGMENTS, IDS, IDS)
def test_a_kind_holds_no_value_and_no_id(name: str, value: str, list_id: int, contact_id: int) -> None:
    assert kind_of("PATCH", path("contacts", "v3", name, value)) == f"PATCH contacts/v3/{name}"
    assert kind_of("POST", path("v2", "sms-messages", "send-to", value)) == "POST v2/sms-messages/send-to"
    on_list = path("v2", "address-books", list_id, "contacts", contact_id)
    assert kind_of("DELETE", on_list) == "DELETE v2/address-books"


KINDS = st.sampled_from(["GET contacts/v3/email", "PATCH contacts/v3/email", "PUT contacts/v3/import", "POST v2/email"])
TEXTS = st.sampled_from(["0", "1", "30", "-5", "1760000030", "1e300", "soon", ""]) | st.text(max_size=12)
NAMES = st.sampled_from(["X-RateLimit-Reset", "Retry-After", "X-RateLimit-Scope", "X-RateLimit-Remaining"])
HEADERS = st.dictionaries(NAMES, TEXTS)
SOME_LEFT = HEADERS.map(lambda headers: {**headers, "X-RateLimit-Remaining": "1"})
REJECTED = RejectedError("no", status=400)
LIMITED = st.builds(
    lambda code, status, wait: LimitedError("no", status=status, code=code, wait=wait),
    st.sampled_from([None, "contacts:tooManyActiveImports", *CODES]),
    st.sampled_from([400, 429]),
    st.floats(1, 3600),
)


def after(steps: list[tuple[str, Any, Any, float]]) -> tuple[LimitGate, Clock]:
    """A gate that recorded these responses, with the clock moved after each."""
    clock = Clock(NOW)
    gate = LimitGate(clock)
    for kind, headers, error, seconds in steps:
        gate.record(kind, headers, error)
        clock.seconds += seconds
    return gate, clock


@given(st.lists(st.tuples(KINDS, HEADERS, st.none() | LIMITED, st.floats(-5000, 5000)), max_size=8), KINDS)
def test_no_wait_is_longer_than_the_longest_whatever_the_clock_does(steps: Any, kind: str) -> None:
    gate, clock = after(steps)
    try:
        gate.check(kind)
    except LimitedError as error:
        assert error.wait is not None
        assert 0 < error.wait <= 3600
    for timestamp in (NOW - 50_000, NOW + 50_000):
        clock.seconds = timestamp
        gate.check(kind)


@given(st.lists(st.tuples(KINDS, SOME_LEFT, st.sampled_from([None, REJECTED]), st.floats(-50, 50)), max_size=8), KINDS)
def test_nothing_is_held_back_unless_it_was_told(steps: Any, kind: str) -> None:
    after(steps)[0].check(kind)


REQUESTS = {
    "get": READ,
    "patch": Request("PATCH", READ.path, body={}),
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
USED_UP = v2("ERROR_APIUSAGE_EXCEEDED")
BUSY = v3("contacts:tooManyActiveImports")


@pytest.mark.parametrize(
    ("name", "status", "body", "headers", "closed"),
    [
        ("patch", 429, None, {}, {"patch", "remove"}),
        ("patch", 200, {}, {**RESET, "X-RateLimit-Remaining": "0"}, {"patch", "remove"}),
        ("patch", 200, {}, {**RESET, "X-RateLimit-Remaining": "1"}, set()),
        ("get", 429, None, {}, {"get"}),
        ("email", 429, None, {}, {"email"}),
        ("remove", 429, None, {"X-RateLimit-Scope": "low"}, {"remove", "fields", "import"}),
        ("fields", 429, v3("server:x"), {}, {"fields"}),
        ("import", 429, BUSY, {}, {"import"}),
        ("import", 429, BUSY, {**RESET, "X-RateLimit-Remaining": "5"}, {"import"}),
        ("import", 429, BUSY, {**RESET, "X-RateLimit-Remaining": "0"}, {"import", "fields"}),
        ("enrol", 400, v2("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"), {}, {"enrol"}),
        ("get", 400, USED_UP, {}, FLAT),
        ("sms", 400, USED_UP, {}, FLAT),
        ("email", 400, USED_UP, {}, FLAT | {"email"}),
    ],
)
def test_what_shares_a_limit_is_held_back_with_it(
    server: DotdigitalServer, name: str, *, status: int, body: Any, headers: Mapping[str, str], closed: set[str]
) -> None:
    transport = server.transport(now=Clock())
    for each, scope in SCOPES.items():
        told(server, transport, REQUESTS[each], headers={"X-RateLimit-Scope": scope})
    for _ in range(2 if (status, body) == (429, None) else 1):  # the first that says nothing may be one request's own
        told(server, transport, REQUESTS[name], status, body, headers=headers)
    for each in closed:
        held(transport, REQUESTS[each])
    for each in REQUESTS.keys() - closed:
        told(server, transport, REQUESTS[each])


def test_two_containers_of_four_threads_make_few_requests_over_the_limit() -> None:
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
    with suppress(queue.Empty):
        while True:
            number = waiting.get_nowait()
            try:
                dotdigital.contacts.upsert(Identifier("email", f"c{number}@example.com"))
            except LimitedError as error:
                waiting.put(number)
                return error.wait
    return None
