"""What a backfill reads, and where it keeps its notes: a file with notes beside it, or standard input without."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import BinaryIO

from local.operate.errors import OperateError
from local.operate.progress_file import Progress, progress_file
from local.operate.refused_lines import RefusedLines

STANDARD_INPUT = "-"


@dataclass(frozen=True, slots=True)
class Source:
    """A stream that stands where `progress` says, of `size` bytes where that is known.

    `save` keeps the progress.
    """

    stream: BinaryIO
    size: int | None
    progress: Progress
    save: Callable[[Progress], None]
    refused_path: Path

    @property
    def begun(self) -> str | None:
        """What a former run did, as a sentence, if there was one."""
        if not self.progress.place:
            return None
        if self.progress.place == self.size:
            return "The whole file was sent by a former run. To send it again, delete its .progress file."
        return f"Going on after line {self.progress.line:,}, where a former run stopped."

    def refused(self) -> RefusedLines:
        """Open the file of refused lines where the progress left it."""
        return RefusedLines(self.refused_path, self.progress.refused_bytes)


@contextmanager
def open_source(name: str, queue: str | None) -> Iterator[Source]:
    """Open a file where a former run to the same queue (its URL) stopped, or at its beginning where that is None.

    `-` is standard input. Raises OperateError if it cannot.
    """
    if name == STANDARD_INPUT:
        refused = Path(f"standard-input-{datetime.now(UTC):%Y%m%dT%H%M%S}.refused")
        yield Source(sys.stdin.buffer, None, Progress(), lambda _: None, refused)
        return
    path = Path(name)
    try:
        stream = path.open("rb")
    except OSError as error:
        raise OperateError(f"{path} cannot be read: {error.strerror}.") from None
    with stream:
        if not stream.seekable():
            raise OperateError(f"{path} is not a file. To read a pipe, give - and pass it as standard input.")
        notes = progress_file(path, queue or "", stream)
        progress = notes.read() if queue else Progress()
        stream.seek(progress.place)
        yield Source(stream, notes.size, progress, notes.write, path.with_name(f"{path.name}.refused"))
