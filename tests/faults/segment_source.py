"""Segment: posts events in batches, posts again what was not answered 200, and sometimes what was.

Some events come by EventBridge instead, in the queue that it fills.
https://segment.com/docs/connections/destinations/#retries-between-segment-and-destinations
"""

import heapq
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.faults.dispatcher import Job
from tests.faults.machine import Machine
from tests.faults.resources import EVENTBRIDGE, WEBHOOK, queue_of
from tests.faults.worker import Answer
from tests.support.segment import partner_event, rest_event, signature, written

_OK = 200
_UNAVAILABLE = 503


def post_of(batch: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The request that brings a batch, whose first element is what Segment signs."""
    headers = {"Content-Type": "application/json", "X-Signature": signature(written(batch[0]))}
    return rest_event(batch, "/segment", headers=headers)


@dataclass
class Segment:
    """What is still to be posted. `answers` counts the statuses, 0 for none."""

    machine: Machine
    random: Random
    again: float = 0.0
    answers: dict[int, int] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        """Start with nothing to post."""
        self._posts: list[tuple[float, int, Sequence[Mapping[str, Any]]]] = []
        self._numbered = 0

    def plan(self, events: Sequence[Mapping[str, Any]], by_eventbridge: float = 0.0) -> None:
        """Take the events, in batches of 1 to 60, each batch for the webhook or for EventBridge."""
        left = list(events)
        while left:
            size = self.random.randint(1, 60)
            batch, left = left[:size], left[size:]
            if self.random.random() < by_eventbridge:
                self._put(batch)
            else:
                self._post_at(0.0, batch)

    def next_job(self) -> Job | None:
        """The next batch that is due."""
        if not self._posts or self._posts[0][0] > self.machine.moved:
            return None
        _, _, batch = heapq.heappop(self._posts)
        return Job(WEBHOOK, post_of(batch), lambda answer: self._done(batch, answer), seconds=30)

    @property
    def seconds_until_next(self) -> float | None:
        """In how many seconds the next batch is due."""
        return self._posts[0][0] - self.machine.moved if self._posts else None

    def _put(self, batch: Sequence[Mapping[str, Any]]) -> None:
        url = self.machine.sqs.get_queue_url(QueueName=queue_of(EVENTBRIDGE))["QueueUrl"]
        for event in batch:
            body = json.dumps(partner_event(event) if "type" in event else event)
            self.machine.sqs.send_message(QueueUrl=url, MessageBody=body)

    def _post_at(self, moved: float, batch: Sequence[Mapping[str, Any]]) -> None:
        self._numbered += 1
        heapq.heappush(self._posts, (moved, self._numbered, batch))

    def _done(self, batch: Sequence[Mapping[str, Any]], answer: Answer | None) -> None:
        status = 0
        if answer and answer.content:
            status = int(answer.content["statusCode"])
        if answer and answer.error:
            self.errors.append(answer.error)
        assert status in (0, _OK, _UNAVAILABLE), f"segment_webhook answered {status}, after which Segment drops a batch"
        self.answers[status] = self.answers.get(status, 0) + 1
        if status != _OK:
            self._post_at(self.machine.moved + self.random.uniform(5, 300), batch)
        elif self.random.random() < self.again:
            self._post_at(self.machine.moved + self.random.choice([0.0, 10.0, 3000.0]), batch)
