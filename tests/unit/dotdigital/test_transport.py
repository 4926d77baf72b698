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
from tests.support.wire_server import Step, WireServer, break_off, drop, json_answer

READ = Request("GET", "/v2/data-fields/")
SEND = Request("POST", "/v2/email", body={"Subject": "Hi"}, send=True)
each_request = pytest.mark.parametrize("req", [READ, SEND], ids=["read", "send"])
OK = json_answer("{}")
FIRST = "select=1000"


class Renewals:
    """Gives these accounts, one a renewal."""

    def __init__(self, *accounts: Account | None) -> None:
        self.left = list(accounts)

    def __call__(self) -> Account | None:
        return self.left.pop(0)


@pytest.mark.parametrize("status", [401, 403])
@each_request
def test_a_refused_account_is_renewed_once_and_the_request_made_again(
    server: DotdigitalServer, req: Request, status: int
) -> None:
    server.answers(status)
    server.answers(200, {"id": 1})
    server.answers(200, {"id": 2})
    renew = Renewals(account_at(server.url, password="rotated"))
    transport = server.transport(renew=renew)
    assert transport.request(req).json() == {"id": 1}
    assert transport.request(READ).json() == {"id": 2}
    passwords = [request.authorization and request.authorization.password for request in server.requests]
    assert (passwords, renew.left) == (["password", "rotated", "rotated"], [])
    assert server.sent[0] == server.sent[1] == Sent(req.method, req.path, "", req.body)


def test_a_renewed_account_may_be_in_another_region(server: DotdigitalServer) -> None:
    server.answers(200, {"id": 1})
    with WireServer(json_answer("{}", "403 Forbidden")) as wrong_region:
        account = account_at(wrong_region.url)
        transport = server.transport(account=account, renew=Renewals(account_at(server.url)))
        assert transport.request(READ).json() == {"id": 1}


@pytest.mark.parametrize(
    ("changes", "answers"),
    [
        ([], [401]),
        ([{}], [401]),
        ([None], [401]),
        ([{"password": "rotated"}], [401, 401]),
        ([{"password": "rotated"}, {"password": "again"}], [401, 401]),
    ],
    ids=["no renewal", "the same account", "none to be had", "refused again", "refused again and changed again"],
)
@each_request
def test_a_refusal_stays_one_where_the_account_is_no_better(
    server: DotdigitalServer, req: Request, changes: list[dict[str, str] | None], answers: list[int]
) -> None:
    for status in answers:
        server.answers(status)
    renew = Renewals(*[None if change is None else account_at(server.url, **change) for change in changes])
    with pytest.raises(CredentialsRefusedError) as caught:
        server.transport(renew=renew if changes else None).request(req).json()
    assert caught.value.status == 401
    assert (len(server.sent), len(renew.left)) == (len(answers), max(0, len(changes) - 1))


def test_what_a_renewal_raises_passes_through(server: DotdigitalServer) -> None:
    def renew() -> Account:
        raise LookupError("the secret is gone")

    server.answers(401)
    with pytest.raises(LookupError, match="the secret is gone"):
        server.transport(renew=renew).request(SEND).json()
    assert len(server.sent) == 1


@pytest.mark.parametrize("left", [0.49, 0.0, -5.0])
@each_request
def test_no_request_starts_with_less_than_half_a_second(req: Request, left: float) -> None:
    clock = Clock()
    with WireServer() as wire:
        transport = transport_to(wire.url, monotonic=clock)
        transport.deadline = clock() + left
        with pytest.raises(UnavailableError) as caught:
            transport.request(req).json()
    assert str(caught.value) == "no time was left for the request, so it was not made"


def test_half_a_second_is_enough_to_try() -> None:
    transport = transport_to("http://127.0.0.1:1")
    transport.deadline = transport.monotonic() + 0.5
    with pytest.raises(UnavailableError, match=r"no response came from Dotdigital \(ConnectionError\)"):
        transport.request(SEND).json()


def test_a_renewal_that_takes_the_time_leaves_none_for_the_second_request(server: DotdigitalServer) -> None:
    clock = Clock()

    def renew() -> Account:
        clock.seconds += 3
        return account_at(server.url, password="rotated")

    server.answers(401)
    transport = server.transport(monotonic=clock, renew=renew)
    transport.deadline = clock() + 3.4
    with pytest.raises(UnavailableError, match="no time was left for the request, so it was not made"):
        transport.request(SEND).json()
    assert len(server.sent) == 1


PERSONAL = Request(
    "POST",
    "/v2/sms-messages/send-to/447700900123",
    query={"email": "jane@example.com"},
    body={"message": "Dear Jane Doe", "email": "jane@example.com"},
    send=True,
)
SECRETS = ("api-user-7", "hunter2", "token-7", b64encode(b"api-user-7:hunter2").decode(), "jane", "Jane", "900123")


