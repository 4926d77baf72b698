"""AWS in a process of its own: moto's server over real HTTP, on the run's clock, with faults before it.

moto itself lives on the moved clock. So the visibility that a function asks for, the count of receives and the redrive
policy are moto's own work, and the driver only asks when the next message can be received; it keeps no books of its own
that could be wrong in the same way as the code under test.

Only what the functions ask for fails; the event source mapping's ReceiveMessage and DeleteMessageBatch do not.
"""

import io
import json
import logging
import multiprocessing
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from multiprocessing.managers import BaseManager
from random import Random
from typing import TYPE_CHECKING, Any, Final, Literal

from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.sqs.models import Queue, sqs_backends
from werkzeug.serving import make_server

from tests.faults.clock import CLOCK
from tests.support.aws import REGION, STACK

StartResponse = Callable[..., Any]
Fault = Literal["throttled", "broken", "answer lost", "taken in part"]

PROCESSES: Final = multiprocessing.get_context("forkserver")
PROCESSES.set_forkserver_preload(["tests.faults.preloaded"])
SQS_WRITES: Final = ("AmazonSQS.SendMessageBatch", "AmazonSQS.ChangeMessageVisibilityBatch")
DYNAMODB: Final = "DynamoDB_20120810."
_THROTTLED: Final = {
    "AmazonSQS": "com.amazonaws.sqs#RequestThrottled",
    "DynamoDB_20120810": "com.amazonaws.dynamodb.v20120810#ProvisionedThroughputExceededException",
}


@dataclass
class FaultPlan:
    """How often a fault begins, how long it lasts, and what is down altogether.

    `share` of the requests begin a fault; it lasts for 1 to `longest` requests of the same kind, so that some outlast
    the retries of boto3 and some do not. What is `down` does nothing; what is `deaf` does all and answers nothing.
    DynamoDB answers after `slow` seconds. `forgetful` makes DynamoDB take every conditional write: with it the record
    of sends is worth nothing, and a run must fail.
    """

    seed: int = 0
    share: float = 0.0
    longest: int = 8
    down: tuple[str, ...] = ()
    deaf: tuple[str, ...] = ()
    slow: float = 0.0
    forgetful: bool = False


@dataclass(frozen=True)
class Waiting:
    """A queue's messages: how many can be received now, how many later, and in how many seconds the next of those."""

    visible: int
    later: int
    seconds: float | None


