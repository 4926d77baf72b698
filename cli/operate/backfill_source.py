"""What a backfill reads, and where it keeps its notes: a file with notes beside it, or standard input without."""

from __future__ import annotations

import gzip
import io
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cli.operate.errors import OperateError
from cli.operate.events_file import Line, read_lines
from cli.operate.file_form import GZIP, Form, form_of
from cli.operate.json_array import read_elements
from cli.operate.progress_file import Progress, progress_file
from cli.operate.refused_lines import RefusedLines

STANDARD_INPUT = "-"

_SEEN: Final = io.DEFAULT_BUFFER_SIZE
_READERS: Final = {Form.LINES: read_lines, Form.ARRAY: read_elements}
_DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile)

type Stream = io.BufferedReader | gzip.GzipFile


@dataclass(frozen=True, slots=True)
class Source:
    """Events in a `form`, in a `stream` that stands where `progress` says.

    `size` is that of the file in bytes, where there is one, and `packed` the file itself where it is gzipped. `save`
    keeps the progress.
    """

    name: str
    stream: Stream
    form: Form
    size: int | None
    progress: Progress
    save: Callable[[Progress], None]
    refused_path: Path
    packed: io.BufferedReader | None = None

    def lines(self) -> Iterator[Line]:
        """Read on. Raises OperateError where the file is damaged."""
        if self.progress.finished:
            return
        try:
            yield from _READERS[self.form](self.stream, self.progress.line, self.progress.place)
        except _DAMAGED:
            raise _damaged(self.name) from None

    def position(self, progress: Progress) -> int:
        """Give how far the file was read, in bytes of the file."""
        return self.packed.tell() if self.packed else progress.place

    @property
    def begun(self) -> str | None:
        """What a former run did, as a sentence, if there was one."""
        if self.progress.finished:
            return "The whole file was sent by a former run. To send it again, delete its .progress file."
        if not self.progress.place:
            return None
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
        stream = _unpacked(_standard_input())
        yield Source("Standard input", stream, _form_of(stream, "Standard input"), None, Progress(), _forget, refused)
        return
    path = Path(name)
    try:
        file = path.open("rb")
    except OSError as error:
        raise OperateError(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        if not file.seekable():
            raise OperateError(f"{path} is not a file. To read a pipe, give - and pass it as standard input.")
        notes = progress_file(path, queue or "", file)
        progress = notes.read() if queue else Progress()
        stream = _unpacked(file)
        form = _form_of(stream, name)
        stream.seek(progress.place)
        packed = None if stream is file else file
        refused = path.with_name(f"{path.name}.refused")
        yield Source(name, stream, form, notes.size, progress, notes.write, refused, packed)


def _unpacked(file: io.BufferedReader) -> Stream:
    return gzip.GzipFile(fileobj=file) if file.peek(len(GZIP)).startswith(GZIP) else file


def _standard_input() -> io.BufferedReader:
    stream: Any = sys.stdin.buffer
    return stream if isinstance(stream, io.BufferedReader) else io.BufferedReader(stream)


def _form_of(stream: Stream, name: str) -> Form:
    try:
        return form_of(stream.peek(_SEEN), name)
    except _DAMAGED:
        raise _damaged(name) from None


def _damaged(name: str) -> OperateError:
    return OperateError(f"{name} is damaged: it cannot be unpacked to its end. What was sent before stays sent.")


def _forget(_: Progress) -> None:
    """Keep nothing of standard input, which begins anew."""