@pytest.mark.parametrize(
    "steps",
    [
        [drop],
        [break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")],
        [json_answer('{"message": "jane@example.com (447700900123) is bad"}', "400 Bad Request")],
        [json_answer("{}", "500 Oh")],
        [json_answer("<jane@example.com>", "200 OK")],
        [json_answer("{}", "401 Unauthorized"), drop],
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
            transport.request(PERSONAL).json()
    shown = [*traceback.format_exception(caught.value), repr(caught.value), str(caught.value), repr(vars(caught.value))]
    assert not [secret for secret in SECRETS if secret in "".join(shown)]


@pytest.mark.parametrize(
    ("idle", "connections"), [(49.9, [0, 0, 0]), (50.0, [0, 0, 0]), (50.1, [0, 1, 1]), (3600.0, [0, 1, 1])]
)
def test_a_connection_is_used_for_50_seconds(idle: float, connections: list[int]) -> None:
    clock = Clock()
    with WireServer(OK, OK, OK) as wire:
        transport = transport_to(wire.url, monotonic=clock)
        transport.request(READ).json()
        clock.seconds += idle
        transport.request(SEND).json()
        transport.request(SEND).json()
    assert [each.connection for each in wire.received] == connections


def test_no_connection_is_used_that_another_thread_left_idle() -> None:
    clock = Clock()
    together = threading.Barrier(2)

    def wait_for_the_other(connection: Any) -> None:
        together.wait(5)
        OK(connection)

    with WireServer(wait_for_the_other, wait_for_the_other, OK, wait_for_the_other, wait_for_the_other) as wire:
        transport = transport_to(wire.url, monotonic=clock)
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(transport.request, [READ, READ]))
            clock.seconds += 40
            transport.request(READ).json()
            clock.seconds += 40
            list(pool.map(transport.request, [SEND, SEND]))
    assert {each.connection for each in wire.received[:3]} == {0, 1}
    assert {each.connection for each in wire.received[3:]} == {2, 3}


def test_a_request_under_way_outlives_the_dropping_of_old_connections() -> None:
    clock = Clock()
    asked, told = threading.Event(), threading.Event()

    def wait(connection: Any) -> None:
        asked.set()
        told.wait(5)
        json_answer('{"id": 1}')(connection)

    with WireServer(wait, json_answer('{"id": 2}')) as wire, ThreadPoolExecutor(1) as pool:
        transport = transport_to(wire.url, monotonic=clock)
        slow = pool.submit(transport.request, SEND)
        asked.wait(5)
        clock.seconds += 60
        assert transport.request(READ).json() == {"id": 2}
        told.set()
        assert slow.result(5).json() == {"id": 1}


def test_threads_share_a_transport_and_each_gets_its_own_response() -> None:
    with WireServer(always=OK) as wire, ThreadPoolExecutor(10) as pool:
        transport = transport_to(wire.url)
        responses = list(pool.map(transport.request, [READ, SEND] * 100))
    assert [response.json() for response in responses] == [{}] * 200
    assert len(wire.received) == 200
    assert len({each.connection for each in wire.received}) <= 10


def test_threads_that_are_refused_at_once_share_one_renewal() -> None:
    together = threading.Barrier(4)
    renewals: list[int] = []

    def renew() -> Account:
        renewals.append(1)
        return account_at(wire.url, password="rotated")

    def refuse(connection: Any) -> None:
        together.wait(5)
        json_answer("{}", "401 Unauthorized")(connection)

    with WireServer(*[refuse] * 4, *[OK] * 4) as wire, ThreadPoolExecutor(4) as pool:
        transport = transport_to(wire.url, renew=renew)
        assert [response.status for response in pool.map(transport.request, [SEND] * 4)] == [200] * 4
    assert renewals == [1]


def rows(first: int, last: int) -> list[dict[str, Any]]:
    return [{"id": number} for number in range(first, last + 1)]


@pytest.mark.parametrize("last", [[], rows(2001, 2999)])
def test_every_page_is_read_until_one_is_not_full(server: DotdigitalServer, last: list[dict[str, Any]]) -> None:
    for page in (rows(1, 1000), rows(1001, 2000), last):
        server.answers(200, page)
    assert [each.id for each in server.client().lists.all()] == list(range(1, 2001 + len(last)))
    assert [sent.query for sent in server.sent] == [FIRST, f"{FIRST}&skip=1000", f"{FIRST}&skip=2000"]


def test_a_row_that_moves_to_the_next_page_while_they_are_read_comes_once(server: DotdigitalServer) -> None:
    server.answers(200, rows(1, 1000))
    server.answers(200, rows(1000, 1001))
    assert [each.id for each in server.client().programs.all()] == list(range(1, 1002))


def test_pages_that_repeat_for_ever_end(server: DotdigitalServer) -> None:
    server.answers(200, rows(1, 1000))
    server.answers(200, rows(1, 1000))
    with pytest.raises(UnavailableError, match="its pages do not end"):
        server.client().campaigns.all()


@pytest.mark.parametrize("body", [None, {}, {"items": [{"id": 7}]}, "x"])
def test_a_response_that_is_no_list_is_told(dotdigital: Dotdigital, server: DotdigitalServer, body: Any) -> None:
    server.answers(200, body)
    with pytest.raises(UnavailableError, match="it is not a list"):
        dotdigital.lists.all()


def test_requests_is_loaded_with_the_first_transport_and_not_before() -> None:
    code = "import sys, dotdigital; print({'requests', 'urllib3', 'http.client'} & sys.modules.keys())"
    ran = subprocess.run(
        [sys.executable, "-c", code], env={"PYTHONPATH": "layers/shared"}, capture_output=True, check=True
    )
    assert ran.stdout == b"set()\n"
