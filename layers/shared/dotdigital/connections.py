"""Connections whose time-out bounds all that is done under it, where urllib3's bounds each wait by itself.

A server that sends a byte now and then, or one interim answer after the other, would hold a call up for as long as it
likes, because no wait is long. Here each wait gets what is left. Looking a name up has no time-out at all, and each of
its addresses has one of its own, so connecting has a thread, which is given up when no time is left.

https://urllib3.readthedocs.io/en/stable/reference/urllib3.connection.html
"""

import io
import math
import socket
import threading
import time
from collections.abc import Callable
from functools import partial
from http import HTTPStatus
from http.client import HTTPResponse
from typing import Any, Final

from requests.adapters import HTTPAdapter
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError

_SECONDS_AN_ADDRESS: Final = 3.05


class BoundedAdapter(HTTPAdapter):
    """requests' adapter over such connections. The `total` of a call's `urllib3.util.Timeout` bounds the call."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools. https://requests.readthedocs.io/en/latest/api/#requests.adapters.HTTPAdapter.init_poolmanager."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


class _Reader(io.RawIOBase):
    """What comes in over a socket, until no time is left."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until
        self._stream = sock.makefile("rb", buffering=0)

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        left = _left(self._until)
        if left == 0:
            # A stream that never pauses is never waited for, so that no time-out of the socket ends it.
            raise TimeoutError("no time is left")
        self._sock.settimeout(left)
        return self._stream.readinto(buffer)

    def close(self) -> None:
        self._stream.close()
        super().close()


class _Answering:
    """A socket, as far as an answer asks for one."""

    def __init__(self, sock: socket.socket, until: float) -> None:
        self._sock = sock
        self._until = until

    def makefile(self, _mode: str) -> io.BufferedReader:
        return io.BufferedReader(_Reader(self._sock, self._until))


class _FinalResponse(HTTPResponse):
    """The answer after all interim ones: http.client passes over 100 Continue alone, not over 103 Early Hints.

    https://www.rfc-editor.org/rfc/rfc9110#section-15.2
    """

    def __init__(self, sock: socket.socket, *, until: float, method: str | None = None) -> None:
        super().__init__(_Answering(sock, until), method=method)  # type: ignore[arg-type]  # It asks for makefile alone.

    def begin(self) -> None:
        super().begin()
        while HTTPStatus.SWITCHING_PROTOCOLS < self.status < HTTPStatus.OK:
            self.headers = None  # type: ignore[assignment]  # That is how it knows that it has not begun.
            super().begin()


class _Attempt(threading.Thread):
    """An attempt to connect. What it connects after it was given up, it closes."""

    def __init__(self, connect: Callable[[], None], close: Callable[[], None]) -> None:
        super().__init__(name="connect", daemon=True)
        self._connect = connect
        self._close = close
        self._ending = threading.Lock()
        self._ended = self._given_up = False
        self._error: Exception | None = None

    def run(self) -> None:
        try:
            self._connect()
        except Exception as error:
            self._error = error
        with self._ending:
            self._ended = True
            if self._given_up:
                self._close()

    def wait(self, seconds: float | None) -> bool:
        """Tell whether it ended in time; if not, it is given up. Raises what it raised."""
        self.join(seconds)
        with self._ending:
            self._given_up = not self._ended
        if self._error:
            raise self._error
        return self._ended


class _Connection(HTTPConnection):
    """A connection whose `timeout` is what is left of the seconds that were set last."""

    _until: float

    @property
    def timeout(self) -> float | None:
        return _left(self._until)

    @timeout.setter
    def timeout(self, seconds: float | None) -> None:
        self._until = math.inf if seconds is None else time.monotonic() + seconds

    def connect(self) -> None:
        until, left = self._until, self.timeout
        self.timeout = _SECONDS_AN_ADDRESS if left is None else min(left, _SECONDS_AN_ADDRESS)
        attempt = _Attempt(super().connect, self.close)
        attempt.start()
        try:
            if not attempt.wait(left):
                raise ConnectTimeoutError(self, "not connected in time")
        finally:
            self._until = until

    def send(self, data: Any) -> None:
        if self.sock is not None:
            self.sock.settimeout(self.timeout)
        super().send(data)

    def getresponse(self) -> BaseHTTPResponse:  # type: ignore[override]  # as urllib3 does
        self.response_class = partial(_FinalResponse, until=self._until)  # type: ignore[assignment]  # It is called.
        return super().getresponse()


class _TlsConnection(_Connection, HTTPSConnection):
    """Such a connection over TLS."""


class _Pool(HTTPConnectionPool):
    """A pool of such connections."""

    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    """A pool of such connections over TLS."""

    ConnectionCls = _TlsConnection


def _left(until: float) -> float | None:
    return None if math.isinf(until) else max(0.0, until - time.monotonic())
