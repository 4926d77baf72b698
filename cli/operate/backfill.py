"""Sending a file of events to the webhook's queue, a batch at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import AbstractContextManager
from dataclasses import replace
from typing import Final

from cli.operate import batches
from cli.operate.backfill_source import Source
from cli.operate.errors import OperateError
from cli.operate.events_file import Line
from cli.operate.place import Place
from cli.operate.progress_file import Progress
from cli.operate.room import Room

_MOST_LINES: Final = 1000


def steps(lines: Iterable[Line]) -> Iterator[list[Line]]:
    """Put lines together that are done in one step: events that fit one call to SQS, and the refused between them."""
    step: list[Line] = []
    events = size = 0
    for line in lines:
        length = 0 if line.refused else len(line.text.encode())
        full = events == batches.MOST_ENTRIES or size + length > batches.MOST_BYTES or len(step) == _MOST_LINES
        if step and full:
            yield step
            step, events, size = [], 0, 0
        step.append(line)
        events += not line.refused
        size += length
    if step:
        yield step


class Backfill:
    """Sends the steps of a source, and keeps its progress when SQS has the events and the refused lines are written.

    `progress` is what is done so far; `finished` whether that is all.
    """

    def __init__(
        self,
        place: Place,
        url: str,
        room: Room,
        source: Source,
        whole: Callable[[], AbstractContextManager[None]],
    ) -> None:
        """Send to the queue at `url` while there is `room`; `whole` keeps Ctrl-C away from a step that has begun."""
        self._place, self._url, self._room, self._source = place, url, room, source
        self._whole = whole
        self._refused = source.refused()
        self.progress = source.progress
        self.finished = False

    def send(self, step: Sequence[Line]) -> None:
        """Send a step. Raises OperateError when SQS does not take the events; they are sent again by the next run."""
        events = [line for line in step if not line.refused]
        self._room.wait_for(len(events))
        with self._whole():
            failures = batches.send(self._place, self._url, [line.text for line in events])
            for failure in failures.values():
                if not failure.for_good:
                    raise OperateError(f"SQS does not take events now ({failure.code}). Run the same command later.")
            bad = {events[position].number: one.code for position, one in failures.items()}
            self._keep([_refused_by_sqs(line, bad) for line in step])

    def finish(self) -> None:
        """Keep that the source is done."""
        self.progress = replace(self.progress, finished=True)
        self._source.save(self.progress)
        self.finished = True

    def _keep(self, step: Sequence[Line]) -> None:
        refused = [line for line in step if line.refused]
        self._refused.add(refused)
        self.progress = Progress(
            place=step[-1].end,
            line=step[-1].number,
            sent=self.progress.sent + len(step) - len(refused),
            refused=self.progress.refused + len(refused),
            refused_bytes=self._refused.size,
        )
        self._source.save(self.progress)


def _refused_by_sqs(line: Line, codes: dict[int, str]) -> Line:
    return replace(line, refused=f"SQS refuses it: {codes[line.number]}") if line.number in codes else line
