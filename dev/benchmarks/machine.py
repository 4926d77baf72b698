"""The machine that is measured: the functions in this process, Dotdigital's sandbox and AWS's stand-in in theirs.

Events are those of events/, of other people: 1,100 to 1,400 bytes each.
"""

import hashlib
import hmac
import json
import os
import resource
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack, redirect_stdout
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Self

import requests

from dev import PROJECT, SUBSCRIPTIONS_FILE
from dev.sandbox.server import PASSWORD, USERNAME

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]
UPSERT: Final = "add_contact_to_list"
_SHARED_SECRET: Final = "local-shared-secret"
_ENVIRONMENT: Final = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "DOTDIGITAL_SECRET_ID": "segment-dotdigital",
    "SUBSCRIPTIONS_PATH": str(SUBSCRIPTIONS_FILE),
    "QUEUE_PREFIX": "stack-",
    "SENDS_TABLE": "sends",
    "POWERTOOLS_SERVICE_NAME": "segment-dotdigital",
    "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
}
_NO_ALLOWANCE: Final = json.dumps({"enrolments_per_hour": 1_000_000})
_PAGE_BYTES: Final = os.sysconf("SC_PAGE_SIZE")


@dataclass(frozen=True)
class Row:
    """What was measured of one thing: figures by their name and unit, as they are printed and written as JSON."""

    what: str
    figures: Mapping[str, float]


class Context:
    """The part of Lambda's context that functions read."""

    function_name = "bench"

    def __init__(self, seconds: float) -> None:
        """Give the invocation that many seconds from now."""
        self._end = time.monotonic() + seconds

    def get_remaining_time_in_millis(self) -> int:
        """Return how many milliseconds are left."""
        return int((self._end - time.monotonic()) * 1000)


class Machine:
    """The servers, and the functions that use them in the environment of this process."""

    def __enter__(self) -> Self:
        """Start the servers."""
        self._handlers: dict[str, Handler] = {}
        self._stack = ExitStack()
        self._http = self._stack.enter_context(requests.Session())
        self._sandbox = self._start("dev.sandbox", "--limits", _NO_ALLOWANCE)
        self._aws = self._start("dev.benchmarks.stand_in")
        self._stack.callback(_restore, dict(os.environ))
        os.environ.update(_ENVIRONMENT, AWS_ENDPOINT_URL=self._aws, DOTDIGITAL_BASE_URL=self._sandbox)
        self._said = self._stack.enter_context(TemporaryFile("w", encoding="utf-8"))
        self._seen = 0
        return self

    def __exit__(self, *_: object) -> None:
        """End the servers."""
        self._stack.close()

    def start(self, function: str) -> Handler:
        """Start a function, unless it has started already."""
        with redirect_stdout(self._said):
            if function not in self._handlers:
                self._handlers[function] = import_module(f"{function}.app").handler
            return self._handlers[function]

    def invoke(self, function: str, event: Mapping[str, Any], seconds: float = 150) -> dict[str, Any]:
        """Run a function as Lambda does; what it prints, logs and metrics, is kept from the output."""
        handler = self.start(function)
        with redirect_stdout(self._said):
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
        """Return the environment that functions have here."""
        return dict(os.environ)

    @property
    def said_bytes(self) -> int:
        """Return how much the functions have printed: logs and metrics."""
        return self._said.tell()

    def take(self, action: str, most: int) -> list[dict[str, Any]]:
        """Take messages out of an action's queue."""
        query = {"queue": f"stack-{action}", "most": str(most)}
        records: list[dict[str, Any]] = self._http.get(f"{self._aws}/take", params=query, timeout=10).json()
        return [record | {"eventSourceARN": f"arn:aws:sqs:eu-west-1:123456789012:stack-{action}"} for record in records]

    def requests(self) -> list[str]:
        """Return the requests to Dotdigital since this was asked last, each as method and path."""
        query = {"since": str(self._seen)}
        made = self._http.get(f"{self._sandbox}/_sandbox/requests", params=query, timeout=30).json()
        self._seen += len(made)
        return [f"{each['method']} {each['path']}" for each in made]

    def _start(self, module: str, *options: str) -> str:
        """Start a server whose first line of output ends in its URL."""
        secret = {"region": "r1", "username": USERNAME, "password": PASSWORD, "sharedSecret": _SHARED_SECRET}
        environment = {**os.environ, "BENCH_SECRET": json.dumps(secret)}
        command = [sys.executable, "-m", module, *options]
        program = subprocess.Popen(command, stdout=subprocess.PIPE, text=True, cwd=PROJECT, env=environment)
        self._stack.enter_context(program)
        self._stack.callback(program.kill)
        assert program.stdout is not None
        return program.stdout.readline().split()[-1]


def resident_bytes() -> int:
    """Return how much memory this process holds now; where there is no /proc (macOS), the most that it ever held."""
    counts = Path("/proc/self/statm")
    if not counts.exists():
        return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return int(counts.read_text(encoding="ascii").split()[1]) * _PAGE_BYTES


def _restore(environment: dict[str, str]) -> None:
    os.environ.clear()
    os.environ.update(environment)


@cache
def sample(action: str = UPSERT) -> dict[str, Any]:
    """Read the track event of the action's file in events/; its name is that of the subscription that takes it."""
    file = PROJECT / f"events/{action}/api_gateway.json"
    content: dict[str, Any] = json.loads(json.loads(file.read_text(encoding="utf-8"))["body"])
    return content


def event(number: int, action: str = UPSERT) -> dict[str, Any]:
    """Make the action's event of the person with that number."""
    person = {"email": f"person-{number}@example.com", "phone": f"+4477{number % 100_000_000:08}"}
    properties = {**sample(action)["properties"], **person}
    return {**sample(action), "messageId": f"bench-{number}", "userId": f"user-{number}", "properties": properties}


def posted(events: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Make API Gateway's event for POST /segment with a batch; Segment signs its first element."""
    signature = hmac.new(_SHARED_SECRET.encode(), _written(events[0]), hashlib.sha1).hexdigest()
    return {
        "resource": "/segment",
        "path": "/segment",
        "httpMethod": "POST",
        "headers": {"Content-Type": "application/json", "X-Signature": signature},
        "requestContext": {"requestId": "request-1", "stage": "live"},
        "body": _written(events).decode(),
        "isBase64Encoded": False,
    }


def records(numbers: Sequence[int], action: str) -> list[dict[str, Any]]:
    """Make the messages that segment_webhook writes for these people's events, as Lambda brings them."""
    return [
        {
            "messageId": str(number),
            "receiptHandle": str(number),
            "body": json.dumps({"subscription": sample(action)["event"], "event": event(number, action)}),
            "attributes": {"SentTimestamp": "1763633108000", "ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:bench",
        }
        for number in numbers
    ]


def _written(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
