import gzip
import json
import socket
import threading
import time
import zlib
from contextlib import suppress
from typing import Any

import pytest

from dotdigital import (
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    RejectedError,
    UnavailableError,
)
from dotdigital.connections import MOST_BYTES
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import transport_to
from tests.support.wire_server import Step, WireServer, answer, break_off, drip, json_answer

READ = Request("GET", "/v2/data-fields/")
SEND = Request("POST", "/v2/email", body={"Subject": "Hi"}, send=True)
calls = pytest.mark.parametrize("req", [READ, SEND], ids=["read", "send"])
STRAY = b'HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n{"contactId": 666}'
BROKEN = "Dotdigital's response cannot be read: it broke off, came too slowly or is too long"


def head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def error_of(req: Request, *steps: Step, **changes: Any) -> DotdigitalError:
    with WireServer(*steps) as wire, pytest.raises(DotdigitalError) as caught:
        transport_to(wire.url, **changes).request(req).json()
    assert len(wire.received) == len(steps)
    return caught.value


def encoded(content: bytes, encoding: str, *headers: str) -> bytes:
    return head("200 OK", f"Content-Encoding: {encoding}", f"Content-Length: {len(content)}", *headers) + content


@pytest.mark.parametrize(
    "content",
    [
        encoded(b'{"id": 1}', "identity"),
        encoded(gzip.compress(b'{"id": 1}', mtime=0), "gzip"),
        encoded(zlib.compress(b'{"id": 1}'), "deflate"),
        encoded(b'{"id": 1}', "unheard-of"),
        encoded(b'\xef\xbb\xbf{"id": 1}', "identity"),
        encoded(b'{"id": 1}', "identity", "Content-Type: text/html; charset=unheard-of"),
        encoded('{"id": 1}'.encode("utf-16"), "identity"),
        head("200 OK", "Transfer-Encoding: chunked") + b'4\r\n{"id\r\n5\r\n": 1}\r\n0\r\n\r\n',
        head("200 OK", "Content-Length: 9", "X-Odd: caf\xe9") + b'{"id": 1}',
        head("299 Odd", "Content-Length: 9") + b'{"id": 1}and more that was not announced',
    ],
)
@calls
def test_a_whole_answer_is_read_however_it_is_written(req: Request, content: bytes) -> None:
    with WireServer(answer(content)) as wire:
        assert transport_to(wire.url).request(req).json() == {"id": 1}
    assert len(wire.received) == 1


def test_an_answer_that_ends_with_the_connection_is_whole() -> None:
    with WireServer(break_off(head("200 OK") + b'{"id": 1}')) as wire:
        assert transport_to(wire.url).request(READ).json() == {"id": 1}


@pytest.mark.parametrize("content", [head("204 No Content"), head("200 OK", "Content-Length: 0")])
@calls
def test_an_empty_answer_is_none(req: Request, content: bytes) -> None:
    with WireServer(answer(content)) as wire:
        assert transport_to(wire.url).request(req).json() is None


BROKEN_OFF = [
    pytest.param(break_off(head("200 OK", "Content-Length: 100") + b'{"id": 1}'), id="too short"),
    pytest.param(break_off(head("200 OK", "Content-Length: 100")), id="no body"),
    pytest.param(break_off(head("200 OK", "Transfer-Encoding: chunked") + b'9\r\n{"id": 1}\r\n'), id="no last chunk"),
    pytest.param(break_off(head("200 OK", "Transfer-Encoding: chunked") + b'9\r\n{"id"'), id="half a chunk"),
    pytest.param(break_off(head("200 OK", "Transfer-Encoding: chunked") + b"nonsense\r\n"), id="no chunk"),
    pytest.param(answer(encoded(b"this is not gzip", "gzip")), id="not gzip"),
    pytest.param(answer(encoded(b"this is not deflate", "deflate")), id="not deflate"),
]


