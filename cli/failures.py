"""`failures`: list dead letters, replay them, drop them."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import asdict
from typing import Annotated, Final

import typer

from cli.dead_letters import DeadLetterOutcome, Selection
from cli.drop import Drop
from cli.ending import DONE, NOT_ALL, CommandError, ending
from cli.listing import Listing, groups_table, print_listing
from cli.output import AsJson, Output, age
from cli.queues import dead_letter_queues, sqs_time
from cli.replay import Replay, Replayed
from cli.stack import DEFAULT_STACK, Local, StackName, open_stack, where
from cli.sweep import Sweep

_UNITS: Final = {"s": 1, "min": 60, "h": 3600, "d": 86_400}
_AGE: Final = re.compile(rf"([0-9]+) *({'|'.join(_UNITS)})")
_TWICE: Final = "Dotdigital may have sent them, and a replay may send them a second time."


def read_age(text: str) -> int:
    """Read an age, such as 2h, as the time that it was at, in milliseconds since 1970. Raises typer.BadParameter."""
    found = _AGE.fullmatch(text.strip())
    if not found:
        raise typer.BadParameter(f"{text!r} is not an age: write a number and s, min, h or d, such as 2h")
    return int((time.time() - int(found[1]) * _UNITS[found[2]]) * 1000)


Action = Annotated[str | None, typer.Option("--action", help="Only of this action, such as send_sms.")]
OfSubscription = Annotated[str | None, typer.Option("--subscription", help="Only of the subscription of this name.")]
Reason = Annotated[str | None, typer.Option("--reason", help="Only where the reason contains this text, in any case.")]
OfOutcome = Annotated[DeadLetterOutcome | None, typer.Option("--outcome", help="Only with this outcome.")]
MessageId = Annotated[str | None, typer.Option("--message-id", help="Only of the event with this messageId.")]
OlderThan = Annotated[
    int | None, typer.Option("--older-than", parser=read_age, metavar="AGE", help="Only if older, such as 30min or 2h.")
]
NewerThan = Annotated[
    int | None, typer.Option("--newer-than", parser=read_age, metavar="AGE", help="Only if newer, such as 12h or 1d.")
]

app = typer.Typer(no_args_is_help=True, help="Dead letters: list them, replay them, drop them.")


@app.command("list")
def list_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    subscription: OfSubscription = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    message_id: MessageId = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
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
    selection = Selection(reason, outcome, subscription, message_id, older_than, newer_than)
    with ending(output, where(stack, local=local)):
        connected = open_stack(context, stack, local=local)
        sweep = Sweep(connected, dead_letter_queues(connected, action))
        listing = Listing(selection, output if each or show else None, show)
        with _summed_up(output, sweep, lambda: print_listing(output, listing, sweep.notes)):
            listing.begin()
            sweep.run_with_bar(listing, "reading", output, prints=each or show)
    raise typer.Exit(NOT_ALL if sweep.notes else DONE)


@app.command("replay")
def replay_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    subscription: OfSubscription = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    message_id: MessageId = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    in_doubt: Annotated[
        bool, typer.Option("--in-doubt", help="What is in doubt too: it may be sent a second time.")
    ] = False,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Send dead letters to the queue that they came from, then delete them; all, or those that the options choose.

    It asks before it replays all, or with --in-doubt, without which what is in doubt is left out. It can be stopped,
    killed and run again at any time. A message that fails again is a new dead letter, which this run leaves alone.
    """
    output = Output(as_json=as_json)
    selection = Selection(reason, outcome, subscription, message_id, older_than, newer_than)
    with ending(output, where(stack, local=local)):
        connected = open_stack(context, stack, local=local)
        queues = dead_letter_queues(connected, action)
        started = sqs_time(connected, queues[0].url)
        if not yes and (in_doubt or not (action or selection.chooses)):
            what = f"Replay {{}}? {_TWICE}" if in_doubt else "Replay {}, but nothing that is in doubt?"
            _confirmed(output, Sweep(connected, queues), selection, what, "replayed")
        replay = Replay(connected, selection, started, in_doubt_too=in_doubt)
        sweep = Sweep(connected, queues)
        with _summed_up(output, sweep, lambda: _print_replayed(output, replay.done)):
            sweep.run_with_bar(replay, "replaying", output)
    raise typer.Exit(NOT_ALL if replay.done.left_out or replay.done.failed or sweep.notes else DONE)


@app.command("drop")
def drop_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    subscription: OfSubscription = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    message_id: MessageId = None,
    older_than: OlderThan = None,
    newer_than: NewerThan = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Delete dead letters for good; all, or those that the options choose.

    It shows which, and asks; what comes in the meantime stays.
    """
    output = Output(as_json=as_json)
    selection = Selection(reason, outcome, subscription, message_id, older_than, newer_than)
    with ending(output, where(stack, local=local)):
        connected = open_stack(context, stack, local=local)
        queues = dead_letter_queues(connected, action)
        agreed = None
        if not yes:
            agreed = _confirmed(output, Sweep(connected, queues), selection, "Delete {}, for good?", "dropped")
        drop = Drop(connected, selection, agreed)
        sweep = Sweep(connected, queues)
        with _summed_up(output, sweep, lambda: _print_dropped(output, drop)):
            sweep.run_with_bar(drop, "dropping", output)
    raise typer.Exit(NOT_ALL if drop.failed or sweep.notes else DONE)


def _confirmed(output: Output, sweep: Sweep, selection: Selection, question: str, done: str) -> set[str]:
    """Return the ids of those that a person agrees to; the question has a place for how many and how old they are.

    Raises CommandError if not.
    """
    found = Listing(selection)
    sweep.run_with_bar(found, "reading", output)
    if not found.ids:
        return found.ids
    groups = found.groups.largest_first()
    output.remarks.print(groups_table(groups))
    newest, oldest = age(max(group.newest for group in groups)), age(min(group.oldest for group in groups))
    ages = oldest if newest == oldest else f"{newest} to {oldest}"
    count = len(found.ids)
    if not output.ask(question.format(f"{count:,} dead letter{'' if count == 1 else 's'}, {ages} old")):
        raise CommandError(f"Nothing was {done}. Where nobody can answer, add --yes.")
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


def _print_replayed(output: Output, done: Replayed) -> None:
    if output.as_json:
        output.json(asdict(done))
        return
    output.say(f"Dead letters replayed: {done.replayed:,}")
    for count, what, remark in (
        (done.in_doubt, "Of them in doubt", "They may be sent a second time."),
        (done.left_out, "In doubt, left out", f"{_TWICE} Add --in-doubt to replay them."),
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
