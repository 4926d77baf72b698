import gc
import socket
import ssl
import subprocess
import threading
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, suppress
from pathlib import Path

import pytest

from dotdigital import DotdigitalError, InDoubtError, RejectedError, UnavailableError
from dotdigital.connections import RequestBody
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import transport_to
from tests.support.wire_server import Step, WireServer, break_off, drop, json_answer

UPSERT = Request("PATCH", "/contacts/v3/email/x", body={"identifiers": {}})
SEND = Request("POST", "/v2/email", body={"Subject": "Grüße"}, send=True)
READ = Request("GET", "/v2/data-fields/")
kinds = pytest.mark.parametrize(
    ("req", "kind"),
    [(READ, UnavailableError), (UPSERT, UnavailableError), (SEND, InDoubtError)],
    ids=["read", "upsert", "send"],
)
every_call = pytest.mark.parametrize("req", [READ, UPSERT, SEND], ids=["read", "upsert", "send"])


def test_a_body_is_its_json_and_has_left_once_it_is_asked_for() -> None:
    body = RequestBody({"name": "Zoë", "gone": None})
    assert (len(body), body.left) == (34, False)
    assert (b"".join(body), body.left) == (b'{"name": "Zo\\u00eb", "gone": null}', True)


@pytest.mark.parametrize("number", [float("nan"), float("inf"), float("-inf")])
@pytest.mark.parametrize("send", [True, False])
def test_a_number_that_json_does_not_have_is_rejected_and_nothing_is_sent(number: float, send: bool) -> None:
    with WireServer() as wire, pytest.raises(RejectedError) as caught:
        transport_to(wire.url).request(
            Request("PATCH", "/contacts", body={"dataFields": {"AGE": number}}, send=send)
        ).json()
    assert str(caught.value) == "a number must be finite to be sent"
    assert wire.received == []


@pytest.mark.parametrize(
    "step",
    [
        drop,
        break_off(b"HTTP/1.1 20"),
        break_off(b"garbage\r\n\r\n"),
        break_off(b"HTTP/1.1 2xx OK\r\n\r\n"),
        break_off(b"HTTP/1.1 200 OK\r\n" + b"X: y\r\n" * 200 + b"\r\n"),
        break_off(b"HTTP/1.1 200 OK\r\nX: " + b"y" * 70_000 + b"\r\n\r\n"),
    ],
    ids=["nothing", "half a status", "no HTTP", "no status", "headers", "long header"],
)
@kinds
def test_what_breaks_after_the_request_left_leaves_a_send_in_doubt(
    req: Request, kind: type[DotdigitalError], step: Step
) -> None:
    with WireServer(step) as wire, pytest.raises(kind) as caught:
        transport_to(wire.url).request(req).json()
    assert (caught.type, caught.value.status, caught.value.code) == (kind, None, None)
    assert len(wire.received) == 1


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")
@kinds
def test_an_answer_of_two_lengths_leaves_a_send_in_doubt(req: Request, kind: type[DotdigitalError]) -> None:
    with WireServer(break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 1, 2\r\n\r\n{}")) as wire:
        with pytest.raises(kind) as caught:
            transport_to(wire.url).request(req).json()
        assert caught.type is kind
    # urllib3 leaves this answer's socket open for the collector to find.
    del caught
    gc.collect()


@kinds
def test_a_connection_that_is_dropped_unread_leaves_a_send_in_doubt(req: Request, kind: type[DotdigitalError]) -> None:
    # The client cannot know that nobody read what it wrote.
    with greeting(b"") as url, pytest.raises(kind) as caught:
        transport_to(url).request(req).json()
    assert caught.type is kind


@kinds
def test_a_break_on_a_connection_in_use_is_not_repeated(req: Request, kind: type[DotdigitalError]) -> None:
    with WireServer(json_answer("{}"), drop) as wire:
        transport = transport_to(wire.url)
        transport.request(READ).json()
        with pytest.raises(kind) as caught:
            transport.request(req).json()
    assert caught.type is kind
    assert [(each.connection, each.line.split()[0]) for each in wire.received] == [(0, "GET"), (0, req.method)]


@every_call
def test_a_connection_that_was_closed_between_two_calls_is_made_again(req: Request) -> None:
    with WireServer(break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}"), json_answer("{}")) as wire:
        transport = transport_to(wire.url)
        transport.request(READ).json()
        wire.wait_until_closed()
        assert transport.request(req).json() == {}
    assert [each.connection for each in wire.received] == [0, 1]


@pytest.mark.parametrize("url", ["http://127.0.0.1:1", "https://127.0.0.1:1", "http://no-such-host.invalid"])
@every_call
def test_what_finds_nobody_was_not_sent(req: Request, url: str) -> None:
    with pytest.raises(UnavailableError, match=r"no response came from Dotdigital \(ConnectionError\)") as caught:
        transport_to(url).request(req).json()
    assert (caught.type, caught.value.status) == (UnavailableError, None)


@pytest.mark.parametrize("content", [b"", b"HTTP/1.1 400 Bad Request\r\n\r\n"], ids=["drops", "speaks no TLS"])
@every_call
def test_a_handshake_that_fails_sent_nothing(req: Request, content: bytes) -> None:
    with greeting(content) as url, pytest.raises(UnavailableError) as caught:
        transport_to(url.replace("http:", "https:")).request(req).json()
    assert caught.type is UnavailableError


@every_call
def test_a_handshake_that_is_never_answered_sent_nothing(req: Request) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        transport = transport_to(f"https://127.0.0.1:{listener.getsockname()[1]}")
        transport.deadline = transport.monotonic() + 0.6
        with pytest.raises(UnavailableError, match="no response came from Dotdigital") as caught:
            transport.request(req).json()
    assert caught.type is UnavailableError


@pytest.fixture(scope="module")
def certificate(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("tls") / "self-signed.pem"
    command = (
        "openssl req -x509 -newkey rsa:2048 -nodes -days 1 -subj /CN=127.0.0.1 -addext subjectAltName=IP:127.0.0.1"
    )
    subprocess.run([*command.split(), "-keyout", file, "-out", file], check=True, capture_output=True)
    return file


@every_call
def test_a_certificate_that_is_not_trusted_is_refused_before_anything_is_sent(req: Request, certificate: Path) -> None:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    got: list[bytes] = []

    def serve(connection: socket.socket) -> None:
        with suppress(OSError), context.wrap_socket(connection, server_side=True) as secure:
            got.append(secure.recv(1000))

    with (
        accepting(serve) as url,
        pytest.raises(UnavailableError, match=r"no response came from Dotdigital \(SSLError\)") as caught,
    ):
        transport_to(url.replace("http:", "https:")).request(req).json()
    assert (caught.type, got) == (UnavailableError, [])


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


def greeting(content: bytes) -> AbstractContextManager[str]:
    """Take one connection, send `content` unasked and end it."""
    return accepting(lambda connection: connection.sendall(content))
