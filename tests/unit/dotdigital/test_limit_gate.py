from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotdigital import DotdigitalError, LimitedError, RejectedError, Transport
from dotdigital.http_messages import Request, path
from dotdigital.limits import ALLOWANCE_WAITS, LimitGate, kind_of
from tests.support.dotdigital_server import Clock, DotdigitalServer

NOW = 1_760_000_000.0
READ = Request("GET", "/contacts/v3/email/jane%40example.com")
OTHER = Request("GET", "/contacts/v3/email/joe%40example.com")
NONE_LEFT = {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "1760000030"}
HELD = "a limit of the account is used up until its reset, so the request was not made"
CODES = sorted(ALLOWANCE_WAITS)


def v2(code: str) -> dict[str, str]:
    return {"message": f"Error: {code}"}


def v3(code: str) -> dict[str, str]:
    return {"errorCode": code, "description": "Words"}


def told(server: DotdigitalServer, transport: Transport, req: Request, *answer: Any, **more: Any) -> None:
    """Make a call that is answered so, whatever comes of it."""
    server.answers(*answer, **more)
    try:
        transport.request(req).json()
    except DotdigitalError as error:
        assert error.description != HELD


@pytest.mark.parametrize(
    ("status", "body", "headers", "code", "wait"),
    [
        (200, {}, NONE_LEFT, None, 30),
        (200, {}, {"x-ratelimit-remaining": "0", "x-ratelimit-reset": "30"}, None, 30),
        (200, {}, {**NONE_LEFT, "Retry-After": "7"}, None, 7),
        (200, {}, {**NONE_LEFT, "X-RateLimit-Remaining": "-1"}, None, 30),
        (200, {}, {**NONE_LEFT, "X-RateLimit-Reset": "1760099999"}, None, 120),
        (200, {}, {**NONE_LEFT, "X-RateLimit-Reset": "1759999999"}, None, 1),
        (404, v3("contacts:contactNotFound"), NONE_LEFT, None, 30),
        (429, None, NONE_LEFT, None, 30),
        (429, v3("contacts:tooManyActiveImports"), {}, "contacts:tooManyActiveImports", 60),
        (400, v2("ERROR_APIUSAGE_EXCEEDED"), {}, "ERROR_APIUSAGE_EXCEEDED", 300),
        (500, v2("ERROR_APIUSAGE_EXCEEDED"), {}, "ERROR_APIUSAGE_EXCEEDED", 300),
        (400, v2("ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"), {}, "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", 3600),
        (400, v2("ERROR_IMPORT_TOOMANYACTIVEIMPORTS"), {}, "ERROR_IMPORT_TOOMANYACTIVEIMPORTS", 60),
    ],
)
def test_a_call_is_not_made_until_the_reset(
    server: DotdigitalServer, *, status: int, body: Any, headers: Mapping[str, str], code: str | None, wait: float
) -> None:
    clock = Clock(NOW)
    transport = server.transport(now=clock)
    told(server, transport, READ, status, body, headers=headers)
    clock.seconds += wait - 0.5
    with pytest.raises(LimitedError) as caught:
        transport.request(OTHER).json()
    assert (caught.value.description, caught.value.status, caught.value.wait) == (HELD, None, 0.5)
    assert caught.value.code == code
    clock.seconds += 0.5
    server.answers(200, {"contactId": 42})
    assert transport.request(OTHER).json() == {"contactId": 42}
    assert len(server.sent) == 2


