"""Reading a dead-letter queue to its end, without taking anything out of it.

SQS has no look without receiving. Each message that is read is hidden, so that the next call gives others, and is made
visible again when the queue has been read. Were the process killed before that, SQS makes it visible after `hold`.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from threading import Event, Lock
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError

from cli.operate import batches
from cli.operate.dead_letter import DeadLetter, read_dead_letter
from cli.operate.place import Place
from cli.operate.queues import DeadLetterQueue, Waiting
from cli.operate.together import together

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_LONGEST_HOLD: Final = 12 * 3600
_FEW: Final = 200
_THREADS: Final = 4

Work = Callable[[DeadLetterQueue, Sequence[DeadLetter]], Iterable[DeadLetter]]
"""What is done with up to 10 dead letters of a queue, in any thread; it gives those that it has deleted."""


class Reading:
    """One pass over one dead-letter queue, by several threads where it is long."""

    def __init__(self, place: Place, queue: DeadLetterQueue, waiting: Waiting, stop: Event) -> None:
        """Prepare to read `queue`, which SQS says holds about `waiting` messages, until its end or until `stop`."""
        self._place, self._queue, self._stop = place, queue, stop
        self._expected = waiting.messages
        self._threads = _THREADS if self._expected > _FEW else 1
        self._handles: dict[str, str] = {}  # by SQS's id; "" for what is deleted
        self._hidden: list[str] = []
        self._lock = Lock()
        self._kept_hidden = 0

    @property
    def hold(self) -> int:
        """Seconds for which a message that is read is hidden at most: enough to read 100 a second."""
        return min(60 + self._expected // 100, _LONGEST_HOLD)

    @property
    def notes(self) -> list[str]:
        """What a person must know of this pass, if anything."""
        action, seen = self._queue.action, len(self._handles)
        notes = []
        if seen < self._expected and not self._stop.is_set():
            notes.append(
                f"{action}: saw {seen:,} of about {self._expected:,} dead letters; the others may be hidden by another "
                "reader just now. Try again later."
            )
        if self._kept_hidden:
            notes.append(f"{action}: {self._kept_hidden:,} dead letters stay hidden for up to {self.hold} seconds.")
        return notes

    def run(self, work: Work) -> None:
        """Hand every dead letter to `work` once, then make visible again what it did not delete."""
        try:
            together([lambda: self._pull(work)] * self._threads, self._stop)
        finally:
            self._hidden = [handle for handle in self._handles.values() if handle]
            together([self._give_back] * self._threads, Event())

    def _pull(self, work: Work) -> None:
        nothing_new = 0
        while not self._stop.is_set():
            messages = self._receive()
            new = self._take(messages)
            if new:
                nothing_new = 0
                self._forget(work(self._queue, new))
                continue
            nothing_new += 1
            if nothing_new == 2 or len(self._handles) >= self._expected:  # noqa: PLR2004 - one empty answer may be chance
                return

    def _receive(self) -> list[MessageTypeDef]:
        """Receive up to 10 messages, asking all of SQS's servers until as many were seen as were expected."""
        all_seen = 0 < self._expected <= len(self._handles)
        return self._place.sqs.receive_message(
            QueueUrl=self._queue.url,
            MaxNumberOfMessages=batches.MOST_ENTRIES,
            VisibilityTimeout=self.hold,
            WaitTimeSeconds=0 if all_seen else self._place.waits.poll,
            MessageAttributeNames=["All"],
            MessageSystemAttributeNames=["SentTimestamp"],
        ).get("Messages", [])

    def _take(self, messages: Iterable[MessageTypeDef]) -> list[DeadLetter]:
        """Keep the handles, the newest of which counts, and return what was not seen before."""
        with self._lock:
            new = [message for message in messages if message["MessageId"] not in self._handles]
            self._handles |= {message["MessageId"]: message["ReceiptHandle"] for message in messages}
        return [read_dead_letter(message, self._queue.action) for message in new]

    def _forget(self, deleted: Iterable[DeadLetter]) -> None:
        with self._lock:
            self._handles |= {letter.id: "" for letter in deleted}

    def _give_back(self) -> None:
        while handles := self._some_hidden():
            try:
                failed = len(batches.give_back(self._place, self._queue.url, handles))
            except (BotoCoreError, ClientError):
                failed = len(handles)
            with self._lock:
                self._kept_hidden += failed

    def _some_hidden(self) -> list[str]:
        with self._lock:
            some = self._hidden[-batches.MOST_ENTRIES :]
            del self._hidden[-batches.MOST_ENTRIES :]
            return some
