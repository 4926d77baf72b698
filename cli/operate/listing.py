"""What `failures list` prints: groups of dead letters as a table, or each as it is read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from rich.table import Column, Table
from rich.text import Text

from cli.operate.dead_letter import NONE, DeadLetter
from cli.operate.groups import Group, Groups
from cli.operate.output import Output, age
from cli.operate.queues import DeadLetterQueue
from cli.operate.selection import Selection

_ROW: Final = "{:>7}  {:<24}  {:<24}  {:<8}  {:<36}  {:<36}  {}"
_STYLES: Final = {"in_doubt": "red", "rejected": "yellow"}


@dataclass
class Listing:
    """Counts the dead letters that are selected; where `each`, prints every one; where `show`, what is personal too."""

    output: Output
    selection: Selection
    each: bool
    show: bool
    groups: Groups = field(default_factory=Groups)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        """Take up to 10 dead letters; none is deleted."""
        with self._lock:
            chosen = [letter for letter in letters if self.selection.takes(letter)]
            self.groups.add(chosen)
            if self.each:
                self._print_each(chosen)
        return []

    def begin(self) -> None:
        """Print the head of the rows, if there are rows for a person."""
        if self.each and not self.output.as_json:
            self.output.say(
                _ROW.format("age", "action", "subscription", "outcome", "id", "messageId", "reason"), "bold"
            )

    def _print_each(self, letters: Iterable[DeadLetter]) -> None:
        for letter in letters:
            if self.output.as_json:
                self.output.json(letter.as_json(show=self.show))
                continue
            self.output.say(_row(letter), _STYLES.get(letter.outcome))
            if self.show and letter.answer:
                self.output.say(f"         Dotdigital: {letter.answer}")
            if self.show:
                self.output.say(f"         {letter.body}")


def groups_table(groups: Iterable[Group]) -> Table:
    """Return the table of groups; `oldest` is the age of the first dead letter of a group."""
    right = Column("messages", justify="right")
    table = Table("action", "subscription", "outcome", Column("reason", overflow="fold"), right, "oldest")
    for group in groups:
        kind = group.kind
        cells = [Text(text) for text in (kind.action, kind.subscription)]
        outcome = Text(kind.outcome, style=_STYLES.get(kind.outcome, ""))
        table.add_row(*cells, outcome, Text(kind.reason), f"{group.messages:,}", age(group.oldest))
    return table


def _row(letter: DeadLetter) -> str:
    facts = (letter.action, letter.subscription, letter.outcome, letter.id, letter.message_id or NONE, letter.reason)
    return _ROW.format(age(letter.sent), *facts)
