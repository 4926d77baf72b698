"""Dropping: dead letters are deleted for good."""

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from threading import Lock

from cli.dead_letters import DeadLetter, Selection
from cli.queues import DeadLetterQueue, delete_messages
from cli.stack import Stack


@dataclass
class Drop:
    """Deletes what is selected; where `only` is given, of that what it holds by SQS's id."""

    stack: Stack
    selection: Selection
    only: Container[str] | None = None
    dropped: int = 0
    failed: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        """Delete up to 10 dead letters of `queue` and return those that are deleted."""
        chosen = [letter for letter in self.selection.of(letters) if self.only is None or letter.id in self.only]
        failures = delete_messages(self.stack, queue.url, [letter.handle for letter in chosen])
        with self._lock:
            self.dropped += len(chosen) - len(failures)
            self.failed += len(failures)
        return [letter for position, letter in enumerate(chosen) if position not in failures]
