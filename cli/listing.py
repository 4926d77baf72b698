"""Dead letters as a person sees them: each on a line, or what is alike in a row of a table; for a machine as JSON."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from threading import Lock
from typing import Final

from rich.table import Column, Table
from rich.text import Text

from cli.dead_letters import NONE, DeadLetter, DeadLetterOutcome, Group, Groups, Selection
from cli.output import Output, age
from cli.queues import DeadLetterQueue

_ROW: Final = "{:>7}  {:<24}  {:<24}  {:<8}  {:<36}  {:<36}  {}"
_HEAD: Final = _ROW.format("age", "action", "subscription", "outcome", "id", "messageId", "reason")
_STYLES: Final = {DeadLetterOutcome.IN_DOUBT.value: "red", DeadLetterOutcome.REJECTED.value: "yellow"}


@dataclass
class Listing:
    """Counts the dead letters that are selected. With `output` it prints each, and with `show` what is personal too."""

    selection: Selection
    output: Output | None = None
    show: bool = False
    groups: Groups = field(default_factory=Groups)
    ids: set[str] = field(default_factory=set)
    _lock: Lock = field(default_factory=Lock)

    def __call__(self, queue: DeadLetterQueue, letters: Sequence[DeadLetter]) -> list[DeadLetter]:
        """Take up to 10 dead letters; none is deleted."""
        chosen = self.selection.of(letters)
        with self._lock:
            self.groups.add(chosen)
            self.ids |= {letter.id for letter in chosen}
            for letter in chosen:
                self._print(letter)
        return []

    def begin(self) -> None:
        """Print the head of the rows, if there are rows for a person."""
        if self.output and not self.output.as_json:
            self.output.say(_HEAD, "bold")

    def _print(self, letter: DeadLetter) -> None:
        if self.output is None:
            return
        if self.output.as_json:
            self.output.json(letter.as_json(show=self.show))
            return
        facts = (letter.action, letter.subscription, letter.outcome, letter.id, letter.message_id or NONE)
        self.output.say(_ROW.format(age(letter.sent), *facts, letter.reason), _STYLES.get(letter.outcome))
        if self.show and letter.answer:
            self.output.say(f"         Dotdigital: {letter.answer}")
        if self.show:
            self.output.say(f"         {letter.body}")


def print_listing(output: Output, listing: Listing, notes: Sequence[str]) -> None:
    """Print what a listing has counted, and for a machine the notes of what was perhaps not seen."""
    groups = listing.groups.largest_first()
    if output.as_json and not listing.output:
        facts = {"messages": listing.groups.messages, "groups": [group.as_json() for group in groups]}
        output.json({**facts, "notes": notes})
    elif not output.as_json:
        if groups and not listing.output:
            output.results.print(groups_table(groups))
        output.say(f"Dead letters: {listing.groups.messages:,}")


def groups_table(groups: Iterable[Group]) -> Table:
    """Return a table of groups, with the age of the oldest of each."""
    right = Column("messages", justify="right")
    table = Table("action", "subscription", "outcome", Column("reason", overflow="fold"), right, "oldest")
    for group in groups:
        outcome = Text(group.outcome, style=_STYLES.get(group.outcome, ""))
        counts = f"{group.messages:,}", age(group.oldest)
        table.add_row(group.action, group.subscription, outcome, group.reason, *counts)
    return table
