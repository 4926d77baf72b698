"""Dead letters of the same kind, counted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from typing import Any

from cli.operate.dead_letter import DeadLetter, moment


@dataclass(frozen=True, slots=True)
class Kind:
    """What dead letters of one group have in common."""

    action: str
    subscription: str
    outcome: str
    reason: str


@dataclass(slots=True)
class Group:
    """How many there are of a kind, and when the first and the last of them came (milliseconds since 1970)."""

    kind: Kind
    messages: int
    oldest: int
    newest: int

    def as_json(self) -> dict[str, Any]:
        """Give it to a machine."""
        times = {"oldest": moment(self.oldest), "newest": moment(self.newest)}
        return {**asdict(self.kind), "messages": self.messages, **times}


class Groups:
    """The groups of all dead letters that were added."""

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: dict[Kind, Group] = {}

    def add(self, letters: Iterable[DeadLetter]) -> None:
        """Count dead letters in."""
        for letter in letters:
            kind = Kind(letter.action, letter.subscription, letter.outcome, letter.reason)
            group = self._groups.setdefault(kind, Group(kind, 0, letter.sent, letter.sent))
            group.messages += 1
            group.oldest = min(group.oldest, letter.sent)
            group.newest = max(group.newest, letter.sent)

    @property
    def messages(self) -> int:
        """How many dead letters were added."""
        return sum(group.messages for group in self._groups.values())

    def largest_first(self) -> list[Group]:
        """Return the groups, those with most messages first."""
        return sorted(self._groups.values(), key=lambda group: (-group.messages, group.kind.action, group.kind.reason))
