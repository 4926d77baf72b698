"""A TCP server that does what no HTTP library does: breaks off, hangs, drips, and drops connections."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from typing import BinaryIO, NamedTuple, Self

Step = Callable[[socket.socket], None]
"""What is done with a request, on its connection; raises `Dropped` to end the connection."""


class Dropped(Exception):
    """The step ends the connection."""


class Received(NamedTuple):
    """A request as it came over the wire. Connections count from 0."""

    connection: int
    line: str
    headers: dict[str, str]
    body: bytes


class WireServer:
    """Does one step of its script for each request, then `always`, and keeps the requests.

    On leaving the `with`, a step that was not used and a request without a step raise AssertionError.
    """

    def __init__(self, *steps: Step, always: Step | None = None) -> None:
        self.received: list[Received] = []
        self._connections: list[socket.socket] = []
        self._threads: list[threading.Thread] = []
        self._steps = list(steps)
        self._always = always
        self._unexpected: list[Received] = []
        self._lock = threading.Lock()
        self._listener = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._listener.getsockname()[1]}"

    def __enter__(self) -> Self:
        self._start(self._accept)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        for each in (self._listener, *self._connections):
            with suppress(OSError):
                each.shutdown(socket.SHUT_RDWR)
        for thread in self._threads:
            thread.join(5)
        if kind is None:
            assert not self._unexpected, f"without a step: {self._unexpected}"
            assert not self._steps, f"{len(self._steps)} steps were not used"

    def wait_until_closed(self) -> None:
        """Wait until the script has ended every connection made so far."""
        for thread in self._threads[1:]:
            thread.join(5)

    def _start(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args, daemon=True)
        self._threads.append(thread)
        thread.start()

    def _accept(self) -> None:
        with suppress(OSError), self._listener:
            while True:
                connection, _ = self._listener.accept()
                self._connections.append(connection)
                self._start(self._serve, connection, len(self._connections) - 1)

    def _serve(self, connection: socket.socket, number: int) -> None:
        with suppress(OSError, Dropped), connection, connection.makefile("rb") as stream:
            while request := _read(stream, number):
                self._next_step(request)(connection)

    def _next_step(self, request: Received) -> Step:
        with self._lock:
            self.received.append(request)
            if self._steps:
                return self._steps.pop(0)
            if not self._always:
                self._unexpected.append(request)
            return self._always or drop


def _read(stream: BinaryIO, connection: int) -> Received | None:
    line = stream.readline().decode("latin-1").rstrip("\r\n")
    headers: dict[str, str] = {}
    while header := stream.readline().decode("latin-1").rstrip("\r\n"):
        name, _, value = header.partition(": ")
        headers[name.lower()] = value
    body = stream.read(int(headers.get("content-length", 0)))
    return Received(connection, line, headers, body) if line else None


def respond(content: bytes) -> Step:
    """Send `content`, status line and all, and keep the connection."""
    return lambda connection: connection.sendall(content)


def json_response(body: str, status: str = "200 OK", *headers: str) -> Step:
    """Send a whole JSON response and keep the connection."""
    lines = [f"HTTP/1.1 {status}", "Content-Type: application/json", f"Content-Length: {len(body.encode())}", *headers]
    return respond("\r\n".join([*lines, "", body]).encode())


def break_off(content: bytes) -> Step:
    """Send `content` and end the connection, whole or not."""

    def step(connection: socket.socket) -> None:
        connection.sendall(content)
        raise Dropped

    return step


def drop(_: socket.socket) -> None:
    """Read the request and end the connection."""
    raise Dropped


def hang(connection: socket.socket) -> None:
    """Read the request and never respond, until the client goes away."""
    connection.recv(1)
    raise Dropped


def drip(head: bytes, drop_of: bytes, every: float) -> Step:
    """Send `head`, then `drop_of` again and again, as long as the client listens, but for a minute at most."""

    def step(connection: socket.socket) -> None:
        connection.sendall(head)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            time.sleep(every)
            connection.sendall(drop_of)
        raise Dropped

    return step
