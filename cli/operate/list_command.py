"""`failures list`."""

from typing import Annotated

import typer

from cli.operate.ending import DONE, NOT_ALL, ending
from cli.operate.listing import Listing, groups_table
from cli.operate.options import STACK, Action, AsJson, Local, OfOutcome, Reason, Stack, waits
from cli.operate.output import Output
from cli.operate.place import Place, connect
from cli.operate.queues import dead_letter_queues
from cli.operate.selection import Selection
from cli.operate.sweep import Sweep


def list_failures(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    action: Action = None,
    reason: Reason = None,
    outcome: OfOutcome = None,
    each: Annotated[
        bool, typer.Option("--each", help="A line a dead letter, with SQS's id and the messageId.")
    ] = False,
    show: Annotated[
        bool, typer.Option("--show", help="As --each, with the body and Dotdigital's words: personal data.")
    ] = False,
    stack: Stack = STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """List dead letters, grouped by action, subscription, outcome and reason.

    Nothing is removed; what is read is hidden from other readers until the end of its queue.
    """
    output = Output(as_json=as_json)
    with ending(output, stack, local=local):
        listing = Listing(output, Selection(reason, outcome), each or show, show)
        sweep = _list(output, connect(stack, waits(context), local=local), action, listing)
    raise typer.Exit(NOT_ALL if sweep.notes else DONE)


def _list(output: Output, place: Place, action: str | None, listing: Listing) -> Sweep:
    sweep = Sweep(place, dead_letter_queues(place, action))
    listing.begin()
    try:
        output.run(sweep, listing, "reading", rows=listing.each)
    finally:
        _print(output, listing, sweep)
    return sweep


def _print(output: Output, listing: Listing, sweep: Sweep) -> None:
    if output.as_json and not listing.each:
        groups = [group.as_json() for group in listing.groups.largest_first()]
        output.json({"messages": listing.groups.messages, "groups": groups, "notes": sweep.notes})
    elif not output.as_json:
        if not listing.each and listing.groups.messages:
            output.results.print(groups_table(listing.groups.largest_first()))
        output.say(f"Dead letters: {listing.groups.messages:,}")
    output.notes(sweep)
