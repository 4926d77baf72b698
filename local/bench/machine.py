"""The machine that is measured: the functions in this process, Dotdigital's sandbox and AWS's stand-in in theirs."""

import importlib.util
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Self

import requests

from local.bench.resources import PROJECT, REGION, environment_of, queue_of, secret_of
from local.sandbox.server import PASSWORD, USERNAME

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]
_NO_ALLOWANCE: Final = json.dumps({"enrolments_per_hour": 1_000_000})
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


class Context:
    """The part of Lambda's context that functions read."""

    function_name = "bench"

    def __init__(self, seconds: float) -> None:
        """Give the invocation that many seconds from now."""
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Tell how many milliseconds are left."""
        return int((self._end - time.monotonic()) * 1000)


class Machine:
    """Servers and the functions that use them, in the environment of this process.

    Functions find the sandbox; `stand_in` is the URL of what stands in for Dotdigital where the sandbox is too slow.
    """

    def __enter__(self) -> Self:
        """Start the servers."""
        self._handlers: dict[str, Handler] = {}
        self._stack = ExitStack()
        self._http = self._stack.enter_context(requests.Session())
        self._sandbox = self._start("local.sandbox", "--limits", _NO_ALLOWANCE)
        self._aws = self._start("local.bench.aws_stand_in")
        self.stand_in = self._start("local.bench.dotdigital_stand_in")
        self._stack.callback(_restore, dict(os.environ))
        os.environ.update(environment_of(self._aws, self._sandbox))
        self._said = self._stack.enter_context(TemporaryFile("w", encoding="utf-8"))
        self._seen = 0
        self._connections: set[int] = set()
        return self

    def __exit__(self, *_: object) -> None:
        """End the servers."""
        self._stack.close()

    def invoke(self, function: str, event: Mapping[str, Any], seconds: float = 150) -> dict[str, Any]:
        """Run a function as Lambda does."""
        # The logs and metrics that functions print would be most of the output.
        with redirect_stdout(self._said):
            handler = self._handlers.get(function) or self._handlers.setdefault(function, _load(function))
            return handler(event, Context(seconds))

    def deliver(self, action: str, records: Sequence[Mapping[str, Any]]) -> None:
        """Bring messages to an action. Raises RuntimeError where it does not take all of them."""
        failed = self.invoke(action, {"Records": list(records)})["batchItemFailures"]
        if failed:
            raise RuntimeError(f"{action} did not deliver {len(failed)} of {len(records)} messages")

    def put(self, function: str, make: Callable[[], Handler]) -> None:
        """Let what `make` gives stand for a function from now on."""
        with redirect_stdout(self._said):  # where its logger finds it for good
            self._handlers[function] = make()

    @property
    def environment(self) -> dict[str, str]:
        """The environment that functions have here."""
        return dict(os.environ)

    @property
    def said_bytes(self) -> int:
        """How much the functions have printed: logs and metrics."""
        return self._said.tell()

    def take(self, action: str, most: int) -> list[dict[str, Any]]:
        """Take messages out of an action's queue."""
        query = {"queue": queue_of(action), "most": str(most)}
        records: list[dict[str, Any]] = self._http.get(f"{self._aws}/take", params=query, timeout=10).json()
        arn = f"arn:aws:sqs:{REGION}:123456789012:{queue_of(action)}"
        return [record | {"eventSourceARN": arn} for record in records]

    def calls(self) -> list[str]:
        """Give the calls to Dotdigital since this was asked last, each as method and path."""
        told = self._http.get(f"{self._sandbox}/_sandbox/requests", params={"since": str(self._seen)}, timeout=30)
        requests_made = told.json()
        self._seen += len(requests_made)
        self._connections |= {each["connection"] for each in requests_made}
        return [f"{each['method']} {each['path']}" for each in requests_made]

    def counted(self, *, stand_in: bool) -> tuple[int, int]:
        """Tell how many calls and how many connections the sandbox has had, or the stand-in."""
        if stand_in:
            calls, connections = self._http.get(f"{self.stand_in}/counted", timeout=10).json()
            return calls, connections
        self.calls()
        return self._seen, len(self._connections)

    def _start(self, module: str, *options: str) -> str:
        """Start a server whose first line of output ends in its URL."""
        environment = {**os.environ, "BENCH_SECRET": secret_of(USERNAME, PASSWORD)}
        command = [sys.executable, "-m", module, *options]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=environment)
        self._stack.enter_context(program)
        self._stack.callback(program.kill)
        assert program.stdout is not None
        return program.stdout.readline().split()[-1]


def resident_bytes() -> int:
    """Tell how much memory this process holds now; where there is no /proc (macOS), the most that it ever held."""
    counts = Path("/proc/self/statm")
    if not counts.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(counts.read_text(encoding="ascii").split()[1]) * _PAGE_BYTES


def _restore(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


def _load(function: str) -> Handler:
    path = PROJECT / "functions" / function / "app.py"
    specification = importlib.util.spec_from_file_location(f"bench_{function}", path)
    assert specification is not None
    assert specification.loader is not None
    module = importlib.util.module_from_spec(specification)
    specification.loader.exec_module(module)
    handler: Handler = module.handler
    return handler
