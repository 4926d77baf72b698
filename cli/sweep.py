"""Reading dead-letter queues to their end, without taking anything out of them.

SQS has no look without receiving. Each message that is read is hidden, so that the next request gives others, and is
made visible again when its queue has been read. Were the process killed before that, SQS makes it visible after `hold`.
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-visibility-timeout.html
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import partial
from threading import Event, Lock, Thread
from typing import TYPE_CHECKING, Final

from botocore.exceptions import BotoCoreError, ClientError
from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TextColumn, TimeRemainingColumn

from cli.dead_letters import DeadLetter, read_dead_letter
from cli.output import Output
from cli.queues import MOST_ENTRIES, DeadLetterQueue, count_messages, release_messages
from cli.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

_LONGEST_HOLD: Final = 12 * 3600
_FEW: Final = 200
_THREADS: Final = 4
_EMPTY_RESPONSES: Final = 2
"""One response without anything new may be chance."""

Work = Callable[[DeadLetterQueue, Sequence[DeadLetter]], Iterable[DeadLetter]]
"""What is done with up to 10 dead letters of a queue, in any thread; it gives those that it has deleted."""


class Sweep:
    """One pass over several dead-letter queues, read at the same time."""

    def __init__(self, stack: Stack, queues: Sequence[DeadLetterQueue]) -> None:
        """Ask SQS how many dead letters each queue holds."""
        self._stop = Event()
        self._readings = [_Reading(stack, queue, count_messages(stack, queue.url), self._stop) for queue in queues]

    def run(self, work: Work) -> None:
        """Hand every dead letter to `work` once. At Ctrl-C what has begun is finished before KeyboardInterrupt."""
        _run_threads([partial(reading.run, work) for reading in self._readings], self._stop)

    def run_with_bar(self, work: Work, doing: str, output: Output, *, prints: bool = False) -> None:
        """Run with a bar of messages on a terminal, unless `work` prints there."""
        columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
        shown = output.remarks.is_terminal and not (prints and output.results.is_terminal)
        bar = Progress(*columns, TimeRemainingColumn(), console=output.remarks, transient=True, disable=not shown)
        with bar:
            task = bar.add_task(doing, total=sum(reading.expected for reading in self._readings))

            def counted(queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> Iterable[DeadLetter]:
                deleted = work(queue, letters)
                bar.advance(task, len(letters))
                return deleted

            self.run(counted)

    @property
    def notes(self) -> list[str]:
        """What was perhaps not seen, or is still hidden, a sentence each."""
        return [note for reading in self._readings for note in reading.notes]


class _Reading:
    """One pass over one dead-letter queue, by several threads where it is long."""

    def __init__(self, stack: Stack, queue: DeadLetterQueue, expected: int, stop: Event) -> None:
        """Prepare to read `queue`, which SQS says holds about `expected` messages, until its end or until `stop`."""
        self.expected = expected
        self._stack, self._queue, self._stop = stack, queue, stop
        self._hold = min(60 + expected // 100, _LONGEST_HOLD)  # seconds, enough to read 100 a second
        self._threads = _THREADS if expected > _FEW else 1
        self._handles: dict[str, str] = {}  # by SQS's id; "" for what is deleted
        self._hidden: list[str] = []
        self._lock = Lock()
        self._kept_hidden = 0

    @property
    def notes(self) -> list[str]:
        """What a person must know of this pass, if anything."""
        action, seen = self._queue.action, len(self._handles)
        notes = []
        if seen < self.expected and not self._stop.is_set():
            notes.append(
                f"{action}: saw {seen:,} of about {self.expected:,} dead letters; the others may be hidden by another "
                "reader just now. Try again later."
            )
        if self._kept_hidden:
            notes.append(f"{action}: {self._kept_hidden:,} dead letters stay hidden for up to {self._hold} seconds.")
        return notes

    def run(self, work: Work) -> None:
        """Hand every dead letter to `work` once, then make visible again what it did not delete."""
        try:
            _run_threads([partial(self._pull, work)] * self._threads, self._stop)
        finally:
            self._hidden = [handle for handle in self._handles.values() if handle]
            _run_threads([self._release] * self._threads, Event())

    def _pull(self, work: Work) -> None:
        nothing_new = 0
        while not self._stop.is_set():
            new = self._take(self._receive())
            if new:
                nothing_new = 0
                self._forget(work(self._queue, new))
                continue
            nothing_new += 1
            if nothing_new == _EMPTY_RESPONSES or len(self._handles) >= self.expected:
                return

    def _receive(self) -> list[MessageTypeDef]:
        """Receive up to 10 messages, asking all of SQS's servers until as many were seen as were expected."""
        all_seen = 0 < self.expected <= len(self._handles)
        return self._stack.sqs.receive_message(
            QueueUrl=self._queue.url,
            MaxNumberOfMessages=MOST_ENTRIES,
            VisibilityTimeout=self._hold,
            WaitTimeSeconds=0 if all_seen else self._stack.waits.poll,
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

    def _release(self) -> None:
        while handles := self._some_hidden():
            try:
                failed = len(release_messages(self._stack, self._queue.url, handles))
            except (BotoCoreError, ClientError):
                failed = len(handles)
            with self._lock:
                self._kept_hidden += failed

    def _some_hidden(self) -> list[str]:
        with self._lock:
            some = self._hidden[-MOST_ENTRIES:]
            del self._hidden[-MOST_ENTRIES:]
            return some


def _run_threads(jobs: Iterable[Callable[[], None]], stop: Event) -> None:
    """Do the jobs at the same time; return when all have ended. Raises the first error of a job.

    An error of a job, or KeyboardInterrupt here, sets `stop`, at which jobs end where nothing is cut in two; they are
    waited for. A second KeyboardInterrupt does not wait.
    """
    errors: list[Exception] = []

    def run(job: Callable[[], None]) -> None:
        try:
            job()
        except Exception as error:
            errors.append(error)
            stop.set()

    threads = [Thread(target=run, args=[job], daemon=True) for job in jobs]
    try:
        for thread in threads:
            thread.start()
        _join(threads)
    except KeyboardInterrupt:
        stop.set()
        _join(threads)
        raise
    if errors:
        raise errors[0]


def _join(threads: Iterable[Thread]) -> None:
    for thread in threads:
        if thread.ident:  # was started
            thread.join()
