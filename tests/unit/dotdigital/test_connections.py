"""What goes over the wire and how it is read: every byte of a request, and each way in which a response can break."""

import base64
import gc
import gzip
import json
import logging
import socket
import ssl
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest

from dotdigital.connections import MOST_BYTES, RequestBody
from dotdigital.errors import (
    CredentialsRefusedError,
    DotdigitalError,
    InDoubtError,
    LimitedError,
    RejectedError,
    UnavailableError,
)
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import account_at, transport_to
from tests.support.wire_server import Step, WireServer, break_off, drip, drop, json_response, respond

READ = Request("GET", "/contacts/v3/email/jane%40example.com")
UPSERT = Request("PATCH", "/contacts/v3/email/jane%40example.com", body={"identifiers": {}})
SEND = Request("POST", "/v2/email", body={"Subject": "Hi"}, send=True)
REQUESTS = {"read": READ, "upsert": UPSERT, "send": SEND}
each_request = pytest.mark.parametrize("req", REQUESTS.values(), ids=REQUESTS)
kinds = pytest.mark.parametrize(
    ("req", "kind"),
    [(READ, UnavailableError), (UPSERT, UnavailableError), (SEND, InDoubtError)],
    ids=REQUESTS,
)
OK = json_response("{}")
BROKEN = "Dotdigital's response cannot be read: it broke off, came too slowly or is too long"


def head(status: str, *headers: str) -> bytes:
    return "\r\n".join([f"HTTP/1.1 {status}", *headers, "", ""]).encode()


def body_in(encoding: str, content: bytes, *headers: str) -> bytes:
    return head("200 OK", f"Content-Encoding: {encoding}", f"Content-Length: {len(content)}", *headers) + content


CHUNKED = head("200 OK", "Transfer-Encoding: chunked")


def error_of(req: Request, *steps: Step) -> DotdigitalError:
    """The error of a request that goes out once for each step."""
    with WireServer(*steps) as wire:
        error = error_at(wire.url, req)
    assert len(wire.received) == len(steps)
    return error


def error_at(url: str, req: Request) -> DotdigitalError:
    with pytest.raises(DotdigitalError) as caught:
        transport_to(url).request(req).json()
    return caught.value


@contextmanager
def accepting(serve: Callable[[socket.socket], None]) -> Iterator[str]:
    """Take one connection, and read nothing of it but what `serve` does."""

    def accept() -> None:
        with listener.accept()[0] as connection:
            serve(connection)

    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=accept, daemon=True)
        thread.start()
        yield f"http://127.0.0.1:{listener.getsockname()[1]}"
        thread.join(5)


