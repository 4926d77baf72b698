"""Which dead letters a command is about."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from cli.operate.dead_letter import DeadLetter


class Outcome(StrEnum):
    """The outcomes that end in a dead-letter queue."""

    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"
    RETRY = "retry"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Selection:
    """A dead letter is meant if it fits all that is given. `reason` is text that the reason contains, in any case."""

    reason: str | None = None
    outcome: Outcome | None = None

    def takes(self, letter: DeadLetter) -> bool:
        """Say whether a dead letter is meant."""
        if self.outcome is not None and letter.outcome != self.outcome:
            return False
        return self.reason is None or self.reason.casefold() in letter.reason.casefold()
