"""All dead-letter queues that a command is about, read at the same time."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial
from threading import Event

from cli.operate.place import Place
from cli.operate.queues import DeadLetterQueue, waiting_in
from cli.operate.reading import Reading, Work
from cli.operate.together import together


class Sweep:
    """One pass over several dead-letter queues."""

    def __init__(self, place: Place, queues: Sequence[DeadLetterQueue]) -> None:
        """Ask SQS how many dead letters each queue holds."""
        waiting = [waiting_in(place, queue.url) for queue in queues]
        self._stop = Event()
        self._readings = [Reading(place, *pair, self._stop) for pair in zip(queues, waiting, strict=True)]
        self.expected = sum(count.messages for count in waiting)
        """How many there are, as SQS estimates."""

    def run(self, work: Work) -> None:
        """Hand every dead letter to `work` once. At Ctrl-C what has begun is finished before KeyboardInterrupt."""
        together([partial(reading.run, work) for reading in self._readings], self._stop)

    @property
    def notes(self) -> list[str]:
        """What was perhaps not seen, or is still hidden, a sentence each."""
        return [note for reading in self._readings for note in reading.notes]
