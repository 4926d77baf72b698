"""A proxy before AWS that does what it is asked and loses the response: the caller cannot know that it was done."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import Any, Self

import pytest
import requests

_TARGETS = {"DYNAMODB": "DynamoDB_20120810.", "SQS": "AmazonSQS.", "SECRETS_MANAGER": "secretsmanager."}


class LossyProxy:
    """Loses the first `times` responses to operations whose X-Amz-Target begins so.

    500 comes in their place, after `meanwhile`. With `then_away` nothing that comes after the first is done.
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
                    self.respond(500, b"{}")
                    return
                response = requests.post(upstream, data=body, headers=headers, timeout=10)
                is_lost = self.headers["X-Amz-Target"].startswith(target) and proxy.lost < proxy.times
                proxy.lost += is_lost
                if is_lost:
                    meanwhile()
                self.respond(500 if is_lost else response.status_code, b"{}" if is_lost else response.content)

            def respond(self, status: int, content: bytes) -> None:
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

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(60)


Losing = Callable[..., AbstractContextManager[LossyProxy]]


@pytest.fixture
def losing(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Losing:
    """Put a proxy before a service of AWS for the clients made inside: `with losing("SQS", "SendMessage", 1):`."""

    @contextmanager
    def before(service: str, operation: str, *arguments: Any, **options: Any) -> Iterator[LossyProxy]:
        proxy = LossyProxy(moto_url, _TARGETS[service] + operation, *arguments, **options)
        with proxy, monkeypatch.context() as patch:
            patch.setenv(f"AWS_ENDPOINT_URL_{service}", proxy.url)
            yield proxy

    return before
