"""`failures replay`."""

from dataclasses import asdict
from typing import Annotated

import typer

from cli.operate.ending import DONE, NOT_ALL, ending
from cli.operate.options import STACK, Action, AsJson, Local, OfOutcome, Reason, Stack, waits
from cli.operate.output import Output
from cli.operate.place import connect
from cli.operate.queues import dead_letter_queues
from cli.operate.replay import Replay, Replayed
from cli.operate.selection import Selection
from cli.operate.sqs_clock import now_in_sqs
from cli.operate.sweep import Sweep

_TWICE = "Dotdigital may have sent them, and a replay may send them a second time."


def replay_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    yes: Annotated[bool, typer.Option("--yes", help="In doubt too: they may be sent a second time.")] = False,
    stack: Stack = STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Send dead letters to the queue that they came from, then delete them; all, or those that the options choose.

    What is in doubt is left out without --yes. It can be stopped, killed and run again at any time.
    A message that fails again is a new dead letter, which this run leaves alone.
    """
    output = Output(as_json=as_json)
    with ending(output, stack, local=local):
        place = connect(stack, waits(context), local=local)
        queues = dead_letter_queues(place, action)
        replay = Replay(place, Selection(reason, outcome), now_in_sqs(place, queues[0].url), in_doubt_too=yes)
        all_done = _replay(output, Sweep(place, queues), replay)
    raise typer.Exit(DONE if all_done else NOT_ALL)


def _replay(output: Output, sweep: Sweep, replay: Replay) -> bool:
    """Replay and say what was done; return whether that is all that was meant."""
    try:
        output.run(sweep, replay, "replaying")
    finally:
        _print(output, replay.done)
        output.notes(sweep)
    return not (replay.done.left_out or replay.done.failed or sweep.notes)


def _print(output: Output, done: Replayed) -> None:
    if output.as_json:
        output.json(asdict(done))
        return
    output.say(f"Dead letters replayed: {done.replayed:,}")
    for count, what, remark in (
        (done.in_doubt, "of them in doubt", "They may be sent a second time."),
        (done.left_out, "in doubt, left out", f"{_TWICE} Add --yes to replay them."),
        (done.failed, "not taken by SQS", "They are still dead letters."),
        (done.kept, "sent but not deleted", "Replaying them again does no harm."),
        (done.newer, "came after the start", "They are left for another run."),
    ):
        if count:
            output.remark(f"{what.capitalize()}: {count:,}. {remark}")