@pytest.mark.parametrize(
    ("status", "body", "headers"),
    [
        (200, {}, {}),
        (200, {}, {**NONE_LEFT, "X-RateLimit-Remaining": "1"}),
        (200, {}, {"X-RateLimit-Remaining": "0"}),
        (200, {}, {"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "soon"}),
        (200, {}, {**NONE_LEFT, "X-RateLimit-Remaining": "none"}),
        (200, {}, {"X-RateLimit-Reset": "30", "Retry-After": "30"}),
        (400, v2("ERROR_ADDRESSBOOK_IN_USE"), {}),
        (400, v2("ERROR_ENROLMENT_IS_PROCESSING"), {}),
        (400, v2("ERROR_PARAMETER_INVALID"), {}),
        (401, None, {}),
        (503, None, {"Retry-After": "30"}),
    ],
)
def test_a_call_is_made_where_nothing_says_that_none_is_left(
    server: DotdigitalServer, status: int, body: Any, headers: Mapping[str, str]
) -> None:
    transport = server.transport(now=Clock(NOW))
    told(server, transport, READ, status, body, headers=headers)
    server.answers(200, {"contactId": 42})
    assert transport.request(OTHER).json() == {"contactId": 42}


def test_one_429_that_says_nothing_of_what_is_left_may_be_one_calls_own_and_a_second_is_not(
    server: DotdigitalServer,
) -> None:
    transport = server.transport(now=Clock(NOW))
    told(server, transport, READ, 429, headers={"X-RateLimit-Reset": "30"})
    told(server, transport, OTHER, 200, {"contactId": 42})
    told(server, transport, READ, 429, headers={"X-RateLimit-Reset": "30"})
    told(server, transport, READ, 429, headers={"X-RateLimit-Reset": "30"})
    with pytest.raises(LimitedError) as caught:
        transport.request(OTHER).json()
    assert (caught.value.description, caught.value.wait) == (HELD, 30)
    assert len(server.sent) == 4


def test_a_clock_that_is_set_back_opens_what_was_closed(server: DotdigitalServer) -> None:
    clock = Clock(NOW)
    transport = server.transport(now=clock)
    told(server, transport, READ, 429, headers=NONE_LEFT)
    clock.seconds -= 3600
    told(server, transport, READ, 200, {}, headers={"X-RateLimit-Remaining": "0", "X-RateLimit-Reset": "5"})
    with pytest.raises(LimitedError) as caught:
        transport.request(READ).json()
    assert caught.value.wait == 5


def test_the_longer_of_two_waits_counts(server: DotdigitalServer) -> None:
    clock = Clock(NOW)
    gate = LimitGate(clock)
    for wait in (7.0, 60.0, 30.0, 59.0):
        gate.record("GET x", {}, LimitedError("no", status=429, wait=wait))
    with pytest.raises(LimitedError) as caught:
        gate.check("GET x")
    assert caught.value.wait == 60


SEGMENTS = st.text(min_size=1, max_size=20).filter(lambda text: text not in (".", ".."))
IDS = st.integers(min_value=1, max_value=2**31)


@given(st.sampled_from(["email", "mobileNumber", "import"]), SEGMENTS)
def test_a_kind_holds_no_value(name: str, value: str) -> None:
    assert kind_of("PATCH", path("contacts", "v3", name, value)) == f"PATCH contacts/v3/{name}"
    assert kind_of("POST", path("v2", "sms-messages", "send-to", value)) == "POST v2/sms-messages/send-to"


@given(IDS, IDS)
def test_a_kind_holds_no_id(list_id: int, contact_id: int) -> None:
    kind = kind_of("DELETE", path("v2", "address-books", list_id, "contacts", contact_id))
    assert kind == "DELETE v2/address-books"


@pytest.mark.parametrize(
    ("method", "path", "kind"),
    [
        ("GET", "/v2/data-fields/", "GET v2/data-fields"),
        ("PUT", "/contacts/v3/import", "PUT contacts/v3/import"),
        ("POST", "/v2/programs/enrolments", "POST v2/programs/enrolments"),
        ("POST", "/v2/campaigns/send", "POST v2/campaigns/send"),
        ("POST", "/v2/email", "POST v2/email"),
        ("POST", "/cpaas/messages", "POST cpaas/messages"),
    ],
)
def test_a_kind_is_the_method_and_the_path(method: str, path: str, kind: str) -> None:
    assert kind_of(method, path) == kind


KINDS = st.sampled_from(["GET contacts/v3/email", "PATCH contacts/v3/email", "PUT contacts/v3/import", "POST v2/email"])
TEXTS = st.sampled_from(["0", "1", "30", "-5", "1760000030", "1e300", "soon", ""]) | st.text(max_size=12)
NAMES = st.sampled_from(["X-RateLimit-Reset", "Retry-After", "X-RateLimit-Scope", "X-RateLimit-Remaining"])
HEADERS = st.dictionaries(NAMES, TEXTS)
LIMITED = st.builds(
    lambda code, status, wait: LimitedError("no", status=status, code=code, wait=wait),
    st.sampled_from([None, "contacts:tooManyActiveImports", *CODES]),
    st.sampled_from([400, 429]),
    st.floats(1, 3600),
)
STEPS = st.tuples(KINDS, HEADERS, st.none() | LIMITED, st.floats(-5000, 5000))


def after(steps: list[tuple[str, Any, Any, float]]) -> tuple[LimitGate, Clock]:
    """A gate that heard these answers, with the clock moved after each."""
    clock = Clock(NOW)
    gate = LimitGate(clock)
    for kind, headers, error, seconds in steps:
        gate.record(kind, headers, error)
        clock.seconds += seconds
    return gate, clock


@given(st.lists(STEPS, max_size=8), KINDS)
def test_no_wait_is_longer_than_the_longest_whatever_the_clock_does(steps: Any, kind: str) -> None:
    gate, clock = after(steps)
    try:
        gate.check(kind)
    except LimitedError as error:
        assert error.wait is not None
        assert 0 < error.wait <= 3600
    clock.seconds = NOW - 50_000
    gate.check(kind)
    clock.seconds = NOW + 50_000
    gate.check(kind)


OTHER_ERRORS = st.none() | st.just(RejectedError("no", status=400))
LEFT = st.dictionaries(NAMES, TEXTS).map(lambda headers: {**headers, "X-RateLimit-Remaining": "1"})


@given(st.lists(st.tuples(KINDS, LEFT, OTHER_ERRORS, st.floats(-50, 50)), max_size=8), KINDS)
def test_nothing_is_held_back_unless_it_was_told(steps: Any, kind: str) -> None:
    after(steps)[0].check(kind)
