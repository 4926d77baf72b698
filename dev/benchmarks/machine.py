"""The machine that is measured: the functions in this process, Dotdigital's sandbox and AWS's stand-in in theirs.

Events are of about 1,000 bytes each.
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
from importlib import import_module
from pathlib import Path
from tempfile import TemporaryFile
from typing import Any, Final, Self

import requests

from dev import PROJECT
from dev.sandbox.server import PASSWORD, USERNAME

Handler = Callable[[Mapping[str, Any], Any], dict[str, Any]]
SUBSCRIPTIONS: Final = PROJECT / "layers/subscriptions/subscriptions.json"
UPSERT: Final = "add_contact_to_list"
SUBSCRIPTION_NAMES: Final = {
    UPSERT: "Add or Update Contact",
    "enrol_contact": "Enrol Contact to Program",
    "remove_contact_from_list": "Remove Contact from List",
    "send_email_campaign": "Send Email Campaign",
    "send_sms": "Send SMS",
    "send_transactional_sms": "Send Transactional SMS",
    "send_transactional_email": "Send Transactional Email",
}
_SHARED_SECRET: Final = "local-shared-secret"
_ENVIRONMENT: Final = {
    "AWS_DEFAULT_REGION": "eu-west-1",
    "AWS_ACCESS_KEY_ID": "test",
    "AWS_SECRET_ACCESS_KEY": "test",
    "AWS_EC2_METADATA_DISABLED": "true",
    "AWS_LAMBDA_FUNCTION_NAME": "bench",
    "DOTDIGITAL_SECRET_ID": "segment-dotdigital",
    "SUBSCRIPTIONS_PATH": str(SUBSCRIPTIONS),
    "QUEUE_PREFIX": "stack-",
    "SENDS_TABLE": "sends",
    "POWERTOOLS_SERVICE_NAME": "segment-dotdigital",
    "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
}
_NO_ALLOWANCE: Final = json.dumps({"enrolments_per_hour": 1_000_000})
_EVENT_BYTES: Final = 1_040
_PROPERTIES: Final[Mapping[str, Mapping[str, Any]]] = {
    "Add or Update Contact": {"listId": 301, "dataFields": {"FIRSTNAME": "Kim", "POINTS": 120}},
    "Remove Contact from List": {"listId": 301},
    "Enrol Contact to Program": {"programId": 501},
    "Send SMS": {"message": "Your order is on its way."},
    "Send Transactional SMS": {"message": "Your order is on its way.", "from": "Shop"},
    "Send Email Campaign": {"campaignId": 601},
    "Send Transactional Email": {
        "fromAddress": "shop@example.com",
        "subject": "Your order",
        "htmlContent": "<p>It is on its way.</p>",
        "plainTextContent": "It is on its way.",
    },
}
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


def event(number: int, subscription: str = SUBSCRIPTION_NAMES[UPSERT]) -> dict[str, Any]:
    """Make the event of one person that the subscription of that name takes."""
    person = {"email": f"person-{number}@example.com", "phone": f"+4477{number % 100_000_000:08}"}
    page = {"title": ""}
    made = {
        "type": "track",
        "event": subscription,
        "messageId": f"bench-{number}",
        "userId": f"user-{number}",
        "timestamp": "2026-11-20T10:05:07.833Z",
        "context": {"library": {"name": "analytics.js", "version": "next-1.77.0"}, "page": page},
        "integrations": {},
        "properties": {**person, **_PROPERTIES[subscription]},
    }
    page["title"] = "x" * max(0, _EVENT_BYTES - len(_written(made)))
    return made


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


def records(numbers: Sequence[int], subscription: str) -> list[dict[str, Any]]:
    """Make the messages that segment_webhook writes for these people's events, as Lambda brings them."""
    return [
        {
            "messageId": str(number),
            "receiptHandle": str(number),
            "body": json.dumps({"subscription": subscription, "event": event(number, subscription)}),
            "attributes": {"SentTimestamp": "1763633108000", "ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
            "eventSourceARN": "arn:aws:sqs:eu-west-1:123456789012:bench",
        }
        for number in numbers
    ]


def _written(content: Any) -> bytes:
    return json.dumps(content, separators=(",", ":"), ensure_ascii=False).encode()
