import logging
from contextlib import suppress
from pathlib import Path

import pytest

from dotdigital import DotdigitalError, InDoubtError, UnavailableError
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import DotdigitalServer, transport_to
from tests.support.wire_server import WireServer, answer, break_off, json_answer

READ = Request("GET", "/contacts/v3/email/jane%40example.com")
SEND = Request("POST", "/v2/email", body={}, send=True)
kinds = pytest.mark.parametrize(("req", "kind"), [(READ, UnavailableError), (SEND, InDoubtError)], ids=["read", "send"])


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
@kinds
def test_a_redirect_is_not_followed_and_credentials_go_nowhere_else(
    req: Request, kind: type[DotdigitalError], status: int
) -> None:
    with WireServer() as elsewhere:
        redirect = f"HTTP/1.1 {status} Moved\r\nLocation: {elsewhere.url}/v2/email\r\nContent-Length: 0\r\n\r\n"
        with WireServer(answer(redirect.encode())) as wire, pytest.raises(kind) as caught:
            transport_to(wire.url).request(req).json()
    assert (caught.type, caught.value.status) == (kind, status)
    assert (len(wire.received), elsewhere.received) == (1, [])


@pytest.mark.parametrize("location", [b"http://[", b"\xff\xfe", b"//", b"http://\x00", b""])
@kinds
def test_a_redirect_to_nowhere_is_a_redirect(req: Request, kind: type[DotdigitalError], location: bytes) -> None:
    redirect = b"HTTP/1.1 302 Found\r\nLocation: " + location + b"\r\nContent-Length: 0\r\n\r\n"
    with WireServer(answer(redirect)) as wire, pytest.raises(kind) as caught:
        transport_to(wire.url).request(req).json()
    assert (caught.type, caught.value.status) == (kind, 302)


def test_a_cookie_is_not_sent_back(server: DotdigitalServer) -> None:
    server.answers(200, {}, headers={"Set-Cookie": "session=1; Path=/"})
    server.answers(200, {})
    transport = server.transport()
    transport.request(READ).json()
    transport.request(READ).json()
    assert [request.headers.get("Cookie") for request in server.requests] == [None, None]


def test_the_environment_names_no_proxy_and_no_credentials(
    server: DotdigitalServer, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    netrc = tmp_path / "netrc"
    netrc.write_text("default login netrc password netrc\n")
    netrc.chmod(0o600)
    monkeypatch.setenv("NETRC", str(netrc))
    monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(tmp_path / "none.pem"))
    with WireServer() as proxy:
        for name in ("http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("no_proxy", raising=False)
        monkeypatch.delenv("NO_PROXY", raising=False)
        server.answers(200, {})
        server.transport().request(READ).json()
        with pytest.raises(UnavailableError):
            transport_to("https://127.0.0.1:1").request(READ).json()
    (request,) = server.requests
    assert request.authorization is not None
    assert (request.authorization.username, request.authorization.password) == ("apiuser", "password")
    assert proxy.received == []


@pytest.mark.parametrize(
    "content",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nno header\r\n\r\n{}",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 2\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
        b"HTTP/1.1 302 Found\r\nLocation: /jane@example.com\r\nContent-Length: 0\r\n\r\n",
        b"",
    ],
)
def test_no_line_is_logged_for_it_would_hold_the_path(content: bytes, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    with WireServer(break_off(content)) as wire, suppress(DotdigitalError):
        transport_to(wire.url).request(READ).json()
    assert caplog.text == ""


def test_fifty_calls_take_one_connection() -> None:
    contents = [
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        b"HTTP/1.1 204 No Content\r\n\r\n",
        b"HTTP/1.1 404 Not Found\r\nContent-Length: 2\r\n\r\n{}",
        b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n",
    ]
    with WireServer(*[answer(content) for content in contents * 10]) as wire:
        transport = transport_to(wire.url)
        for number in range(50):
            with suppress(DotdigitalError):
                transport.request((READ, SEND)[number % 2]).json()
    assert len(wire.received) == 50
    assert {each.connection for each in wire.received} == {0}


@pytest.mark.parametrize("status", ["503 Unavailable", "413 Too Large", "429 Too Many Requests"])
@pytest.mark.parametrize("req", [READ, SEND], ids=["read", "send"])
def test_nothing_below_us_tries_again(req: Request, status: str) -> None:
    with WireServer(json_answer("{}", status, "Retry-After: 0")) as wire, pytest.raises(DotdigitalError):
        transport_to(wire.url).request(req).json()
    assert len(wire.received) == 1