@pytest.mark.parametrize("step", BROKEN_OFF)
@pytest.mark.parametrize(("req", "kind"), [(READ, UnavailableError), (SEND, InDoubtError)], ids=["read", "send"])
def test_a_success_that_breaks_off_leaves_a_send_in_doubt(
    req: Request, kind: type[DotdigitalError], step: Step
) -> None:
    error = error_of(req, step)
    assert (type(error), error.status, error.description) == (kind, 200, BROKEN)


@pytest.mark.parametrize(
    ("status", "read", "send"),
    [
        ("400 Bad Request", UnavailableError, UnavailableError),
        ("404 Not Found", UnavailableError, UnavailableError),
        ("401 Unauthorized", CredentialsRefusedError, CredentialsRefusedError),
        ("403 Forbidden", CredentialsRefusedError, CredentialsRefusedError),
        ("429 Too Many Requests", LimitedError, LimitedError),
        ("500 Internal Server Error", UnavailableError, InDoubtError),
        ("302 Found", UnavailableError, InDoubtError),
    ],
)
def test_a_refusal_that_breaks_off_can_be_tried_again_for_its_code_is_unknown(
    status: str, read: type[DotdigitalError], send: type[DotdigitalError]
) -> None:
    for req, kind in ((READ, read), (SEND, send)):
        error = error_of(req, break_off(head(status, "Content-Length: 100") + b'{"message": "Error: ERROR_CO'))
        assert (type(error), error.status, error.code) == (kind, int(status[:3]), None)


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints", "199 Odd"])
def test_an_interim_answer_is_passed_over(status: str) -> None:
    final = json_answer('{"contactId": 1}')

    def both(connection: socket.socket) -> None:
        connection.sendall(head(status))
        time.sleep(0.2)
        final(connection)

    with WireServer(both, json_answer('{"contactId": 2}')) as wire:
        transport = transport_to(wire.url)
        assert transport.request(SEND).json() == {"contactId": 1}
        assert transport.request(READ).json() == {"contactId": 2}
    assert [each.connection for each in wire.received] == [0, 0]


def test_a_switch_of_protocols_is_no_answer_to_what_was_asked() -> None:
    error = error_of(SEND, answer(head("101 Switching Protocols", "Upgrade: other")))
    assert (type(error), error.status) == (InDoubtError, 101)


@pytest.mark.parametrize("first", ["200 OK", "204 No Content", "404 Not Found"])
@pytest.mark.parametrize("late", [0.0, 0.1])
def test_an_answer_that_nobody_asked_for_is_never_taken_for_the_next(first: str, late: float) -> None:
    stray_is_sent = threading.Event()

    def twice(connection: socket.socket) -> None:
        connection.sendall(head(first, "Content-Length: 0") + (b"" if late else STRAY))
        time.sleep(late)
        connection.sendall(STRAY if late else b"")
        stray_is_sent.set()

    with WireServer(twice, json_answer('{"contactId": 1}')) as wire:
        transport = transport_to(wire.url)
        with suppress(RejectedError):
            transport.request(READ).json()
        assert stray_is_sent.wait(60)
        assert transport.request(READ).json() == {"contactId": 1}


@pytest.mark.parametrize(("req", "kind"), [(READ, UnavailableError), (SEND, InDoubtError)], ids=["read", "send"])
@pytest.mark.parametrize("over", [0, 1])
def test_a_body_of_16_mib_is_the_longest_that_is_read(req: Request, kind: type[DotdigitalError], over: int) -> None:
    text = json.dumps("x" * (MOST_BYTES + over - 2))
    if over:
        assert error_of(req, json_answer(text)).description == BROKEN
        assert isinstance(error_of(req, json_answer(text)), kind)
    else:
        with WireServer(json_answer(text)) as wire:
            assert transport_to(wire.url).request(req).json() == text[1:-1]


def test_a_small_body_that_unpacks_without_end_is_not_unpacked() -> None:
    without_end = drip(head("200 OK", "Content-Encoding: gzip"), gzip.compress(bytes(1 << 22)), every=0)
    error = error_of(SEND, without_end)
    assert (type(error), error.description) == (InDoubtError, BROKEN)
