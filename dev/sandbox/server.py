"""Starting the sandbox: as the work of a process, or in a thread of a test."""

import asyncio
import socket
import threading
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Final, Self

from aiohttp import web

from dev.sandbox.account import SEED
from dev.sandbox.app import make_app
from dev.sandbox.clock import Clock
from dev.sandbox.failures import Armed, Failure
from dev.sandbox.journal import Effect, RequestRecord
from dev.sandbox.limits import LimitRules
from dev.sandbox.state import Credentials, ImportRules, ImportStatus, State

USERNAME: Final = "apiuser-sandbox@example.com"
PASSWORD: Final = "sandbox-password"


def listen(host: str, port: int) -> socket.socket:
    """Bind a socket; port 0 chooses a free one. Raises OSError if the port is taken."""
    listener = socket.create_server((host, port), backlog=512)
    listener.setblocking(False)
    return listener


def url_of(listener: socket.socket) -> str:
    """Return the address under which the socket is reached."""
    host, port = listener.getsockname()[:2]
    return f"http://{host}:{port}"


@asynccontextmanager
async def serving(state: State, listener: socket.socket) -> AsyncIterator[None]:
    """Serve on the socket until the block ends; responses that are held back are given up then."""
    runner = web.AppRunner(make_app(state), access_log=None, shutdown_timeout=0.1)
    await runner.setup()
    serve = runner.server
    assert serve is not None

    def accepted() -> asyncio.Protocol:
        state.connections += 1
        return serve()

    server = await asyncio.get_running_loop().create_server(accepted, sock=listener)
    try:
        yield
    finally:
        server.close()
        await runner.cleanup()


class Sandbox:
    """The sandbox in a thread of this process, for tests: `with Sandbox() as sandbox: ...`.

    `url`, `username` and `password` are what a client needs. The rest reads and steers it
    directly, as the control API does from outside.
    """

    def __init__(
        self, *, clock: Clock | None = None, rules: LimitRules | None = None, seed: Path = SEED, port: int = 0
    ) -> None:
        """Prepare a sandbox with that clock, those limits and that seed file."""
        self.username, self.password = USERNAME, PASSWORD
        credentials = Credentials(USERNAME, PASSWORD)
        self.state = State(credentials, clock=clock or Clock(), rules=rules or LimitRules(), seed=seed)
        self._listener = listen("127.0.0.1", port)
        self.url = url_of(self._listener)
        self._loop = asyncio.new_event_loop()
        self._stop = asyncio.Event()
        self._started = threading.Event()
        self._thread = threading.Thread(target=self._run, name="sandbox", daemon=True)

    def __enter__(self) -> Self:
        """Start to serve."""
        self._thread.start()
        self._started.wait()
        return self

    def __exit__(self, *_: object) -> None:
        """Stop the server and wait for its thread."""
        self._loop.call_soon_threadsafe(self._stop.set)
        self._thread.join()

    def _run(self) -> None:
        with asyncio.Runner(loop_factory=lambda: self._loop) as runner:
            runner.run(self._serve())

    async def _serve(self) -> None:
        async with serving(self.state, self._listener):
            self._started.set()
            await self._stop.wait()

    @property
    def clock(self) -> Clock:
        """Return the sandbox's clock."""
        return self.state.clock

    @property
    def journal(self) -> tuple[Effect, ...]:
        """Return every effect since the start or the last reset, in order."""
        with self.state.lock:
            return tuple(self.state.journal.effects)

    @property
    def requests(self) -> tuple[RequestRecord, ...]:
        """Return every request to Dotdigital's routes since the start or the last reset, in order."""
        with self.state.lock:
            return tuple(self.state.journal.requests)

    @property
    def failures(self) -> tuple[Armed, ...]:
        """Return the armed failures, used or not."""
        with self.state.lock:
            return tuple(self.state.failures.armed)

    @property
    def connections(self) -> int:
        """Return how many TCP connections were accepted since the start; a reset keeps the count."""
        return self.state.connections

    def fail(self, action: str, **order: object) -> None:
        """Arm a failure; `order` holds the other fields of `Failure`, method and path as well.

        Example: `sandbox.fail("status", path="^/v2/email$", status=503, do_work=True)`.
        Raises `pydantic.ValidationError` for what `Failure` does not take.
        """
        match = {key: order.pop(key) for key in ("method", "path") if key in order}
        failure = Failure.model_validate({"action": action, "match": match, **order})
        with self.state.lock:
            self.state.failures.arm(failure)

    def limit(self, rules: LimitRules) -> None:
        """Put other limits in force; the counting starts anew."""
        self.state.set_limits(rules)

    def imports(self, *, polls: int = 0, status: ImportStatus = "Finished") -> None:
        """Say what becomes of the contact imports from now on: `polls` that find them unfinished, then `status`."""
        self.state.set_imports(ImportRules(polls=polls, status=status))

    def admit(self, username: str, password: str) -> None:
        """Let another user in, and the one before no longer."""
        self.state.credentials = Credentials(username, password)

    def reset(self) -> None:
        """Go back to the seed account, an empty journal, no failures and the first limits."""
        self.state.reset()
