"""What goes wrong in AWS: a WSGI layer before moto that throttles, breaks, loses answers and takes parts of batches.

Requests come one at a time through it, because moto's own conditional writes are not safe against threads.
Only what the functions ask for fails; the event source mapping's ReceiveMessage and DeleteMessageBatch do not.
"""

import io
import json
import threading
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import Any, Final, Literal

Wsgi = Callable[[dict[str, Any], Callable[..., Any]], Iterable[bytes]]
Fault = Literal["throttled", "broken", "answer lost", "taken in part"]

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


@dataclass
class FaultyAws:
    """moto's application with the faults of a plan before it; `counts` tells how often each was used."""

    moto: Wsgi
    plan: FaultPlan = field(default_factory=FaultPlan)
    counts: dict[str, int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        """Start with no fault under way."""
        self._lock = threading.Lock()
        self.follow(self.plan)

    def follow(self, plan: FaultPlan) -> None:
        """Fail by another plan from now on."""
        self.plan = plan
        self._random = Random(plan.seed)
        self._under_way: dict[str, tuple[Fault, int]] = {}

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        target = str(environ.get("HTTP_X_AMZ_TARGET", ""))
        body = environ["wsgi.input"].read(int(environ.get("CONTENT_LENGTH") or 0))
        if target.startswith(DYNAMODB) and self.plan.slow:
            threading.Event().wait(self.plan.slow)  # real seconds: the clock of these processes only jumps
        with self._lock:
            fault = self._fault_of(target)
            if fault:
                name = f"{target.partition('.')[2] or target}: {fault}"
                self.counts[name] = self.counts.get(name, 0) + 1
            return self._answer(fault, target, environ, body, start_response)

    def _fault_of(self, target: str) -> Fault | None:
        if not target.startswith((DYNAMODB, *SQS_WRITES)):
            return None
        if self.plan.down and target.startswith(self.plan.down):
            return "broken"
        if self.plan.deaf and target.startswith(self.plan.deaf):
            return "answer lost"
        fault, left = self._under_way.pop(target, (None, 0))
        if fault is None and self._random.random() < self.plan.share:
            kinds: list[Fault] = ["throttled", "broken", "answer lost"]
            if target in SQS_WRITES:
                kinds.append("taken in part")
            fault, left = self._random.choice(kinds), self._random.randint(1, self.plan.longest)
        if fault and left > 1:
            self._under_way[target] = (fault, left - 1)
        return fault

    def _answer(
        self, fault: Fault | None, target: str, environ: dict[str, Any], body: bytes, start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        match fault:
            case "throttled":
                return _error(start_response, "400 Bad Request", _THROTTLED[target.partition(".")[0]])
            case "broken":
                return _error(start_response, "500 Internal Server Error", "InternalServerError")
            case "answer lost":
                b"".join(self._forward(environ, body, lambda *_: None))
                return _error(start_response, "500 Internal Server Error", "InternalServerError")
            case "taken in part":
                return self._partly(environ, body, start_response)
        if self.plan.forgetful and target.startswith(DYNAMODB):
            body = _without_condition(body)
        return self._forward(environ, body, start_response)

    def _forward(self, environ: dict[str, Any], body: bytes, start_response: Callable[..., Any]) -> Iterable[bytes]:
        forwarded = {**environ, "wsgi.input": io.BytesIO(body), "CONTENT_LENGTH": str(len(body))}
        return self.moto(forwarded, start_response)

    def _partly(self, environ: dict[str, Any], body: bytes, start_response: Callable[..., Any]) -> Iterable[bytes]:
        request = json.loads(body)
        entries = request["Entries"]
        missed = [entry for entry in entries if self._random.random() < 0.5] or entries[:1]
        taken = [entry for entry in entries if entry not in missed]
        answer: dict[str, Any] = {"Successful": []}
        if taken:
            part = json.dumps({**request, "Entries": taken}).encode()
            answer = json.loads(b"".join(self._forward(environ, part, lambda *_: None)))
        failed = [{"Id": entry["Id"], "Code": "InternalError", "SenderFault": False} for entry in missed]
        return _json(start_response, "200 OK", {**answer, "Failed": [*answer.get("Failed", ()), *failed]})


def _without_condition(body: bytes) -> bytes:
    request = json.loads(body)
    if request.pop("ConditionExpression", None):
        used = json.dumps({key: value for key, value in request.items() if key.endswith("Expression")})
        for kind in ("ExpressionAttributeNames", "ExpressionAttributeValues"):
            kept = {name: value for name, value in request.pop(kind, {}).items() if name in used}
            request |= {kind: kept} if kept else {}
    return json.dumps(request).encode()


def _error(start_response: Callable[..., Any], status: str, kind: str) -> Iterable[bytes]:
    return _json(start_response, status, {"__type": kind, "message": "a fault of the run"})


def _json(start_response: Callable[..., Any], status: str, content: Mapping[str, Any]) -> Iterable[bytes]:
    body = json.dumps(content).encode()
    headers = [("Content-Type", "application/x-amz-json-1.0"), ("Content-Length", str(len(body)))]
    start_response(status, headers)
    return [body]
