"""Where invocations come from: Segment, which posts events, and Lambda's event source mappings, which read queues."""

import heapq
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from itertools import count
from random import Random
from typing import Any, Final

from tests.faults.dispatcher import Dispatcher, Job
from tests.faults.machine import EVENTBRIDGE, QUEUES, WEBHOOK, Machine, Response
from tests.support.segment import partner_event, rest_event, signature, written

BATCH_SIZES: Final = {"add_contact_to_list": 1000, "enrol_contact": 250, WEBHOOK: 100, EVENTBRIDGE: 100}
GATHERED: Final = ("add_contact_to_list", "enrol_contact")
"""Functions whose messages are gathered for some seconds: their queues come last."""
_BATCH_SIZE: Final = 10
_OK: Final = 200
_UNAVAILABLE: Final = 503


@dataclass
class Segment:
    """What is still to be posted: what was not answered 200 is posted again, and a share `again` of what was.

    https://segment.com/docs/connections/destinations/#retries-between-segment-and-destinations
    `statuses` counts those of the responses, 0 for none.
    """

    machine: Machine
    random: Random
    again: float = 0.0
    statuses: dict[int, int] = field(default_factory=dict)
    _posts: list[tuple[float, int, Sequence[Mapping[str, Any]]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def plan(self, events: Sequence[Mapping[str, Any]], by_eventbridge: float = 0.0) -> None:
        """Take the events, in batches of 1 to 60, each batch for the webhook or for EventBridge's queue."""
        left = list(events)
        while left:
            size = self.random.randint(1, 60)
            batch, left = left[:size], left[size:]
            if self.random.random() < by_eventbridge:
                for event in batch:
                    self.machine.account.put(EVENTBRIDGE, partner_event(event) if "type" in event else event)
            else:
                self._post_at(0.0, batch)

    def next_job(self) -> Job | None:
        """The next batch that can be posted, signed by its first element."""
        if not self._posts or self._posts[0][0] > self.machine.moved:
            return None
        _, _, batch = heapq.heappop(self._posts)
        post = rest_event(batch, "/segment", headers={"X-Signature": signature(written(batch[0]))})
        return Job(WEBHOOK, post, lambda response: self._done(batch, response), seconds=30)

    @property
    def seconds_until_next(self) -> float | None:
        """In how many seconds the next batch can be posted."""
        return self._posts[0][0] - self.machine.moved if self._posts else None

    def _post_at(self, moved: float, batch: Sequence[Mapping[str, Any]]) -> None:
        heapq.heappush(self._posts, (moved, next(self._numbers), batch))

    def _done(self, batch: Sequence[Mapping[str, Any]], response: Response | None) -> None:
        status = int(response.content["statusCode"]) if response and response.content else 0
        assert status in (0, _OK, _UNAVAILABLE), f"segment_webhook answered {status}, after which Segment drops a batch"
        self.statuses[status] = self.statuses.get(status, 0) + 1
        if status != _OK:
            self._post_at(self.machine.moved + self.random.uniform(5, 300), batch)
        elif self.random.random() < self.again:
            self._post_at(self.machine.moved + self.random.choice([0.0, 10.0, 3000.0]), batch)


@dataclass(frozen=True)
class Disorder:
    """How often a message comes twice, and how often a batch is shuffled and cut short."""

    copied: float = 0.0
    shuffled: float = 0.0
    cut: float = 0.0


@dataclass
class EventSource:
    """The mappings of all queues: they hand over messages in batches, and delete what is done.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-scaling.html. Beside that they do what SQS may do: bring a
    message twice, at once or later, and out of order. `handled` tells when each (subscription, messageId) was worked
    on, start and end.
    """

    machine: Machine
    random: Random
    disorder: Disorder = field(default_factory=Disorder)
    batch_sizes: Mapping[str, int] = field(default_factory=lambda: BATCH_SIZES)
    handled: dict[tuple[str, str], list[tuple[int, int]]] = field(default_factory=dict)
    copies_made: int = 0
    _copies: list[tuple[float, int, str, dict[str, Any]]] = field(default_factory=list)
    _numbers: "count[int]" = field(default_factory=count)

    def next_batch(self) -> tuple[str, list[dict[str, Any]]] | None:
        """Give a queue and the records that its function is to get, out of any that has some; None where none has."""
        if self._copies and self._copies[0][0] <= self.machine.moved:
            _, _, queue, record = heapq.heappop(self._copies)
            return queue, [record]
        waiting = self.machine.aws.waiting()
        ready = [queue for queue in QUEUES if waiting[queue].visible]
        if not ready:
            return None
        queue = self.random.choice([queue for queue in ready if queue not in GATHERED] or ready)
        records = self._received(queue)
        for record in records:
            self._copy(queue, record)
        if self.random.random() < self.disorder.shuffled:
            self.random.shuffle(records)
        return (queue, records) if records else None

    def job(self, queue: str, records: list[dict[str, Any]], **trouble: Any) -> Job:
        """Make the invocation that brings these records; what is not to come again is deleted once it has responded."""
        started, reader = next(self._numbers), WEBHOOK if queue == EVENTBRIDGE else queue
        return Job(
            reader, {"Records": records}, lambda response: self._done(queue, records, response, started), **trouble
        )

    @property
    def backlog(self) -> int:
        """Messages that could be received now."""
        waiting = self.machine.aws.waiting()
        return sum(waiting[queue].visible for queue in QUEUES)

    @property
    def left(self) -> int:
        """Messages that are in a queue, visible or not."""
        waiting = self.machine.aws.waiting()
        return sum(waiting[queue].visible + waiting[queue].later for queue in QUEUES)

    @property
    def seconds_until_next(self) -> float | None:
        """In how many seconds something comes where nothing does now; None where nothing will."""
        waiting = self.machine.aws.waiting()
        waits = [waiting[queue].seconds for queue in QUEUES]
        waits += [copy[0] - self.machine.moved for copy in self._copies[:1]]
        return min((seconds for seconds in waits if seconds is not None), default=None)

    def _received(self, queue: str) -> list[dict[str, Any]]:
        most = self.batch_sizes.get(queue, _BATCH_SIZE)
        if self.random.random() < self.disorder.cut:
            most = self.random.randint(1, most)
        records: list[dict[str, Any]] = []
        while len(records) < most and (some := self.machine.account.receive(queue, most - len(records))):
            records += some
        return records

    def _copy(self, queue: str, record: dict[str, Any]) -> None:
        if self.random.random() < self.disorder.copied:
            later = self.random.choice([0.0, 0.0, 60.0, 1000.0, 5000.0])
            heapq.heappush(self._copies, (self.machine.moved + later, self.copies_made, queue, record))
            self.copies_made += 1

    def _done(self, queue: str, records: list[dict[str, Any]], response: Response | None, started: int) -> None:
        ended = next(self._numbers)
        for record in records if queue not in (WEBHOOK, EVENTBRIDGE) else ():
            said = json.loads(record["body"])
            key = (said["subscription"], said["event"]["messageId"])
            self.handled.setdefault(key, []).append((started, ended))
        if response is not None and response.content is not None:
            again = {failed["itemIdentifier"] for failed in response.content["batchItemFailures"]}
            done = [record["receiptHandle"] for record in records if record["messageId"] not in again]
            self.machine.account.delete(queue, done)


def run_down(machine: Machine, source: EventSource, dispatcher: Dispatcher) -> None:
    """Work on every message of every queue until none is left, visible or not, letting time pass where none comes."""
    while True:
        batch = source.next_batch() if dispatcher.is_free else None
        if batch:
            dispatcher.start(source.job(*batch))
        elif dispatcher.is_busy:
            dispatcher.turn()
        elif (seconds := source.seconds_until_next) is not None:
            machine.move_to(machine.moved + seconds)
        else:
            return