class FaultyAws:
    """moto's server with the faults of a plan before it.

    Requests come one at a time through it, because moto's own conditional writes are not safe against threads.
    """

    def __init__(self) -> None:
        logging.getLogger("werkzeug").setLevel(logging.ERROR)
        # moto counts all messages anew for every one that it takes or gives; without that, 1,000 waiting are no load.
        Queue.BASE_ATTRIBUTES = [name for name in Queue.BASE_ATTRIBUTES if not name.startswith("Approximate")]
        MotoRequestHandler.protocol_version = "HTTP/1.1"
        self._moto = DomainDispatcherApplication(create_backend_app)
        self._lock = threading.Lock()
        self._counts: dict[str, int] = {}
        self.follow(FaultPlan())
        self._server = make_server("127.0.0.1", 0, self._respond, threaded=True, request_handler=MotoRequestHandler)
        threading.Thread(target=self._server.serve_forever, daemon=True).start()
        CLOCK.start()

    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    def move_to(self, moved: float) -> None:
        """Let moto's clock stand `moved` seconds ahead of real time."""
        CLOCK.move_to(moved)

    def follow(self, plan: FaultPlan) -> None:
        """Fail by that plan from now on."""
        self._plan = plan
        self._random = Random(plan.seed)
        self._under_way: dict[str, tuple[Fault, int]] = {}

    def fault_counts(self) -> Mapping[str, int]:
        """How often each fault was used."""
        return self._counts

    def waiting(self) -> Mapping[str, Waiting]:
        """What every queue holds, by its name without the stack's."""
        now, queues = time.time() * 1000, sqs_backends[ACCOUNT][REGION].queues
        return {name.removeprefix(f"{STACK}-"): _waiting(queue, now) for name, queue in queues.items()}

    def _respond(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if target.startswith(DYNAMODB) and self._plan.slow:
            threading.Event().wait(self._plan.slow)  # real seconds: the clock of these processes only jumps
        with self._lock:
            fault = self._fault_of(target)
            if fault:
                name = f"{target.partition('.')[2] or target}: {fault}"
                self._counts[name] = self._counts.get(name, 0) + 1
            return self._respond_with(fault, target, environ, body, start_response)

    def _fault_of(self, target: str) -> Fault | None:
        if not target.startswith((DYNAMODB, *SQS_WRITES)):
            return None
        if self._plan.down and target.startswith(self._plan.down):
            return "broken"
        if self._plan.deaf and target.startswith(self._plan.deaf):
            return "answer lost"
        fault, left = self._under_way.pop(target, (None, 0))
        if fault is None and self._random.random() < self._plan.share:
            kinds: list[Fault] = ["throttled", "broken", "answer lost"]
            if target in SQS_WRITES:
                kinds.append("taken in part")
            fault, left = self._random.choice(kinds), self._random.randint(1, self._plan.longest)
        if fault and left > 1:
            self._under_way[target] = (fault, left - 1)
        return fault

    def _respond_with(
        self, fault: Fault | None, target: str, environ: dict[str, Any], body: bytes, start_response: StartResponse
    ) -> Iterable[bytes]:
        match fault:
            case "throttled":
                return _error(start_response, "400 Bad Request", _THROTTLED[target.partition(".")[0]])
            case "broken" | "answer lost":
                if fault == "answer lost":
                    b"".join(self._forward(environ, body, lambda *_: None))
                return _error(start_response, "500 Internal Server Error", "InternalServerError")
            case "taken in part":
                return self._partly(environ, body, start_response)
        if self._plan.forgetful and target.startswith(DYNAMODB):
            body = _without_condition(body)
        return self._forward(environ, body, start_response)

    def _forward(self, environ: dict[str, Any], body: bytes, start_response: StartResponse) -> Iterable[bytes]:
        forwarded = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        response: Iterable[bytes] = self._moto(forwarded, start_response)
        return response

    def _partly(self, environ: dict[str, Any], body: bytes, start_response: StartResponse) -> Iterable[bytes]:
        request = json.loads(body)
        entries = request["Entries"]
        missed = [entry for entry in entries if self._random.random() < 0.5] or entries[:1]
        taken = [entry for entry in entries if entry not in missed]
        response: dict[str, Any] = {"Successful": []}
        if taken:
            part = json.dumps({**request, "Entries": taken}).encode()
            response = json.loads(b"".join(self._forward(environ, part, lambda *_: None)))
        failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in missed]
        return _json(start_response, "200 OK", {**response, "Failed": [*response.get("Failed", ()), *failed]})


class _Manager(BaseManager):
    """Holds what is registered with it in a process of its own."""

    if TYPE_CHECKING:

        def aws(self) -> FaultyAws: ...


_Manager.register("aws", FaultyAws)


@contextmanager
def aws_process() -> Iterator[FaultyAws]:
    """Give AWS in a process of its own, which ends with the `with`."""
    with _Manager(ctx=PROCESSES) as manager:
        yield manager.aws()


def _waiting(queue: Any, now: float) -> Waiting:
    visible_at = [message.visible_at for message in list(queue._messages)]
    later = [each for each in visible_at if each >= now]
    # Whole milliseconds, and one more: moto shows a message only after its time.
    seconds = (min(later) - now) / 1000 + 0.002 if later else None
    return Waiting(len(visible_at) - len(later), len(later), seconds)


def _without_condition(body: bytes) -> bytes:
    request = json.loads(body)
    if request.pop("ConditionExpression", None):
        used = json.dumps({key: value for key, value in request.items() if key.endswith("Expression")})
        for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            kept = {name: value for name, value in request.pop(kind, {}).items() if name in used}
            request |= {kind: kept} if kept else {}
    return json.dumps(request).encode()


def _error(start_response: StartResponse, status: str, kind: str) -> Iterable[bytes]:
    return _json(start_response, status, {"__type": kind, "message": "a fault of the run"})


def _json(start_response: StartResponse, status: str, content: Mapping[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    start_response(status, [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(body)))])
    return [body]
