"""Lambda's event source mappings: takes messages from every queue, hands them over in batches, deletes what is done.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html. Beside that it does what SQS may do: it brings
a message twice, at once or later, and out of order.
"""

import heapq
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, Final

from tests.faults.dispatcher import Job
from tests.faults.machine import Machine
from tests.faults.resources import ACTIONS, EVENTBRIDGE, REGION, WEBHOOK, queue_of
from tests.faults.worker import Answer

BATCH_SIZES: Final = {"add_contact_to_list": 1000, "enrol_contact": 250, WEBHOOK: 100, EVENTBRIDGE: 100}
GATHERED: Final = ("add_contact_to_list", "enrol_contact")
"""Functions whose messages are gathered for some seconds: their queues come last."""

_BATCH_SIZE: Final = 10
_MOST_RECEIVED: Final = 10


@dataclass(frozen=True)
class Disorder:
    """How often a message comes twice, and how often a batch is shuffled and cut short."""

    copied: float = 0.0
    shuffled: float = 0.0
    cut: float = 0.0


@dataclass
class EventSource:
    """The mappings of all queues. `handled` tells when each (subscription, messageId) was worked on, start and end."""

    machine: Machine
    random: Random
    disorder: Disorder = field(default_factory=Disorder)
    batch_sizes: Mapping[str, int] = field(default_factory=lambda: BATCH_SIZES)
    handled: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    copies_made: int = 0

    def __post_init__(self) -> None:
        """Find the queues."""
        sqs = self.machine.sqs
        names = {function: queue_of(function) for function in (*ACTIONS, WEBHOOK, EVENTBRIDGE)}
        self._urls = {function: sqs.get_queue_url(QueueName=name)["QueueUrl"] for function, name in names.items()}
        self._copies: list[tuple[float, int, str, dict[str, Any]]] = []
        self._numbers = count()

    def next_batch(self) -> tuple[str, list[dict[str, Any]]] | None:
        """Give a function and the records that it is to get, out of any queue that has some; None where none has."""
        if self._copies and self._copies[0][0] <= self.machine.moved:
            _, _, function, record = heapq.heappop(self._copies)
            return function, [record]
        waiting = self.machine.aws.waiting()
        ready = [function for function in self._urls if waiting[queue_of(function)].visible]
        if not ready:
            return None
        at_once = [function for function in ready if function not in GATHERED]
        function = self.random.choice(at_once or ready)
        records = self._received(function)
        for record in records:
            self._copy(function, record)
        if self.random.random() < self.disorder.shuffled:
            self.random.shuffle(records)
        return (function, records) if records else None

    def job(self, function: str, records: list[dict[str, Any]], **trouble: Any) -> Job:
        """Make the invocation that brings these records; what is not to come again is deleted when it has answered."""
        started = next(self._numbers)
        reader = WEBHOOK if function == EVENTBRIDGE else function
        return Job(
            reader, {"Records": records}, lambda answer: self._done(function, records, answer, started), **trouble
        )

    @property
    def backlog(self) -> int:
        """Messages that could be received now."""
        waiting = self.machine.aws.waiting()
        return sum(waiting[queue_of(function)].visible for function in self._urls)

    @property
    def left(self) -> int:
        """Messages that are in a queue, visible or not."""
        waiting = self.machine.aws.waiting()
        return sum(waiting[queue_of(function)].visible + waiting[queue_of(function)].later for function in self._urls)

    @property
    def seconds_until_next(self) -> float | None:
        """In how many seconds something comes where nothing does now; None where nothing will."""
        waiting = self.machine.aws.waiting()
        due = [waiting[queue_of(function)].seconds for function in self._urls]
        due += [copy[0] - self.machine.moved for copy in self._copies[:1]]
        return min((seconds for seconds in due if seconds is not None), default=None)

    def _received(self, function: str) -> list[dict[str, Any]]:
        most = self.batch_sizes.get(function, _BATCH_SIZE)
        if self.random.random() < self.disorder.cut:
            most = self.random.randint(1, most)
        records: list[dict[str, Any]] = []
        while len(records) < most:
            received = self.machine.sqs.receive_message(
                QueueUrl=self._urls[function],
                MaxNumberOfMessages=min(_MOST_RECEIVED, most - len(records)),
                AttributeNames=["All"],
                MessageAttributeNames=["All"],
            )
            if not received.get("Messages"):
                break
            records += [self._record(function, message) for message in received["Messages"]]
        return records

    def _record(self, function: str, message: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "messageId": message["MessageId"],
            "receiptHandle": message["ReceiptHandle"],
            "body": message["Body"],
            "attributes": message["Attributes"],
            "messageAttributes": {},
            "md5OfBody": message["MD5OfBody"],
            "eventSource": "aws:sqs",
            "eventSourceARN": self.machine.arn(queue_of(function)),
            "awsRegion": REGION,
        }

    def _copy(self, function: str, record: dict[str, Any]) -> None:
        if self.random.random() < self.disorder.copied:
            later = self.random.choice([0.0, 0.0, 60.0, 1000.0, 5000.0])
            heapq.heappush(self._copies, (self.machine.moved + later, self.copies_made, function, record))
            self.copies_made += 1

    def _done(self, function: str, records: list[dict[str, Any]], answer: Answer | None, started: int) -> None:
        ended = next(self._numbers)
        for record in records if function not in (WEBHOOK, EVENTBRIDGE) else ():
            said = json.loads(record["body"])
            key = (said["subscription"], said["event"]["messageId"])
            self.handled.setdefault(key, []).append((started, ended))
        if answer is None or answer.content is None:
            return
        again = {failed["itemIdentifier"] for failed in answer.content["batchItemFailures"]}
        done = [record["receiptHandle"] for record in records if record["messageId"] not in again]
        for first in range(0, len(done), _MOST_RECEIVED):
            entries = [{"Id": str(place), "ReceiptHandle": each} for place, each in enumerate(done[first : first + 10])]
            self.machine.sqs.delete_message_batch(QueueUrl=self._urls[function], Entries=entries)
