"""The HTTP session under the client: one requests.Session, whose connections bound all that is done under a time-out.

urllib3's time-out bounds each wait by itself. A server that sends a byte now and then, or one interim response after
the other, would hold a request up for as long as it likes, because no wait is long. Here each wait gets what is left.
Looking a name up has no time-out at all, and each of its addresses has one of its own, so connecting has a thread,
which is given up when no time is left.

https://requests.readthedocs.io/en/latest/user/advanced/#transport-adapters
https://urllib3.readthedocs.io/en/stable/reference/urllib3.connection.html
"""

import io
import json
import logging
import math
import socket
import threading
import time
from collections.abc import Callable, Iterator
from functools import partial
from http import HTTPStatus
from http.client import HTTPResponse
from http.cookiejar import DefaultCookiePolicy
from typing import Any, Final

import requests
from requests.adapters import HTTPAdapter
from requests.auth import HTTPBasicAuth
from urllib3 import BaseHTTPResponse, HTTPConnectionPool, HTTPSConnectionPool
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import ConnectTimeoutError, HTTPError
from urllib3.util import Timeout

from dotdigital.account import Account
from dotdigital.error_responses import error_of_silence
from dotdigital.errors import RejectedError
from dotdigital.http_messages import Request, Response
from dotdigital.json_text import well_formed

# Its lines hold paths, and so addresses and numbers.
logging.getLogger("urllib3").setLevel(logging.ERROR)

MOST_BYTES: Final = 16 * 1024 * 1024
_CHUNK: Final = 65_536
_SECONDS_PER_ADDRESS: Final = 3.05
_HEADERS: Final = {
    "User-Agent": "segment-dotdigital/0.1.0",
    "Accept": "application/json",
    "Accept-Encoding": "gzip, deflate",
    "Connection": "keep-alive",
}
_encode: Final = json.JSONEncoder(allow_nan=False).encode  # json.dumps would make one for each body


class HttpSession(requests.Session):
    """A session that reads no environment, keeps no cookies and follows no redirect. Threads may share it."""

    def __init__(self) -> None:
        """Open nothing yet: the first request connects."""
        super().__init__()
        self.trust_env = False
        self.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
        self.headers.update(_HEADERS)
        for scheme in ("https://", "http://"):
            self.mount(scheme, _BoundedAdapter())

    def get_redirect_target(self, _response: requests.Response) -> None:
        """Name no target: requests would read the one of a redirect that is not followed, too."""

    def exchange(self, request: Request, account: Account, seconds: float) -> Response:
        """Make `request` as the API user of `account`, in at most `seconds`, and read the response.

        Raises UnavailableError where no response came, InDoubtError where none came to a send that had left.
        """
        headers: dict[str, str | bytes] = {} if request.body is None else {"Content-Type": "application/json"}
        if account.integration_token:
            headers["x-ddg-integration-token"] = account.integration_token.encode()
        body = None if request.body is None else RequestBody(request.body)
        timeout: Any = Timeout(total=seconds)  # requests takes urllib3's own, which its stubs do not know.
        try:
            with self.request(
                request.method,
                account.base_url + request.path,
                params=request.query,
                data=body,
                headers=headers,
                auth=HTTPBasicAuth(account.username.encode(), account.password.encode()),
                timeout=timeout,
                allow_redirects=False,
                stream=True,
            ) as response:
                return Response(response.status_code, response.headers, _read_body(response), send=request.send)
        except (OSError, HTTPError) as error:
            may_have_happened = request.send and (body is None or body.left)
            raise error_of_silence(error, in_doubt=may_have_happened) from None


class RequestBody:
    """A JSON body that knows whether it left: after a break only what had left is in doubt.

    A connection asks for the bytes once it is made, TLS and all, and the headers are sent. Until then Dotdigital cannot
    have done what the request asks for, whatever breaks.
    """

    def __init__(self, value: Any) -> None:
        """Write `value` as JSON. Raises RejectedError for what JSON has no word for: NaN and infinity."""
        try:
            written = _encode(value)
        except ValueError:
            raise RejectedError("a number must be finite to be sent") from None
        if r"\ud" in written:  # an emoji, or half of one that a mapping cut
            written = _encode(well_formed(value))
        self._content = written.encode()
        self.left = False

    def __len__(self) -> int:
        """Return the number of bytes, for Content-Length."""
        return len(self._content)

    def __iter__(self) -> Iterator[bytes]:
        """Yield the bytes to the connection."""
        self.left = True
        yield self._content


class _BoundedAdapter(HTTPAdapter):
    """An adapter whose connections hold to the `total` of an `urllib3.util.Timeout`."""

    def init_poolmanager(self, *arguments: Any, **named: Any) -> None:
        """Make the pools. https://requests.readthedocs.io/en/latest/api/#requests.adapters.HTTPAdapter.init_poolmanager."""
        super().init_poolmanager(*arguments, **named)
        self.poolmanager.pool_classes_by_scheme = {"http": _Pool, "https": _TlsPool}


def _read_body(response: requests.Response) -> bytes | None:
    """Read the body, None where it breaks off: a 4xx keeps its status, and says no whatever its words were."""
    if response.status_code < HTTPStatus.OK:
        # The final response is still to come, and must not be taken for that of the next request.
        return None
    body = bytearray()
    try:
        for chunk in response.iter_content(_CHUNK):
            body += chunk
            if len(body) > MOST_BYTES:
                return None
    except (OSError, HTTPError):
        return None
    return bytes(body)


class _Reader(io.RawIOBase):
    """What comes in over a socket, until no time is left."""

    def __init__(self, sock: socket.socket, stream: io.RawIOBase, until: float) -> None:
        self._sock = sock
        self._stream = stream
        self._until = until

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


class _FinalResponse(HTTPResponse):
    """The response after all interim ones: http.client passes over 100 Continue alone, not over 103 Early Hints.

    https://www.rfc-editor.org/rfc/rfc9110#section-15.2
    """

    def __init__(self, sock: socket.socket, *, until: float, method: str | None = None) -> None:
        super().__init__(sock, method=method)
        self.fp = io.BufferedReader(_Reader(sock, self.fp.detach(), until))

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
        self.timeout = _SECONDS_PER_ADDRESS if left is None else min(left, _SECONDS_PER_ADDRESS)
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
    pass


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TlsPool(HTTPSConnectionPool):
    ConnectionCls = _TlsConnection


def _left(until: float) -> float | None:
    return None if math.isinf(until) else max(0.0, until - time.monotonic())
