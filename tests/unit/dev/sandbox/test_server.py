"""The server: connections, many clients at once, stopping."""

import socket
import struct
from concurrent.futures import ThreadPoolExecutor

import pytest
import requests

from dev.sandbox.server import Sandbox


def test_connections_are_kept_alive_and_counted(sandbox: Sandbox) -> None:
    before = sandbox.connections
    auth = (sandbox.username, sandbox.password)
    with requests.Session() as session:
        session.auth = auth
        for path in ("/v2/programs", "/nothing", "/v2/email"):
            session.post(sandbox.url + path, json={}, timeout=10)
        told = session.get(f"{sandbox.url}/_sandbox/connections", timeout=10).json()
    assert (sandbox.connections - before, told) == (1, {"accepted": before + 1})
    requests.get(f"{sandbox.url}/v2/programs", auth=auth, timeout=10)
    assert sandbox.connections - before == 2
    sandbox.reset()


def test_many_clients_at_once_lose_nothing(sandbox: Sandbox) -> None:
    def client(number: int) -> None:
        with requests.Session() as session:
            session.auth = (sandbox.username, sandbox.password)
            for turn in range(10):
                address = f"c{number}-{turn}@example.com"
                body = {"identifiers": {"email": address}, "lists": [303]}
                url = f"{sandbox.url}/contacts/v3/email/{address}"
                assert session.patch(url, json=body, timeout=30).status_code == 201

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(client, range(8)))
    assert [entry.number for entry in sandbox.journal] == list(range(1, 241))
    assert len(sandbox.state.account.members(303)) == 80
    ids = {entry.details["contactId"] for entry in sandbox.journal}
    assert ids == set(range(1008, 1088))


def test_a_held_answer_does_not_hold_up_the_end() -> None:
    with Sandbox() as sandbox:
        sandbox.fail("delay", seconds=600)
        with pytest.raises(requests.ReadTimeout):
            requests.get(f"{sandbox.url}/v2/programs", timeout=0.1)


def test_the_port_is_free_after_the_end() -> None:
    with Sandbox() as sandbox:
        port = int(sandbox.url.rsplit(":", 1)[1])
    with Sandbox(port=port) as again:
        assert requests.get(f"{again.url}/_sandbox/journal", timeout=10).json() == []


def test_a_taken_port_is_an_error() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="in use"):
        Sandbox(port=taken.getsockname()[1])


def test_a_client_that_goes_away_in_the_middle_of_its_request_asked_nothing(
    sandbox: Sandbox, caplog: pytest.LogCaptureFixture
) -> None:
    host, port = sandbox.url.removeprefix("http://").split(":")
    with socket.create_connection((host, int(port))) as client:
        client.sendall(b"PUT /contacts/v3/import HTTP/1.1\r\nHost: sandbox\r\nContent-Length: 100\r\n\r\n{")
        client.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    requests.get(f"{sandbox.url}/_sandbox/journal", timeout=5).raise_for_status()
    assert (sandbox.requests, caplog.records) == ((), [])
