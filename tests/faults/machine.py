"""The machine of a run: sandbox, AWS and workers in their processes, all on one clock that the driver moves.

A worker holds the functions and runs one invocation at a time, as Lambda's environments do. What the functions write
to standard output, their logs, goes to a file that outlives it.
"""

import json
import os
import sys
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, closing, suppress
from dataclasses import dataclass
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Self

from dev import SUBSCRIPTIONS_FILE
from dev.sandbox.account import SEED
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from tests.faults.aws import PROCESSES, aws_process
from tests.faults.clock import CLOCK
from tests.support.aws import SECRET, Aws, credentials
from tests.support.functions import ACTIONS, Handler, load_handler, variables
from tests.support.sandbox import off_contract

WEBHOOK: Final = "segment_webhook"
EVENTBRIDGE: Final = "eventbridge"
"""The queue that EventBridge fills and segment_webhook reads."""
QUEUES: Final = (*ACTIONS, WEBHOOK, EVENTBRIDGE)
_LONGEST_SILENCE: Final = 300.0


@dataclass(frozen=True)
class Invocation:
    """What Lambda hands over: the function's name, its event, the seconds it has, and how far the clock is moved."""

    function: str
    event: Any
    seconds: float
    moved: float


@dataclass(frozen=True)
class Response:
    """What a function responded, or the error that it raised."""

    content: Mapping[str, Any] | None
    error: str | None = None


class _Context:
    """The part of Lambda's context that functions read."""

    def __init__(self, seconds: float) -> None:
        self._end = CLOCK.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        return max(0, int((self._end - CLOCK.monotonic()) * 1000))


def _serve(pipe: Connection, environment: Mapping[str, str], log: Path) -> None:
    """Run, in a worker's process, what comes through the pipe until it is closed."""
    descriptor = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for stream in (sys.stdout, sys.stderr):
        os.dup2(descriptor, stream.fileno())
    os.environ.update(environment)
    CLOCK.start()
    CLOCK.slept = lambda until: _moved_for_sleep(pipe, until)
    handlers: dict[str, Handler] = {}
    with suppress(EOFError):
        while True:
            pipe.send(_run(pipe.recv(), handlers))


def _run(invocation: Invocation, handlers: dict[str, Handler]) -> Response:
    CLOCK.move_to(invocation.moved)
    context, name = _Context(invocation.seconds), invocation.function
    try:
        handler = handlers.get(name) or handlers.setdefault(name, load_handler(name))
        return Response(handler(invocation.event, context))
    except Exception as error:
        return Response(None, repr(error))


def _moved_for_sleep(pipe: Connection, until: float) -> float:
    pipe.send(until)
    moved: float = pipe.recv()
    return moved


class Worker:
    """The driver's end of a worker, which can be killed in the middle of an invocation."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        """Start it; it takes invocations at once."""
        self._log = log
        self._read = 0
        self.pipe, its_end = PROCESSES.Pipe()
        self._process = PROCESSES.Process(target=_serve, args=(its_end, dict(environment), log), daemon=True)
        self._process.start()
        its_end.close()

    def start(self, invocation: Invocation) -> None:
        """Hand it an invocation; its response comes through `pipe`."""
        self.pipe.send(invocation)

    def written(self) -> str:
        """Give what the functions have written since this was asked last."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        self._read += len(text)
        return text.decode()

    def most_resident_bytes(self) -> int:
        """Tell how much memory it held at most (Linux only)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.kill()
        self._process.join(60)
        self.pipe.close()


class Machine:
    """Sandbox, AWS and workers. `moved` is how many seconds their clock is ahead of real time."""

    def __init__(
        self,
        folder: Path,
        *,
        seed: Path = SEED,
        subscriptions: Path = SUBSCRIPTIONS_FILE,
        rules: LimitRules | None = None,
    ) -> None:
        """Prepare it. `folder` takes the workers' logs."""
        self._folder = folder
        self._subscriptions = subscriptions
        self._stack = ExitStack()
        self._workers = 0
        self.moved = 0.0
        self.sandbox = Sandbox(seed=seed, rules=rules)

    def __enter__(self) -> Self:
        """Start the servers and make queues, table and secret."""
        self._stack.enter_context(self.sandbox)
        self.aws = self._stack.enter_context(aws_process())
        self._aws_url = self.aws.url()
        self.account = self._stack.enter_context(closing(Aws(self._aws_url)))
        self.account.make_queues(*QUEUES)
        self.account.make_sends_table()
        self.account.put_secret(SECRET)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End everything. Raises AssertionError for requests that Dotdigital's descriptions do not have."""
        self._stack.close()
        if kind is None:
            assert off_contract(self.sandbox.requests) == []

    def worker(self) -> Worker:
        """Start a worker."""
        self._workers += 1
        environment = {**credentials(self._aws_url), **variables(self.sandbox.url, self._subscriptions)}
        worker = Worker(environment, self._folder / f"worker-{self._workers}.log")
        self._stack.callback(worker.kill)
        return worker

    def move_to(self, moved: float) -> None:
        """Move everybody's time on; a time that has been reached is left as it is. Workers follow when they ask."""
        if moved > self.moved:
            self.sandbox.clock.advance(moved - self.moved)
            self.aws.move_to(moved)
            self.moved = moved

    def rotate_password(self, password: str) -> None:
        """Change the API user's password in Dotdigital and in the secret."""
        self.sandbox.admit(self.sandbox.username, password)
        self.account.put_secret(SECRET | {"password": password})

    def start(self, worker: Worker, function: str, event: Any, seconds: float = 150) -> None:
        """Hand a worker an invocation at the time that it is now."""
        worker.start(Invocation(function, event, seconds, self.moved))

    def heard(self, worker: Worker) -> Response | None:
        """Read what a worker says: its response, or None where it only wanted to sleep and time was moved for it.

        Raises AssertionError where it says nothing for so long that it hangs, however slow the machine.
        """
        is_heard = worker.pipe.poll(_LONGEST_SILENCE)
        assert is_heard, f"a function hangs: nothing came of it for {_LONGEST_SILENCE:.0f} seconds"
        said: Response | float = worker.pipe.recv()
        if isinstance(said, Response):
            return said
        self.move_to(said)
        worker.pipe.send(self.moved)
        return None

    def call(self, worker: Worker, function: str, event: Any, seconds: float = 150) -> Response:
        """Run one invocation to its end."""
        self.start(worker, function, event, seconds)
        while (response := self.heard(worker)) is None:
            pass
        return response

    def log_lines(self) -> Iterator[dict[str, Any]]:
        """What the functions logged as JSON, worker by worker. A line that a kill cut off is left out."""
        for log in sorted(self._folder.glob("worker-*.log")):
            for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
                with suppress(ValueError):
                    if isinstance(entry := json.loads(line), dict):
                        yield entry
