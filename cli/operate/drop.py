"""Dropping: dead letters are deleted for good."""

from __future__ import annotations

from collections.abc import Container, Sequence
from dataclasses import dataclass, field
from threading import Lock

from cli.operate import batches
from cli.operate.dead_letter import DeadLetter
from cli.operate.groups import Groups
from cli.operate.place import Place
from cli.operate.queues import DeadLetterQueue
from cli.operate.selection import Selection


@dataclass
class Drop:
    """Deletes what is selected; where `only` is given, of that what it holds by SQS's id."""

    place: Place
    selection: Selection
    only: Container[str] | None = None
    dropped: int = 0
    failed: int = 0
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        """Delete up to 10 dead letters of `queue` and return those that are deleted."""
        chosen = [letter for letter in letters if self._takes(letter)]
        failures = batches.delete(self.place, queue.url, [letter.handle for letter in chosen])
        with self._lock:
            self.dropped += len(chosen) - len(failures)
            self.failed += len(failures)
        return [letter for position, letter in enumerate(chosen) if position not in failures]

    def _takes(self, letter: DeadLetter) -> bool:
        return self.selection.takes(letter) and (self.only is None or letter.id in self.only)


@dataclass
class Found:
    """What is selected, before it is dropped."""

    selection: Selection
    ids: set[str] = field(default_factory=set)
    groups: Groups = field(default_factory=Groups)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        """Keep the ids of up to 10 dead letters; none is deleted."""
        chosen = [letter for letter in letters if self.selection.takes(letter)]
        with self._lock:
            self.ids |= {letter.id for letter in chosen}
            self.groups.add(chosen)
        return []
