"""Replaying: a dead letter's body goes to the queue that it came from, and only then is the dead letter deleted.

Killed in between, the dead letter is still there and the next run sends its body again. Nothing is done twice by that:
the functions keep a record of every send, and a body that comes again finds its own.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from threading import Lock

from cli.dead_letters import DeadLetter, DeadLetterOutcome, Selection
from cli.queues import DeadLetterQueue, delete_messages, escape_for_sqs, send_messages
from cli.stack import Stack
from dotdigital.json_text import read_json


@dataclass(slots=True)
class Replayed:
    """What a run did: `kept` were sent but could not be deleted, `newer` came after its start."""

    replayed: int = 0
    in_doubt: int = 0
    left_out: int = 0
    failed: int = 0
    kept: int = 0
    newer: int = 0


@dataclass
class Replay:
    """Replays what is selected; what is in doubt only where `in_doubt_too`.

    `before` is when the run began, in milliseconds of SQS's clock: what came later may be a message of this very run
    that has failed again.
    """

    stack: Stack
    selection: Selection
    before: int
    in_doubt_too: bool
    done: Replayed = field(default_factory=Replayed)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        """Replay up to 10 dead letters of `queue` and return those that are deleted."""
        chosen = self._chosen(letters)
        failures = send_messages(self.stack, queue.source_url, [body_to_send(letter) for letter in chosen])
        sent = [letter for position, letter in enumerate(chosen) if position not in failures]
        not_deleted = delete_messages(self.stack, queue.url, [letter.handle for letter in sent])
        with self._lock:
            self.done.replayed += len(sent)
            self.done.in_doubt += sum(letter.outcome == DeadLetterOutcome.IN_DOUBT for letter in sent)
            self.done.failed += len(failures)
            self.done.kept += len(not_deleted)
        return [letter for position, letter in enumerate(sent) if position not in not_deleted]

    def _chosen(self, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        selected = self.selection.of(letters)
        old = [letter for letter in selected if letter.sent < self.before]
        chosen = [letter for letter in old if self.in_doubt_too or letter.outcome != DeadLetterOutcome.IN_DOUBT]
        with self._lock:
            self.done.newer += len(selected) - len(old)
            self.done.left_out += len(old) - len(chosen)
        return chosen


def body_to_send(letter: DeadLetter) -> str:
    """Return the dead letter's body, as the next attempt where it is in doubt.

    The record of sends has the attempt that is in doubt, and takes the same body for a copy of it. Attempts are counted
    and not named after dead letters: each copy of an event is in doubt, and their replays must be one attempt.
    """
    if letter.outcome != DeadLetterOutcome.IN_DOUBT:
        return letter.body
    try:
        content = read_json(letter.body)
        content = {**content, "attempt": _next_attempt(content.get("attempt"))}
        return escape_for_sqs(json.dumps(content, ensure_ascii=False, separators=(",", ":"), allow_nan=False))
    except (AttributeError, ValueError, TypeError, RecursionError):
        return letter.body  # ends in doubt again, unsent


def _next_attempt(former: object) -> str:
    return str(int(former) + 1) if isinstance(former, str) and former.isdecimal() else "1"
