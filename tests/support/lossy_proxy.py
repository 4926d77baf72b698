"""A proxy before AWS that does what it is asked and loses the answer: the caller cannot know that it was done."""

from collections.abc import Callable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import TracebackType
from typing import Any, Self

import requests


class LossyProxy:
    """Loses the first `times` answers to operations whose X-Amz-Target begins so.

    In place of an answer comes 500, after `meanwhile`. With `then_away` nothing that comes after the first is done.
    `times` can be changed.
    """

    def __init__(
        self,
        upstream: str,
        target: str,
        times: int,
        meanwhile: Callable[[], object] = lambda: None,
        *,
        then_away: bool = False,
    ) -> None:
        self.lost = 0
        self.times = times
        proxy = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                headers = {name: value for name, value in self.headers.items() if name.lower() != "host"}
                if then_away and proxy.lost:
                    self.answer(500, b"{}")
                    return
                answer = requests.post(upstream, data=body, headers=headers, timeout=10)
                is_lost = self.headers["X-Amz-Target"].startswith(target) and proxy.lost < proxy.times
                proxy.lost += is_lost
                if is_lost:
                    meanwhile()
                self.answer(500 if is_lost else answer.status_code, b"{}" if is_lost else answer.content)

            def answer(self, status: int, content: bytes) -> None:
                self.send_response(status)
                self.send_header("Content-Type", "application/x-amz-json-1.0")
                self.send_header("Content-Length", str(len(content)))
                self.end_headers()
                self.wfile.write(content)

            def log_message(self, format: str, *args: Any) -> None:
                return

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self._server.server_port}"
        self._thread = Thread(target=self._server.serve_forever, daemon=True)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()
