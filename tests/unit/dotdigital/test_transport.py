"""Who asks, until when, over which connections; and lists of many pages."""

import subprocess
import sys
import threading
import traceback
from base64 import b64encode
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dotdigital import Account, CredentialsRefusedError, Dotdigital, DotdigitalError, UnavailableError
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import Clock, DotdigitalServer, Sent, account_at, transport_to
from tests.support.wire_server import Step, WireServer, break_off, drop, json_response

READ = Request("GET", "/v2/data-fields/")
SEND = Request("POST", "/v2/email", body={"Subject": "Hi"}, send=True)
each_request = pytest.mark.parametrize("req", [READ, SEND], ids=["read", "send"])
OK = json_response("{}")
NO_TIME = "no time was left for the request, so it was not made"


@pytest.mark.parametrize("status", [401, 403])
@each_request
def test_a_refused_account_is_renewed_once_and_the_request_made_again(
    server: DotdigitalServer, req: Request, status: int
) -> None:
    server.responds(status, (200, {"id": 1}), (200, {"id": 2}))
    renewals = [account_at(server.url, password="rotated")]
    transport = server.transport(renew=renewals.pop)
    assert [transport.request(each).json() for each in (req, READ)] == [{"id": 1}, {"id": 2}]
    passwords = [request.authorization and request.authorization.password for request in server.requests]
    assert (passwords, renewals) == (["password", "rotated", "rotated"], [])
    assert server.sent[0] == server.sent[1] == Sent(req.method, req.path, "", req.body)


def test_a_renewed_account_may_be_in_another_region(server: DotdigitalServer) -> None:
    server.responds((200, {"id": 1}))
    with WireServer(json_response("{}", "403 Forbidden")) as wrong_region:
        account = account_at(wrong_region.url)
        transport = server.transport(account=account, renew=lambda: account_at(server.url))
        assert transport.request(READ).json() == {"id": 1}


@pytest.mark.parametrize(
    ("changes", "requests"),
    [
        ([], 1),
        ([{}], 1),
        ([None], 1),
        ([{"password": "rotated"}], 2),
        ([{"password": "rotated"}, {"password": "again"}], 2),
    ],
    ids=["no renewal", "the same account", "none to be had", "refused again", "refused again and changed again"],
)
@each_request
def test_a_refusal_stays_one_where_the_account_is_no_better(
    server: DotdigitalServer, req: Request, changes: list[dict[str, str] | None], requests: int
) -> None:
    server.responds(*[401] * requests)
    renewals = [None if change is None else account_at(server.url, **change) for change in changes]
    with pytest.raises(CredentialsRefusedError) as caught:
        server.transport(renew=(lambda: renewals.pop(0)) if changes else None).request(req)
    assert (caught.value.status, len(renewals)) == (401, max(0, len(changes) - 1))


def test_what_a_renewal_raises_passes_through(server: DotdigitalServer) -> None:
    def renew() -> Account:
        raise LookupError("the secret is gone")

    server.responds(401)
    with pytest.raises(LookupError, match="the secret is gone"):
        server.transport(renew=renew).request(SEND)


@pytest.mark.parametrize(
    ("left", "problem"),
    [(0.5, r"no response came from Dotdigital \(ConnectionError\)"), (0.49, NO_TIME), (0.0, NO_TIME), (-5.0, NO_TIME)],
)
@each_request
def test_no_request_starts_with_less_than_half_a_second(req: Request, left: float, problem: str) -> None:
    transport = transport_to("http://127.0.0.1:1")
    transport.deadline = transport.monotonic() + left
    with pytest.raises(UnavailableError, match=problem):
        transport.request(req)


def test_a_renewal_that_takes_the_time_leaves_none_for_the_second_request(server: DotdigitalServer) -> None:
    clock = Clock()

    def renew() -> Account:
        clock.seconds += 3
        return account_at(server.url, password="rotated")

    server.responds(401)
    transport = server.transport(monotonic=clock, renew=renew)
    transport.deadline = clock() + 3.4
    with pytest.raises(UnavailableError, match=NO_TIME):
        transport.request(SEND)


PERSONAL = {"message": "Dear Jane Doe", "email": "jane@example.com"}
TEXT = Request("POST", "/v2/sms-messages/send-to/447700900123", query=PERSONAL, body=PERSONAL, send=True)
SECRETS = ("api-user-7", "hunter2", "token-7", b64encode(b"api-user-7:hunter2").decode(), "jane", "Jane", "900123")


