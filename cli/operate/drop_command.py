"""`failures drop`."""

from typing import Annotated

import typer

from cli.operate.drop import Drop, Found
from cli.operate.ending import DONE, NOT_ALL, ending
from cli.operate.errors import OperateError
from cli.operate.listing import groups_table
from cli.operate.options import STACK, Action, AsJson, Local, OfOutcome, Reason, Stack, waits
from cli.operate.output import Output
from cli.operate.place import Place, connect
from cli.operate.queues import DeadLetterQueue, dead_letter_queues
from cli.operate.selection import Selection
from cli.operate.sweep import Sweep


def drop_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask.")] = False,
    stack: Stack = STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Delete dead letters for good; all, or those that the options choose.

    It shows which, and asks; what comes in the meantime stays.
    """
    output = Output(as_json=as_json)
    with ending(output, stack, local=local):
        place = connect(stack, waits(context), local=local)
        queues = dead_letter_queues(place, action)
        selection = Selection(reason, outcome)
        drop = Drop(place, selection, None if yes else _confirmed(output, place, queues, selection))
        all_done = _drop(output, Sweep(place, queues), drop)
    raise typer.Exit(DONE if all_done else NOT_ALL)


def _drop(output: Output, sweep: Sweep, drop: Drop) -> bool:
    """Drop and say what was done; return whether that is all that was meant."""
    try:
        output.run(sweep, drop, "dropping")
    finally:
        _print(output, drop)
        output.notes(sweep)
    return not (drop.failed or sweep.notes)


def _confirmed(output: Output, place: Place, queues: list[DeadLetterQueue], selection: Selection) -> set[str]:
    """Return the ids of those that a person agrees to delete. Raises OperateError if not."""
    found = Found(selection)
    output.run(Sweep(place, queues), found, "reading")
    if not found.ids:
        return found.ids
    output.remarks.print(groups_table(found.groups.largest_first()))
    if not output.ask(f"Delete these dead letters ({len(found.ids):,}) for good?"):
        raise OperateError("Nothing was dropped. Where nobody can answer, add --yes.")
    return found.ids


def _print(output: Output, drop: Drop) -> None:
    if output.as_json:
        output.json({"dropped": drop.dropped, "failed": drop.failed})
        return
    output.say(f"Dead letters dropped: {drop.dropped:,}")
    if drop.failed:
        output.remark(f"Not deleted: {drop.failed:,}. Try again.")
