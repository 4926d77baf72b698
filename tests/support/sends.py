"""The record of sends, in memory."""

from collections.abc import Mapping

from delivery.claim import Send
from delivery.outcome import Outcome


class Record:
    """The record of sends in memory: `held` are sends that another function is at."""

    def __init__(self, held: Mapping[Send, Outcome] | None = None) -> None:
        self.held = dict(held or {})
        self.claimed: list[Send] = []
        self.completed: list[tuple[Send, Outcome]] = []

    def claim(self, send: Send) -> Outcome | None:
        if send not in self.held:
            self.claimed.append(send)
        return self.held.get(send)

    def complete(self, send: Send, outcome: Outcome) -> None:
        self.completed.append((send, outcome))
