"""No request outlives its deadline, whatever the other side does.

What is done here would hold a request up for a minute, so one that ends in a third of that was ended by its deadline,
however slow the machine.
"""

import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress

import pytest

from dotdigital import DotdigitalError, InDoubtError, Transport, UnavailableError
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import transport_to
from tests.support.wire_server import Dropped, Step, WireServer, drip, hang, json_response

READ = Request("GET", "/v2/data-fields/")
SEND = Request("POST", "/v2/email", body={"Subject": "Hi"}, send=True)
LARGE = Request("POST", "/v2/email", body={"Subject": "x" * 5_000_000}, send=True)
SECONDS = 0.7
AT_MOST = 20
HEAD = b"HTTP/1.1 200 OK\r\n"
LONG, CHUNKED = HEAD + b"Content-Length: 1000\r\n\r\n", HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
ENDLESS = {
    "nothing": hang,
    "a head that drips": drip(HEAD, b"X", every=0.05),
    "a head that never ends": drip(HEAD, b"X: y\r\n", every=0.7),
    "100 Continue for ever": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n", every=0.05),
    "100 Continue without a pause": drip(b"", b"HTTP/1.1 100 Continue\r\n\r\n" * 1000, every=0),
    "103 Early Hints for ever": drip(b"", b"HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n", every=0.05),
    "a late head, then nothing": drip(b"", LONG, every=0.4),
    "a body that drips": drip(LONG, b" ", every=0.05),
    "a body in chunks that drip": drip(CHUNKED, b"1\r\n \r\n", every=0.05),
    "a length of a chunk that drips": drip(CHUNKED, b"0", every=0.05),
    "trailers without a pause": drip(CHUNKED + b"0\r\n", b"X: y\r\n" * 1000, every=0),
}


def ended(transport: Transport, req: Request, seconds: float = SECONDS) -> type[DotdigitalError]:
    """What a request raises that ends at its deadline."""
    started = time.monotonic()
    transport.deadline = started + seconds
    with pytest.raises(DotdigitalError) as caught:
        transport.request(req).json()
    assert seconds - 0.1 <= time.monotonic() - started < AT_MOST
    return caught.type


def transport_at(to: str | socket.socket, scheme: str = "http") -> Transport:
    url = to if isinstance(to, str) else f"{scheme}://127.0.0.1:{to.getsockname()[1]}"
    return transport_to(url, monotonic=time.monotonic)


@pytest.fixture
def deaf() -> Iterator[socket.socket]:
    """A listener that takes a connection and never reads from it."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        yield listener


@pytest.mark.parametrize("step", ENDLESS.values(), ids=ENDLESS)
@pytest.mark.parametrize(("req", "kind"), [(READ, UnavailableError), (SEND, InDoubtError)], ids=["read", "send"])
def test_a_response_that_does_not_end(req: Request, kind: type[DotdigitalError], step: Step) -> None:
    with WireServer(step, json_response("{}")) as wire:
        transport = transport_at(wire.url)
        assert ended(transport, req) is kind
        transport.deadline = None
        assert transport.request(READ).json() == {}
    assert [each.connection for each in wire.received] == [0, 1]


def test_the_time_before_a_response_counts_for_its_body() -> None:
    def late_and_dripping(connection: socket.socket) -> None:
        time.sleep(SECONDS * 0.9)
        drip(LONG, b" ", every=0.05)(connection)

    with WireServer(late_and_dripping) as wire:
        assert ended(transport_at(wire.url), SEND) is InDoubtError


def test_connecting_and_reading_share_the_time_that_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        # With the queue full until then, the request connects by its third try, three seconds after the first.
        accepting = threading.Thread(target=respond_late, args=(listener,))
        with socket.create_connection(listener.getsockname()):
            accepting.start()
            assert ended(transport_at(listener), READ, seconds=3.5) is UnavailableError
        accepting.join(60)


def respond_late(listener: socket.socket) -> None:
    """Let nobody connect for two seconds, and respond to the second who connects three seconds after the request."""
    time.sleep(2)
    listener.settimeout(10)
    with suppress(OSError), listener.accept()[0], listener.accept()[0] as connection:
        connection.settimeout(3)
        connection.recv(10_000)
        with suppress(TimeoutError):
            connection.recv(1)
        json_response("{}")(connection)


def test_a_body_that_is_not_taken_is_in_doubt_once_it_began_to_leave(deaf: socket.socket) -> None:
    assert ended(transport_at(deaf), LARGE, seconds=2) is InDoubtError


def test_a_body_that_is_not_taken_over_a_connection_that_was_used_before() -> None:
    deaf = threading.Event()

    def respond_and_read_no_more(connection: socket.socket) -> None:
        json_response("{}")(connection)
        deaf.wait(60)
        raise Dropped

    with WireServer(respond_and_read_no_more) as wire:
        transport = transport_at(wire.url)
        assert transport.request(READ).json() == {}
        assert ended(transport, LARGE, seconds=2) is InDoubtError
        deaf.set()


def test_a_handshake_that_drips_sent_nothing(deaf: socket.socket) -> None:
    def handshake() -> None:
        connection, _ = deaf.accept()
        with connection:
            drip(b"\x16\x03\x03\x40\x00", b"\x02", every=0.05)(connection)

    with ThreadPoolExecutor(1) as pool:
        dripping = pool.submit(handshake)
        assert ended(transport_at(deaf, "https"), SEND) is UnavailableError
        assert dripping.exception(60) is not None


def test_many_addresses_of_which_none_responds(monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as full, socket.create_connection(full.getsockname()):
        address = (socket.AF_INET, socket.SOCK_STREAM, 0, "", full.getsockname())
        monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [address] * 90)
        assert ended(transport_at("http://dotdigital.test"), SEND) is UnavailableError


def test_a_name_that_is_looked_up_too_late_is_connected_to_no_more(
    monkeypatch: pytest.MonkeyPatch, deaf: socket.socket
) -> None:
    told = threading.Event()
    address = (socket.AF_INET, socket.SOCK_STREAM, 0, "", deaf.getsockname())
    monkeypatch.setattr(socket, "getaddrinfo", lambda *_: [address] if told.wait(60) else [])
    assert ended(transport_at("http://dotdigital.test"), SEND) is UnavailableError
    told.set()
    deaf.settimeout(60)
    connection, _ = deaf.accept()
    with connection:
        connection.settimeout(60)
        assert connection.recv(1) == b""


def test_four_side_by_side_end_at_once() -> None:
    with WireServer(*[ENDLESS["a head that drips"]] * 4) as wire, ThreadPoolExecutor(4) as pool:
        transport = transport_at(wire.url)
        errors = list(pool.map(lambda req: ended(transport, req), [SEND, READ] * 2))
    assert errors == [InDoubtError, UnavailableError] * 2
