import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from dotdigital import Account
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import Clock, account_at, transport_to
from tests.support.wire_server import WireServer, json_answer

READ = Request("GET", "/v2/data-fields/")
SEND = Request("POST", "/v2/email", body={"Subject": "Hi"}, send=True)
OK = json_answer("{}")


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
            list(pool.map(lambda req: transport.request(req).json(), [READ, READ]))
            clock.seconds += 40
            transport.request(READ).json()
            clock.seconds += 40
            list(pool.map(lambda req: transport.request(req).json(), [SEND, SEND]))
    assert {each.connection for each in wire.received[:3]} == {0, 1}
    assert {each.connection for each in wire.received[3:]} == {2, 3}


def test_a_call_under_way_outlives_the_dropping_of_old_connections() -> None:
    clock = Clock()
    asked, told = threading.Event(), threading.Event()

    def wait(connection: Any) -> None:
        asked.set()
        told.wait(5)
        json_answer('{"id": 1}')(connection)

    with WireServer(wait, json_answer('{"id": 2}')) as wire, ThreadPoolExecutor(1) as pool:
        transport = transport_to(wire.url, monotonic=clock)
        slow = pool.submit(lambda: transport.request(SEND).json())
        asked.wait(5)
        clock.seconds += 60
        assert transport.request(READ).json() == {"id": 2}
        told.set()
        assert slow.result(5) == {"id": 1}


def test_threads_share_a_transport_and_each_gets_its_own_answer() -> None:
    with WireServer(always=OK) as wire, ThreadPoolExecutor(10) as pool:
        transport = transport_to(wire.url)
        answers = list(pool.map(lambda req: transport.request(req).json(), [READ, SEND] * 100))
    assert answers == [{}] * 200
    assert len(wire.received) == 200
    assert len({each.connection for each in wire.received}) <= 10


def test_threads_that_are_refused_together_share_one_renewal() -> None:
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
        assert list(pool.map(lambda req: transport.request(req).json(), [SEND] * 4)) == [{}] * 4
    assert renewals == [1]
