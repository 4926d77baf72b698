"""`backfill`: send a file of events to the webhook's queue, as if Segment sent them now."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass, field, replace
from typing import Annotated, Final

import typer
from rich.progress import (
    BarColumn,
    DownloadColumn,
    TextColumn,
    TimeRemainingColumn,
    TransferSpeedColumn,
)
from rich.progress import Progress as ProgressBar

from cli.backfill_source import Progress, Source, open_source
from cli.ending import DONE, NOT_ALL, CommandError, Interruption, ending
from cli.events_file import Line
from cli.output import AsJson, Output
from cli.queues import MOST_ENTRIES, WEBHOOK, count_messages, send_messages, work_queues
from cli.stack import DEFAULT_STACK, Local, Stack, StackName, open_stack, where

_MOST_LINES: Final = 1000
_SHOWN: Final = 10
_SECONDS: Final = 5.0
"""Between two looks while a queue is full."""


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
    stack: StackName = DEFAULT_STACK,
    local: Local = False,
    as_json: AsJson = False,
) -> None:
    """Send a file of Segment events, as if Segment sent them now.

    Stopped, the same command goes on where it stopped (FILE.progress); standard input begins anew.
    Lines that are not Segment events are not sent, and written to FILE.refused with the reason.
    """
    output = Output(as_json=as_json)
    with ending(output, where(stack, local=local)) as interruption:
        if dry_run:
            with open_source(file, None) as source:
                progress = _count(output, source)
        else:
            progress = _send(output, file, open_stack(context, stack, local=local), most_waiting, interruption)
    raise typer.Exit(NOT_ALL if progress.refused else DONE)


def _count(output: Output, source: Source) -> Progress:
    """Read the whole source and say why the first lines that are refused would be."""
    done = Progress()
    with Bar(output, source) as bar:
        for line in source.lines():
            sent, refused = done.sent + (not line.refused), done.refused + bool(line.refused)
            done = Progress(place=line.end, line=line.number, sent=sent, refused=refused)
            if line.refused and refused <= _SHOWN:
                output.remark(f"line {line.number:,} {line.refused}")
            bar.show(done)
    if output.as_json:
        output.json({"events": done.sent, "refused": done.refused})
    else:
        output.say(f"Events to send: {done.sent:,}; lines to refuse: {done.refused:,}")
    return done


def _send(output: Output, file: str, stack: Stack, most: int, interruption: Interruption) -> Progress:
    queues = work_queues(stack)
    with open_source(file, queues[WEBHOOK]) as source:
        if source.former_run:
            output.remark(source.former_run)
        bar = Bar(output, source)
        room = Room(stack, queues, most, bar.wait)
        sending = Backfill(stack, queues[WEBHOOK], room, source, interruption.held)
        try:
            with bar:
                for step in steps(source.lines()):
                    sending.send(step)
                    bar.show(sending.progress)
                sending.finish()
        finally:
            _print_sent(output, sending.progress, source)
    return sending.progress


def _print_sent(output: Output, done: Progress, source: Source) -> None:
    if output.as_json:
        output.json({"sent": done.sent, "refused": done.refused, "line": done.line, "finished": done.finished})
        return
    output.say(f"Events sent: {done.sent:,}; lines refused: {done.refused:,}")
    if done.refused:
        output.remark(f"The refused lines and the reasons are in {source.notes.refused}.")


def steps(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Put lines into steps: up to 10 events, and the refused lines between them."""
    step: list[Line] = []
    events = 0
    for line in lines:
        step.append(line)
        events += not line.refused
        if events == MOST_ENTRIES or len(step) == _MOST_LINES:
            yield step
            step, events = [], 0
    if step:
        yield step


@dataclass
class Backfill:
    """Sends the steps of a source to the queue at `url` while there is `room`.

    It keeps the progress when SQS has the events. `held` keeps Ctrl-C away from a step that has begun.
    """

    stack: Stack
    url: str
    room: "Room"
    source: Source
    held: Callable[[], AbstractContextManager[None]]
    progress: Progress = field(init=False)

    def __post_init__(self) -> None:
        """Go on where the source stands."""
        self.progress = self.source.progress

    def send(self, step: Sequence[Line]) -> None:
        """Send a step. Raises CommandError when SQS does not take the events; they are sent again by the next run."""
        events = [line for line in step if not line.refused]
        self.room.wait_for(len(events))
        with self.held():
            failures = send_messages(self.stack, self.url, [line.text for line in events])
            for failure in failures.values():
                if not failure.for_good:
                    raise CommandError(f"SQS does not take events now ({failure.code}). Run the same command later.")
            codes = {events[position].number: failure.code for position, failure in failures.items()}
            self._keep([_refused_by_sqs(line, codes) for line in step])

    def finish(self) -> None:
        """Keep that the source is done."""
        self.progress = self.source.notes.keep(replace(self.progress, finished=True))

    def _keep(self, step: Sequence[Line]) -> None:
        refused = [line for line in step if line.refused]
        progress = replace(
            self.progress,
            place=step[-1].end,
            line=step[-1].number,
            sent=self.progress.sent + len(step) - len(refused),
            refused=self.progress.refused + len(refused),
        )
        self.progress = self.source.notes.keep(progress, refused)


def _refused_by_sqs(line: Line, codes: Mapping[int, str]) -> Line:
    return replace(line, refused=f"SQS refuses it: {codes[line.number]}") if line.number in codes else line


class Room:
    """Lets messages through while no queue holds more than `most`.

    A file must not fill the queues faster than Dotdigital takes what is in them.
    """

    def __init__(self, stack: Stack, queues: Mapping[str, str], most: int, full: Callable[[str], None]) -> None:
        """Look at `queues` (URLs by action); `full` is told which queue is waited for."""
        self._stack, self._queues, self._most, self._full = stack, queues, most, full
        self._every = min(1000, max(10, most // 10))
        self._unlooked = self._every

    def wait_for(self, messages: int) -> None:
        """Return when there is room. It looks once in 1,000 messages, or in a tenth of `most` if that is less."""
        self._unlooked += messages
        if self._unlooked <= self._every:
            return
        while (fullest := self._fullest())[0] > self._most:
            self._full(f"waiting: the queue of {fullest[1]} holds {fullest[0]:,} messages")
            self._stack.waits.sleep(_SECONDS)
        self._unlooked = messages

    def _fullest(self) -> tuple[int, str]:
        return max((count_messages(self._stack, url), action) for action, url in self._queues.items())


class Bar(ProgressBar):
    """Shows how far a source is and what is waited for: a bar of bytes on a terminal, else a line when it waits."""

    def __init__(self, output: Output, source: Source) -> None:
        """Prepare a bar of the bytes of `source`, if its size is known, from where a former run stopped."""
        super().__init__(
            TextColumn("{task.description}"),
            BarColumn(),
            DownloadColumn(),
            TransferSpeedColumn(),
            TextColumn("{task.fields[events]}"),
            TimeRemainingColumn(),
            console=output.remarks,
            transient=True,
            disable=not output.remarks.is_terminal,
        )
        self._output, self._source = output, source
        done = source.position(source.progress)
        self._task = self.add_task("sending", total=source.size, completed=done, events="")
        self._waits = False

    def show(self, progress: Progress) -> None:
        """Move on."""
        self._waits = False
        done, events = self._source.position(progress), f"{progress.sent:,} events"
        self.update(self._task, completed=done, description="sending", events=events)

    def wait(self, why: str) -> None:
        """Say what is waited for, once where there is no terminal."""
        self.update(self._task, description=why)
        if self.disable and not self._waits:
            self._output.remark(why)
        self._waits = True
