import base64
import socket
import threading
import time
import traceback
from contextlib import suppress
from typing import Any

import pytest

from dotdigital import Account, CredentialsRefusedError, DotdigitalError, UnavailableError
from dotdigital.http_messages import Request
from tests.support.dotdigital_server import Clock, DotdigitalServer, Sent, account_at, transport_to
from tests.support.wire_server import Step, WireServer, break_off, drop, json_answer

READ = Request("GET", "/v2/data-fields/")
SEND = Request("POST", "/v2/email", body={"Subject": "Hi"}, send=True)
calls = pytest.mark.parametrize("req", [READ, SEND], ids=["read", "send"])
OK = json_answer("{}")


def authorization(username: str, password: str) -> str:
    return "Basic " + base64.b64encode(f"{username}:{password}".encode()).decode()


USUAL = {
    "user-agent": "segment-dotdigital/0.1.0",
    "accept": "application/json",
    "accept-encoding": "gzip, deflate",
    "connection": "keep-alive",
    "authorization": authorization("apiuser", "password"),
}


@pytest.mark.parametrize(
    ("req", "line", "body", "headers"),
    [
        (READ, "GET /v2/data-fields/ HTTP/1.1", b"", {}),
        (Request("DELETE", "/v2/x"), "DELETE /v2/x HTTP/1.1", b"", {"content-length": "0"}),
        (
            SEND,
            "POST /v2/email HTTP/1.1",
            b'{"Subject": "Hi"}',
            {"content-length": "17", "content-type": "application/json"},
        ),
        (
            Request("PATCH", "/x%2Fy", body={}, query={"merge-option": "overwrite", "a b": "&"}),
            "PATCH /x%2Fy?merge-option=overwrite&a+b=%26 HTTP/1.1",
            b"{}",
            {"content-length": "2", "content-type": "application/json"},
        ),
    ],
)
def test_a_request_has_these_headers_and_no_others(
    req: Request, line: str, body: bytes, headers: dict[str, str]
) -> None:
    with WireServer(OK) as wire:
        assert transport_to(wire.url).request(req).json() == {}
    (request,) = wire.received
    host = {"host": wire.url.removeprefix("http://")}
    assert (request.line, request.headers, request.body) == (line, USUAL | host | headers, body)


@pytest.mark.parametrize(
    ("change", "header", "value"),
    [
        ({"username": "jürgen", "password": "pässwörd€"}, "authorization", authorization("jürgen", "pässwörd€")),
        ({"username": "名", "password": "パス:ワード"}, "authorization", authorization("名", "パス:ワード")),
        ({"integration_token": "b1946ac9"}, "x-ddg-integration-token", "b1946ac9"),
        ({"integration_token": "tökén"}, "x-ddg-integration-token", "tökén".encode().decode("latin-1")),
        ({"integration_token": ""}, "x-ddg-integration-token", None),
        ({"integration_token": None}, "x-ddg-integration-token", None),
    ],
)
def test_credentials_of_any_characters_go_as_utf_8(change: dict[str, Any], header: str, value: str | None) -> None:
    with WireServer(OK) as wire:
        transport_to(wire.url, account=account_at(wire.url, **change)).request(READ).json()
    assert wire.received[0].headers.get(header) == value


@calls
def test_a_token_that_no_header_holds_is_told_without_being_sent_or_shown(req: Request) -> None:
    with WireServer() as wire, pytest.raises(UnavailableError) as caught:
        transport_to(wire.url, account=account_at(wire.url, integration_token="hunter2\r\nX: y")).request(req).json()
    assert str(caught.value) == "no response came from Dotdigital (InvalidHeader)"


class Renewals:
    """Gives these accounts, one a renewal."""

    def __init__(self, *accounts: Account | None) -> None:
        self.left = list(accounts)

    def __call__(self) -> Account | None:
        return self.left.pop(0)


@pytest.mark.parametrize("status", [401, 403])
@calls
def test_a_refused_account_is_renewed_once_and_the_call_made_again(
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
        assert server.transport(account=account, renew=Renewals(account_at(server.url))).request(READ).json() == {
            "id": 1
        }


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
@calls
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
@calls
def test_no_call_starts_with_less_than_half_a_second(req: Request, left: float) -> None:
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


def test_a_renewal_that_takes_the_time_leaves_none_for_the_second_call(server: DotdigitalServer) -> None:
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


def test_connecting_and_reading_share_the_time_that_is_left() -> None:
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener:
        # With the queue full until then, the call connects by its third try, three seconds after the first.
        accepting = threading.Thread(target=answer_late, args=(listener,))
        with socket.create_connection(listener.getsockname()):
            accepting.start()
            transport = transport_to(f"http://127.0.0.1:{listener.getsockname()[1]}", monotonic=time.monotonic)
            transport.deadline = time.monotonic() + 3.5
            with pytest.raises(UnavailableError, match=r"ReadTimeout|ConnectTimeout"):
                transport.request(READ).json()
        accepting.join()


def answer_late(listener: socket.socket) -> None:
    """Let nobody connect for two seconds, and answer the second who connects three seconds after the request."""
    time.sleep(2)
    listener.settimeout(10)
    with suppress(OSError), listener.accept()[0], listener.accept()[0] as connection:
        connection.settimeout(3)
        connection.recv(10_000)
        with suppress(TimeoutError):
            connection.recv(1)
        OK(connection)


PERSONAL = Request(
    "POST",
    "/v2/sms-messages/send-to/447700900123",
    query={"email": "jane@example.com"},
    body={"message": "Dear Jane Doe", "email": "jane@example.com"},
    send=True,
)
SECRETS = ("api-user-7", "hunter2", "token-7", authorization("api-user-7", "hunter2")[6:], "jane", "Jane", "900123")


@pytest.mark.parametrize(
    "steps",
    [
        [drop],
        [break_off(b"HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n{")],
        [json_answer('{"message": "jane@example.com (447700900123) is bad"}', "400 Bad Request")],
        [
            json_answer("{}", "500 Oh"),
        ],
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