def authorization(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


USUAL = {
    "user-agent": "segment-dotdigital/0.1.0",
    "accept": "application/json",
    "accept-encoding": "gzip, deflate",
    "connection": "keep-alive",
    "authorization": authorization("apiuser", "password"),
}
JSON = {"content-type": "application/json"}
MERGE = Request("PATCH", "/x%2Fy", body={}, query={"merge-option": "overwrite", "a b": "&"})


@pytest.mark.parametrize(
    ("req", "line", "body", "headers"),
    [
        (READ, "GET /contacts/v3/email/jane%40example.com", b"", {}),
        (Request("DELETE", "/v2/x"), "DELETE /v2/x", b"", {"content-length": "0"}),
        (SEND, "POST /v2/email", b'{"Subject": "Hi"}', JSON | {"content-length": "17"}),
        (MERGE, "PATCH /x%2Fy?merge-option=overwrite&a+b=%26", b"{}", JSON | {"content-length": "2"}),
    ],
)
def test_a_request_has_these_headers_and_no_others(
    req: Request, line: str, body: bytes, headers: dict[str, str]
) -> None:
    with WireServer(OK) as wire:
        assert transport_to(wire.url).request(req).json() == {}
    host = {"host": wire.url.removeprefix("http://")}
    assert wire.received == [(0, f"{line} HTTP/1.1", USUAL | host | headers, body)]


@pytest.mark.parametrize(
    ("change", "header", "value"),
    [
        ({"username": "jürgen", "password": "pässwörd€"}, "authorization", authorization("jürgen", "pässwörd€")),
        ({"username": "名", "password": "パス:ワード"}, "authorization", authorization("名", "パス:ワード")),
        ({"integration_token": "b1946ac9"}, "x-ddg-integration-token", "b1946ac9"),
        ({"integration_token": "tökén"}, "x-ddg-integration-token", "tökén".encode().decode("latin-1")),
        ({"integration_token": ""}, "x-ddg-integration-token", None),
    ],
)
def test_credentials_of_any_characters_go_as_utf_8(change: dict[str, Any], header: str, value: str | None) -> None:
    with WireServer(OK) as wire:
        transport_to(wire.url, account=account_at(wire.url, **change)).request(READ)
    assert wire.received[0].headers.get(header) == value


@each_request
def test_a_token_that_no_header_holds_is_told_without_being_sent_or_shown(req: Request) -> None:
    with WireServer() as wire, pytest.raises(UnavailableError) as caught:
        transport_to(wire.url, account=account_at(wire.url, integration_token="hunter2\r\nX: y")).request(req)
    assert str(caught.value) == "no response came from Dotdigital (InvalidHeader)"


def test_a_body_is_its_json_and_has_left_once_it_is_asked_for() -> None:
    body = RequestBody({"name": "Zoë", "gone": None})
    assert (len(body), body.left) == (34, False)
    assert (b"".join(body), body.left) == (b'{"name": "Zo\\u00eb", "gone": null}', True)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@each_request
def test_a_number_that_json_does_not_have_is_rejected_and_nothing_is_sent(req: Request, number: float) -> None:
    error = error_of(req._replace(body={"dataFields": {"AGE": number}}))
    assert (type(error), str(error)) == (RejectedError, "a number must be finite to be sent")


@pytest.mark.parametrize(
    ("step", "status"),
    [
        (drop, None),
        (break_off(b"HTTP/1.1 20"), None),
        (break_off(b"garbage\r\n\r\n"), None),
        (break_off(b"HTTP/1.1 2xx OK\r\n\r\n"), None),
        (break_off(head("200 OK", *["X: y"] * 200)), None),
        (break_off(head("200 OK", "X: " + "y" * 70_000)), None),
        (break_off(head("200 OK", "Content-Length: 100") + b'{"id": 1}'), 200),
        (break_off(head("200 OK", "Content-Length: 100")), 200),
        (break_off(CHUNKED + b'9\r\n{"id": 1}\r\n'), 200),
        (break_off(CHUNKED + b'9\r\n{"id"'), 200),
        (break_off(CHUNKED + b"nonsense\r\n"), 200),
        (respond(body_in("gzip", b"this is not gzip")), 200),
        (respond(body_in("deflate", b"this is not deflate")), 200),
    ],
)
@kinds
def test_what_breaks_after_the_request_left_leaves_a_send_in_doubt(
    req: Request, kind: type[DotdigitalError], step: Step, status: int | None
) -> None:
    error = error_of(req, step)
    assert (type(error), error.status, error.code) == (kind, status, None)
    assert (error.description == BROKEN) is (status == 200)


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@kinds
def test_a_response_of_two_lengths_leaves_a_send_in_doubt(req: Request, kind: type[DotdigitalError]) -> None:
    assert type(error_of(req, break_off(head("200 OK", "Content-Length: 1, 2") + b"{}"))) is kind
    gc.collect()  # urllib3 leaves this response's socket open for the collector to find.


@kinds
def test_a_connection_that_is_dropped_unread_leaves_a_send_in_doubt(req: Request, kind: type[DotdigitalError]) -> None:
    # The client cannot know that nobody read what it wrote.
    with accepting(lambda connection: connection.sendall(b"")) as url:
        assert type(error_at(url, req)) is kind


@kinds
def test_a_break_on_a_connection_in_use_is_not_repeated(req: Request, kind: type[DotdigitalError]) -> None:
    with WireServer(OK, drop) as wire:
        transport = transport_to(wire.url)
        transport.request(READ)
        with pytest.raises(DotdigitalError) as caught:
            transport.request(req)
    assert caught.type is kind
    assert [(each.connection, each.line.split()[0]) for each in wire.received] == [(0, "GET"), (0, req.method)]


@each_request
def test_a_connection_that_was_closed_between_two_requests_is_made_again(req: Request) -> None:
    with WireServer(break_off(head("200 OK", "Content-Length: 2") + b"{}"), OK) as wire:
        transport = transport_to(wire.url)
        transport.request(READ)
        wire.wait_until_closed()
        assert transport.request(req).json() == {}
    assert [each.connection for each in wire.received] == [0, 1]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://127.0.0.1:1", "http://no-such-host.invalid"])
@each_request
def test_what_finds_nobody_was_not_sent(req: Request, url: str) -> None:
    error = error_at(url, req)
    assert (type(error), error.status) == (UnavailableError, None)
    assert error.description == "no response came from Dotdigital (ConnectionError)"


@pytest.mark.parametrize("content", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["drops", "speaks no TLS"])
@each_request
def test_a_handshake_that_fails_sent_nothing(req: Request, content: bytes) -> None:
    with accepting(lambda connection: connection.sendall(content)) as url:
        assert type(error_at(url.replace("http:", "https:"), req)) is UnavailableError


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tls") / "self-signed.pem"
    command = "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=x -addext subjectAltName=IP:127.0.0.1"
    subprocess.run([*command.split(), "-keyout", file, "-out", file], check=True, capture_output=True, timeout=300)
    return file


@each_request
def test_a_certificate_that_is_not_trusted_is_refused_before_anything_is_sent(req: Request, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    got: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            got.append(secure.recv(1000))

    with accepting(serve) as url:
        error = error_at(url.replace("http:", "https:"), req)
    assert (type(error), got) == (UnavailableError, [])
    assert error.description == "no response came from Dotdigital (SSLError)"


@pytest.mark.parametrize(
    ("step", "content"),
    [
        (respond(body_in("identity", b'{"id": 1}')), {"id": 1}),
        (respond(body_in("gzip", gzip.compress(b'{"id": 1}', mtime=0))), {"id": 1}),
        (respond(body_in("deflate", zlib.compress(b'{"id": 1}'))), {"id": 1}),
        (respond(body_in("unheard-of", b'{"id": 1}')), {"id": 1}),
        (respond(body_in("identity", b'\xef\xbb\xbf{"id": 1}')), {"id": 1}),
        (respond(body_in("identity", b'{"id": 1}', "Content-Type: text/html; charset=unheard-of")), {"id": 1}),
        (respond(body_in("identity", '{"id": 1}'.encode("utf-16"))), {"id": 1}),
        (respond(CHUNKED + b'4\r\n{"id\r\n5\r\n": 1}\r\n0\r\n\r\n'), {"id": 1}),
        (respond(head("200 OK", "Content-Length: 9", "X-Odd: caf\xe9") + b'{"id": 1}'), {"id": 1}),
        (respond(head("299 Odd", "Content-Length: 9") + b'{"id": 1}and more that was not announced'), {"id": 1}),
        (break_off(head("200 OK") + b'{"id": 1}'), {"id": 1}),
        (respond(head("204 No Content")), None),
        (respond(head("200 OK", "Content-Length: 0")), None),
    ],
)
@each_request
def test_a_whole_response_is_read_however_it_is_written(req: Request, step: Step, content: Any) -> None:
    with WireServer(step) as wire:
        assert transport_to(wire.url).request(req).json() == content


@pytest.mark.parametrize(
    ("statuses", "of_read", "of_send"),
    [
        ([400, 404], UnavailableError, UnavailableError),
        ([401, 403], CredentialsRefusedError, CredentialsRefusedError),
        ([429], LimitedError, LimitedError),
        ([302, 500], UnavailableError, InDoubtError),
    ],
)
def test_a_refusal_that_breaks_off_can_be_tried_again_for_its_code_is_unknown(
    statuses: list[int], of_read: type[DotdigitalError], of_send: type[DotdigitalError]
) -> None:
    for status in statuses:
        step = break_off(head(f"{status} No", "Content-Length: 100") + b'{"message": "Error: ERROR_CO')
        for req, kind in ((READ, of_read), (SEND, of_send)):
            error = error_of(req, step)
            assert (type(error), error.status, error.code) == (kind, status, None)


@pytest.mark.parametrize("status", ["100 Continue", "102 Processing", "103 Early Hints", "199 Odd"])
def test_an_interim_response_is_passed_over(status: str) -> None:
    final = json_response('{"contactId": 1}')

    def both(connection: socket.socket) -> None:
        connection.sendall(head(status))
        time.sleep(0.2)
        final(connection)

    with WireServer(both, json_response('{"contactId": 2}')) as wire:
        transport = transport_to(wire.url)
        assert [transport.request(req).json() for req in (SEND, READ)] == [{"contactId": 1}, {"contactId": 2}]
    assert [each.connection for each in wire.received] == [0, 0]


def test_a_switch_of_protocols_is_no_response_to_what_was_asked() -> None:
    error = error_of(SEND, respond(head("101 Switching Protocols", "Upgrade: other")))
    assert (type(error), error.status) == (InDoubtError, 101)


@pytest.mark.parametrize("first", ["200 OK", "204 No Content", "404 Not Found"])
@pytest.mark.parametrize("late", [0.0, 0.1])
def test_a_response_that_nobody_asked_for_is_never_taken_for_the_next(first: str, late: float) -> None:
    stray, stray_is_sent = head("200 OK", "Content-Length: 18") + b'{"contactId": 666}', threading.Event()

    def twice(connection: socket.socket) -> None:
        connection.sendall(head(first, "Content-Length: 0") + (b"" if late else stray))
        time.sleep(late)
        connection.sendall(stray if late else b"")
        stray_is_sent.set()

    with WireServer(twice, json_response('{"contactId": 1}')) as wire:
        transport = transport_to(wire.url)
        with suppress(RejectedError):
            transport.request(READ)
        assert stray_is_sent.wait(60)
        assert transport.request(READ).json() == {"contactId": 1}


@kinds
def test_a_body_of_16_mib_is_the_longest_that_is_read(req: Request, kind: type[DotdigitalError]) -> None:
    longest = json.dumps("x" * (MOST_BYTES - 2))
    with WireServer(json_response(longest)) as wire:
        assert transport_to(wire.url).request(req).json() == longest[1:-1]
    error = error_of(req, json_response(f"{longest} "))
    assert (type(error), error.description) == (kind, BROKEN)


def test_a_small_body_that_unpacks_without_end_is_not_unpacked() -> None:
    without_end = drip(head("200 OK", "Content-Encoding: gzip"), gzip.compress(bytes(1 << 22)), every=0)
    error = error_of(SEND, without_end)
    assert (type(error), error.description) == (InDoubtError, BROKEN)


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@pytest.mark.parametrize("location", [b"", b"%b/v2/email", b"http://[", b"\xff\xfe", b"//", b"http://\x00"])
@kinds
def test_a_redirect_is_not_followed_and_credentials_go_nowhere_else(
    req: Request, kind: type[DotdigitalError], location: bytes, status: int
) -> None:
    with WireServer() as elsewhere:
        to = location.replace(b"%b", elsewhere.url.encode())
        error = error_of(req, respond(b"HTTP/1.1 %d Moved\r\nLocation: %b\r\nContent-Length: 0\r\n\r\n" % (status, to)))
    assert (type(error), error.status, elsewhere.received) == (kind, status, [])


def test_a_cookie_is_not_sent_back() -> None:
    with WireServer(json_response("{}", "200 OK", "Set-Cookie: session=1; Path=/"), OK) as wire:
        transport = transport_to(wire.url)
        for _ in range(2):
            transport.request(READ)
    assert [each.headers.get("cookie") for each in wire.received] == [None, None]


def test_the_environment_names_no_proxy_and_no_credentials(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login netrc password netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with WireServer() as proxy, WireServer(OK) as wire:
        for scheme in ("http", "https", "all"):
            monkeypatch.setenv(f"{scheme}_proxy", proxy.url)
            monkeypatch.setenv(f"{scheme.upper()}_PROXY", proxy.url)
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        transport_to(wire.url).request(READ)
        assert type(error_at("https://127.0.0.1:1", READ)) is UnavailableError
    assert (wire.received[0].headers["authorization"], proxy.received) == (USUAL["authorization"], [])


@pytest.mark.parametrize(
    "content",
    [
        head("200 OK", "Content-Length: 2") + b"{}",
        head("200 OK", "Content-Length: 2", "no header") + b"{}",
        head("500 Oh", "Content-Length: 2", "Transfer-Encoding: chunked") + b"0\r\n\r\n",
        head("302 Found", "Location: /jane@example.com", "Content-Length: 0"),
        b"",
    ],
)
def test_no_line_is_logged_for_it_would_hold_the_path(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with WireServer(break_off(content)) as wire, suppress(DotdigitalError):
        transport_to(wire.url).request(READ)
    assert caplog.text == ""


def test_fifty_requests_take_one_connection() -> None:
    contents = [
        head("200 OK", "Content-Length: 2") + b"{}",
        CHUNKED + b"2\r\n{}\r\n0\r\n\r\n",
        head("204 No Content"),
        head("404 Not Found", "Content-Length: 2") + b"{}",
        head("500 Oh", "Content-Length: 0"),
    ]
    with WireServer(*[respond(content) for content in contents * 10]) as wire:
        transport = transport_to(wire.url)
        for req in (READ, SEND) * 25:
            with suppress(DotdigitalError):
                transport.request(req)
    assert [each.connection for each in wire.received] == [0] * 50


@pytest.mark.parametrize("status", ["503 Unavailable", "413 Too Large", "429 Too Many Requests"])
@each_request
def test_nothing_below_us_tries_again(req: Request, status: str) -> None:
    error_of(req, json_response("{}", status, "Retry-After: 0"))
