"""`backfill`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.operate.backfill import Backfill, steps
from cli.operate.backfill_bar import BackfillBar
from cli.operate.backfill_source import Source, open_source
from cli.operate.dry_run import count_lines
from cli.operate.ending import DONE, NOT_ALL, ending
from cli.operate.interruption import Interruption
from cli.operate.options import STACK, AsJson, Local, Stack, waits
from cli.operate.output import Output
from cli.operate.place import Place, connect
from cli.operate.progress_file import Progress
from cli.operate.queues import WEBHOOK, work_queues
from cli.operate.room import Room


def backfill(  # noqa: PLR0913, PLR0917 - each is an option of the command line
    context: typer.Context,
    file: Annotated[
        str,
        typer.Argument(
            metavar="FILE", help="One Segment event a line, or an array of them; gzipped or not; - is standard input."
        ),
    ],
    most_waiting: Annotated[
        int, typer.Option(min=1, help="Wait while the webhook's or an action's queue holds more messages.")
    ] = 10_000,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Count the lines and send nothing.")] = False,
    stack: Stack = STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Send a file of Segment events, as if Segment sent them now.

    Stopped, the same command goes on where it stopped (FILE.progress); standard input begins anew.
    Lines that are not Segment events are not sent, and written to FILE.refused with the reason.
    """
    output = Output(as_json=as_json)
    with ending(output, stack, local=local) as interruption:
        if dry_run:
            with open_source(file, None) as source:
                progress = count_lines(output, source)
        else:
            progress = _send(output, file, connect(stack, waits(context), local=local), most_waiting, interruption)
    raise typer.Exit(NOT_ALL if progress.refused else DONE)


def _send(output: Output, file: str, place: Place, most: int, interruption: Interruption) -> Progress:
    queues = work_queues(place)
    with open_source(file, queues[WEBHOOK]) as source:
        if source.begun:
            output.remark(source.begun)
        bar = BackfillBar(output, source)
        room = Room(place, queues, most, bar.wait)
        sending = Backfill(place, queues[WEBHOOK], room, source, interruption.put_off)
        try:
            _send_all(sending, source, bar)
        finally:
            _print(output, sending, source)
    return sending.progress


def _send_all(sending: Backfill, source: Source, bar: BackfillBar) -> None:
    with bar:
        for step in steps(source.lines()):
            sending.send(step)
            bar.show(sending.progress)
        sending.finish()


def _print(output: Output, sending: Backfill, source: Source) -> None:
    done = sending.progress
    if output.as_json:
        output.json({"sent": done.sent, "refused": done.refused, "line": done.line, "finished": sending.finished})
        return
    output.say(f"Events sent: {done.sent:,}; lines refused: {done.refused:,}")
    if done.refused:
        output.remark(f"The refused lines and the reasons are in {source.refused_path}.")