@pytest.mark.parametrize(
    "steps",
    [
        [drop],
        [break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")],
        [json_response('{"message": "jane@example.com (447700900123) is bad"}', "400 Bad Request")],
        [json_response("{}", "500 Oh")],
        [json_response("<jane@example.com>", "200 OK")],
        [json_response("{}", "401 Unauthorized"), drop],
        [],
    ],
    ids=["dropped", "broken off", "refused", "failed", "not JSON", "renewed and dropped", "no time"],
)
def test_no_error_holds_credentials_or_personal_data(steps: list[Step]) -> None:
    with WireServer(*steps) as wire:
        account = account_at(wire.url, username="api-user-7", password="hunter2", integration_token="token-7")
        renewed = account_at(wire.url, username="api-user-7", password="hunter2-rotated")
        transport = transport_to(wire.url, account=account, renew=lambda: renewed)
        transport.deadline = None if steps else transport.monotonic()
        with pytest.raises(DotdigitalError) as caught:
            transport.request(TEXT).json()
    shown = [*traceback.format_exception(caught.value), repr(caught.value), str(caught.value), repr(vars(caught.value))]
    assert not [secret for secret in SECRETS if secret in "".join(shown)]


@pytest.mark.parametrize(
    ("idle", "connections"), [(49.9, [0, 0, 0]), (50.0, [0, 0, 0]), (50.1, [0, 1, 1]), (3600.0, [0, 1, 1])]
)
def test_a_connection_is_used_for_50_seconds(idle: float, connections: list[int]) -> None:
    clock = Clock()
    with WireServer(OK, OK, OK) as wire:
        transport = transport_to(wire.url, monotonic=clock)
        transport.request(READ)
        clock.seconds += idle
        transport.request(SEND)
        transport.request(SEND)
    assert [each.connection for each in wire.received] == connections


def test_no_connection_is_used_that_another_thread_left_idle() -> None:
    clock, both = Clock(), threading.Barrier(2)

    def wait_for_the_other(connection: Any) -> None:
        both.wait(5)
        OK(connection)

    with WireServer(wait_for_the_other, wait_for_the_other, OK, wait_for_the_other, wait_for_the_other) as wire:
        transport = transport_to(wire.url, monotonic=clock)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(transport.request, [READ, READ]))
            clock.seconds += 40
            transport.request(READ)
            clock.seconds += 40
            list(pool.map(transport.request, [SEND, SEND]))
    assert {each.connection for each in wire.received[:3]} == {0, 1}
    assert {each.connection for each in wire.received[3:]} == {2, 3}


def test_a_request_under_way_outlives_the_dropping_of_old_connections() -> None:
    clock, asked, told = Clock(), threading.Event(), threading.Event()

    def wait(connection: Any) -> None:
        asked.set()
        told.wait(5)
        json_response('{"id": 1}')(connection)

    with WireServer(wait, json_response('{"id": 2}')) as wire, ThreadPoolExecutor(1) as pool:
        transport = transport_to(wire.url, monotonic=clock)
        slow = pool.submit(transport.request, SEND)
        asked.wait(5)
        clock.seconds += 60
        assert transport.request(READ).json() == {"id": 2}
        told.set()
        assert slow.result(5).json() == {"id": 1}


def test_threads_share_a_transport_and_each_gets_its_own_response() -> None:
    with WireServer(always=OK) as wire, ThreadPoolExecutor(10) as pool:
        responses = list(pool.map(transport_to(wire.url).request, [READ, SEND] * 100))
    assert [response.json() for response in responses] == [{}] * 200
    assert len(wire.received) == 200
    assert len({each.connection for each in wire.received}) <= 10


def test_threads_that_are_refused_at_once_share_one_renewal() -> None:
    all_four = threading.Barrier(4)

    def refuse(connection: Any) -> None:
        all_four.wait(5)
        json_response("{}", "401 Unauthorized")(connection)

    with WireServer(*[refuse] * 4, *[OK] * 4) as wire, ThreadPoolExecutor(4) as pool:
        renewals = [account_at(wire.url, password="rotated")]
        transport = transport_to(wire.url, renew=renewals.pop)
        assert [response.status for response in pool.map(transport.request, [SEND] * 4)] == [200] * 4


def page(first: int, last: int) -> tuple[int, list[dict[str, int]]]:
    return 200, [{"id": number} for number in range(first, last + 1)]


@pytest.mark.parametrize("last", [2000, 2999])
def test_every_page_is_read_until_one_is_not_full(dotdigital: Dotdigital, server: DotdigitalServer, last: int) -> None:
    server.responds(page(1, 1000), page(1001, 2000), page(2001, last))
    assert [each.id for each in dotdigital.lists.all()] == list(range(1, last + 1))
    queries = ["select=1000", "select=1000&skip=1000", "select=1000&skip=2000"]
    assert [sent.query for sent in server.sent] == queries


def test_a_row_that_moves_to_the_next_page_while_they_are_read_comes_once(
    dotdigital: Dotdigital, server: DotdigitalServer
) -> None:
    server.responds(page(1, 1000), page(1000, 1001))
    assert [each.id for each in dotdigital.programs.all()] == list(range(1, 1002))


@pytest.mark.parametrize(
    ("responses", "problem"),
    [
        ([page(1, 1000)] * 2, "its pages do not end"),
        *(([(200, body)], "it is not a list") for body in (None, {}, {"items": [{"id": 7}]}, "x")),
    ],
)
def test_what_is_no_list_and_what_does_not_end_is_told(
    dotdigital: Dotdigital, server: DotdigitalServer, responses: Any, problem: str
) -> None:
    server.responds(*responses)
    with pytest.raises(UnavailableError, match=problem):
        dotdigital.campaigns.all()


def test_requests_is_loaded_with_the_first_transport_and_not_before() -> None:
    code = "import sys, dotdigital; print({'requests', 'urllib3', 'http.client'} & sys.modules.keys())"
    environment = {"PYTHONPATH": "layers/shared"}
    ran = subprocess.run([sys.executable, "-c", code], env=environment, capture_output=True, check=True, timeout=300)
    assert ran.stdout == b"set()\n"
