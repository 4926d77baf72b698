"""`failures`: list dead letters, replay them, drop them."""

from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from threading import Lock
from typing import Annotated, Final

import typer
from rich.table import Column, Table
from rich.text import Text

from cli.dead_letters import NONE, DeadLetter, DeadLetterOutcome, Group, Groups, Selection
from cli.ending import DONE, NOT_ALL, CommandError, ending
from cli.output import AsJson, Output, age
from cli.queues import DeadLetterQueue, dead_letter_queues, delete_messages, sqs_time
from cli.replay import Replay, Replayed
from cli.stack import DEFAULT_STACK, Local, Stack, StackName, open_stack, where
from cli.sweep import Sweep

_ROW: Final = "{:>7}  {:<24}  {:<24}  {:<8}  {:<36}  {:<36}  {}"
_HEAD: Final = _ROW.format("age", "action", "subscription", "outcome", "id", "messageId", "reason")
_STYLES: Final = {DeadLetterOutcome.IN_DOUBT.value: "red", DeadLetterOutcome.REJECTED.value: "yellow"}
_TWICE: Final = "Dotdigital may have sent them, and a replay may send them a second time."

Action = Annotated[str | None, typer.Option("--action", help="Only of this action, such as send_sms.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Only where the reason contains this text, in any case.")]
OfOutcome = Annotated[DeadLetterOutcome | None, typer.Option("--outcome", help="Only with this outcome.")]

app = typer.Typer(no_args_is_help=True, help="Dead letters: list them, replay them, drop them.")


@app.command("list")
def list_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    each: Annotated[
        bool, typer.Option("--each", help="One line per dead letter, with SQS's id and messageId.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="As --each, with the body and Dotdigital's words: personal data.")
    ] = False,
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """List dead letters, grouped by action, subscription, outcome and reason.

    Nothing is removed; what is read is hidden from other readers until the end of its queue.
    """
    output = Output(as_json=as_json)
    with ending(output, where(stack, local=local)):
        connected = open_stack(context, stack, local=local)
        sweep = Sweep(connected, dead_letter_queues(connected, action))
        listing = Listing(Selection(reason, outcome), output if each or show else None, show)
        with _summed_up(output, sweep, lambda: _print_listing(output, listing, sweep)):
            listing.begin()
            sweep.run_with_bar(listing, "reading", output, prints=each or show)
    raise typer.Exit(NOT_ALL if sweep.notes else DONE)


@app.command("replay")
def replay_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    yes: Annotated[bool, typer.Option("--yes", help="In doubt too: they may be sent a second time.")] = False,
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Send dead letters to the queue that they came from, then delete them; all, or those that the options choose.

    What is in doubt is left out without --yes. It can be stopped, killed and run again at any time.
    A message that fails again is a new dead letter, which this run leaves alone.
    """
    output = Output(as_json=as_json)
    with ending(output, where(stack, local=local)):
        connected = open_stack(context, stack, local=local)
        queues = dead_letter_queues(connected, action)
        started = sqs_time(connected, queues[0].url)
        replay = Replay(connected, Selection(reason, outcome), started, in_doubt_too=yes)
        sweep = Sweep(connected, queues)
        with _summed_up(output, sweep, lambda: _print_replayed(output, replay.done)):
            sweep.run_with_bar(replay, "replaying", output)
    raise typer.Exit(NOT_ALL if replay.done.left_out or replay.done.failed or sweep.notes else DONE)


@app.command("drop")
def drop_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Delete dead letters for good; all, or those that the options choose.

    It shows which, and asks; what comes in the meantime stays.
    """
    output = Output(as_json=as_json)
    with ending(output, where(stack, local=local)):
        connected = open_stack(context, stack, local=local)
        queues = dead_letter_queues(connected, action)
        selection = Selection(reason, outcome)
        drop = Drop(connected, selection, None if yes else _confirmed(output, Sweep(connected, queues), selection))
        sweep = Sweep(connected, queues)
        with _summed_up(output, sweep, lambda: _print_dropped(output, drop)):
            sweep.run_with_bar(drop, "dropping", output)
    raise typer.Exit(NOT_ALL if drop.failed or sweep.notes else DONE)


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


def _confirmed(output: Output, sweep: Sweep, selection: Selection) -> set[str]:
    """Return the ids of those that a person agrees to delete. Raises CommandError if not."""
    found = Listing(selection)
    sweep.run_with_bar(found, "reading", output)
    if not found.ids:
        return found.ids
    output.remarks.print(_groups_table(found.groups.largest_first()))
    if not output.ask(f"Delete these dead letters ({len(found.ids):,}) for good?"):
        raise CommandError("Nothing was dropped. Where nobody can answer, add --yes.")
    return found.ids


@contextmanager
def _summed_up(output: Output, sweep: Sweep, print_result: Callable[[], None]) -> Iterator[None]:
    """Print what was done, and what the sweep may not have seen, however it ends."""
    try:
        yield
    finally:
        print_result()
        for note in sweep.notes:
            output.remark(note)


def _print_listing(output: Output, listing: Listing, sweep: Sweep) -> None:
    groups = listing.groups.largest_first()
    if output.as_json and not listing.output:
        facts = {"messages": listing.groups.messages, "groups": [group.as_json() for group in groups]}
        output.json({**facts, "notes": sweep.notes})
    elif not output.as_json:
        if groups and not listing.output:
            output.results.print(_groups_table(groups))
        output.say(f"Dead letters: {listing.groups.messages:,}")


def _groups_table(groups: Iterable[Group]) -> Table:
    right = Column("messages", justify="right")
    table = Table("action", "subscription", "outcome", Column("reason", overflow="fold"), right, "oldest")
    for group in groups:
        outcome = Text(group.outcome, style=_STYLES.get(group.outcome, ""))
        counts = f"{group.messages:,}", age(group.oldest)
        table.add_row(group.action, group.subscription, outcome, group.reason, *counts)
    return table


def _print_replayed(output: Output, done: Replayed) -> None:
    if output.as_json:
        output.json(asdict(done))
        return
    output.say(f"Dead letters replayed: {done.replayed:,}")
    for count, what, remark in (
        (done.in_doubt, "Of them in doubt", "They may be sent a second time."),
        (done.left_out, "In doubt, left out", f"{_TWICE} Add --yes to replay them."),
        (done.failed, "Not taken by SQS", "They are still dead letters."),
        (done.kept, "Sent but not deleted", "Replaying them again does no harm."),
        (done.newer, "Came after the start", "They are left for another run."),
    ):
        if count:
            output.remark(f"{what}: {count:,}. {remark}")


def _print_dropped(output: Output, drop: Drop) -> None:
    if output.as_json:
        output.json({"dropped": drop.dropped, "failed": drop.failed})
        return
    output.say(f"Dead letters dropped: {drop.dropped:,}")
    if drop.failed:
        output.remark(f"Not deleted: {drop.failed:,}. Try again.")
