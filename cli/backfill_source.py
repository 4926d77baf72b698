"""What a backfill reads, and where it keeps its notes: a file with notes beside it, or standard input without.

`<file>.progress` says how far a file has been sent, `<file>.refused` holds the lines that are not sent.
"""

import gzip
import hashlib
import io
import json
import os
import sys
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Final

from cli.ending import CommandError
from cli.events_file import GZIP, Line, Reader, reader_for

_DAMAGED: Final = (EOFError, zlib.error, gzip.BadGzipFile)
_START: Final = 64 * 1024

type Stream = io.BufferedReader | gzip.GzipFile


@dataclass(frozen=True, slots=True)
class Progress:
    """What of a source is done: `place` in bytes of what is unpacked, lines so far, and what became of them.

    `refused_bytes` is the size that the file of refused lines had then; `finished` says that nothing is left.
    """

    place: int = 0
    line: int = 0
    sent: int = 0
    refused: int = 0
    refused_bytes: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class Source:
    """Events in a `stream` that stands where `progress` says, read by `reader`.

    `size` is that of the file in bytes, where there is one, and `packed` the file itself where it is gzipped. `save`
    keeps the progress.
    """

    name: str
    stream: Stream
    reader: Reader
    progress: Progress
    refused_path: Path
    save: Callable[[Progress], None] = lambda _: None  # standard input begins anew
    size: int | None = None
    packed: io.BufferedReader | None = None

    def lines(self) -> Iterator[Line]:
        """Read on. Raises CommandError where the file is damaged."""
        if self.progress.finished:
            return
        try:
            yield from self.reader(self.stream, self.progress.line, self.progress.place)
        except _DAMAGED:
            raise _damaged(self.name) from None

    def position(self, progress: Progress) -> int:
        """Give how far the file was read, in bytes of the file."""
        return self.packed.tell() if self.packed else progress.place

    @property
    def former_run(self) -> str | None:
        """What a former run did, as a sentence, if there was one."""
        if self.progress.finished:
            return "The whole file was sent by a former run. To send it again, delete its .progress file."
        if not self.progress.place:
            return None
        return f"Going on after line {self.progress.line:,}, where a former run stopped."


@contextmanager
def open_source(name: str, queue: str | None) -> Iterator[Source]:
    """Open a file where a former run to the same queue (its URL) stopped, or at its beginning where that is None.

    `-` is standard input. Raises CommandError if it cannot.
    """
    if name == "-":
        yield _standard_input()
        return
    path = Path(name)
    try:
        file = path.open("rb")
    except OSError as error:
        raise CommandError(f"{path} cannot be read: {error.strerror}.") from None
    with file:
        if not file.seekable():
            raise CommandError(f"{path} is not a file. To read a pipe, give - and pass it as standard input.")
        notes = _progress_file(path, queue or "", file)
        progress = notes.read() if queue else Progress()
        stream = _unpacked(file)
        reader = _reader(stream, name)
        stream.seek(progress.place)
        refused_path = path.with_name(f"{path.name}.refused")
        packed = None if stream is file else file
        yield Source(name, stream, reader, progress, refused_path, notes.write, notes.size, packed)


def _standard_input() -> Source:
    name = "Standard input"
    raw: Any = sys.stdin.buffer
    stream = _unpacked(raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw))
    refused_path = Path(f"standard-input-{datetime.now(UTC):%Y%m%dT%H%M%S}.refused")
    return Source(name, stream, _reader(stream, name), Progress(), refused_path)


def _unpacked(file: io.BufferedReader) -> Stream:
    return gzip.GzipFile(fileobj=file) if file.peek(len(GZIP)).startswith(GZIP) else file


def _reader(stream: Stream, name: str) -> Reader:
    try:
        return reader_for(stream.peek(io.DEFAULT_BUFFER_SIZE), name)
    except _DAMAGED:
        raise _damaged(name) from None


def _damaged(name: str) -> CommandError:
    return CommandError(f"{name} is damaged: it cannot be unpacked to its end. What was sent before stays sent.")


@dataclass(frozen=True, slots=True)
class _ProgressFile:
    """The progress of one file on its way to one queue; a file is told by its size and a hash of its first 64 KiB."""

    path: Path
    queue: str
    size: int
    start: str

    def read(self) -> Progress:
        """Return how far the file has been sent. Raises CommandError where the file or the queue is another one."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            same = (kept["size"], kept["start"]) == (self.size, self.start)
            queue = kept["queue"]
            progress = Progress(**kept["progress"])
        except FileNotFoundError:
            return Progress()
        except (ValueError, TypeError, KeyError):
            raise self._error(f"{self.path} cannot be read.") from None
        if queue != self.queue:
            raise self._error(f"The file was begun for another queue, {queue}.")
        if not same:
            raise self._error("The file has changed since it was begun (its size or its start).")
        return progress

    def write(self, progress: Progress) -> None:
        """Keep it: the former text or the new one is there whatever happens."""
        new = self.path.with_name(f"{self.path.name}.new")
        content = {"queue": self.queue, "size": self.size, "start": self.start, "progress": asdict(progress)}
        new.write_text(json.dumps(content) + "\n", encoding="utf-8")
        new.replace(self.path)

    def _error(self, problem: str) -> CommandError:
        return CommandError(f"{problem} To send the file from its beginning, delete {self.path}.")


def _progress_file(path: Path, queue: str, stream: io.BufferedReader) -> _ProgressFile:
    """Return the progress of the file at `path` to the queue's URL. `stream` is left at its beginning."""
    start = hashlib.sha256(stream.read(_START)).hexdigest()
    size = stream.seek(0, io.SEEK_END)
    stream.seek(0)
    return _ProgressFile(path.with_name(f"{path.name}.progress"), queue, size, start)


class RefusedLines:
    """Appends to the file at `path`, one JSON object per line; its first line makes it, for its owner's eyes only."""

    def __init__(self, path: Path, size: int) -> None:
        """Go on after the first `size` bytes: what follows them was written by a run that was killed."""
        self.path = path
        self.size = size
        if size == 0:
            path.unlink(missing_ok=True)
        elif path.exists() and path.stat().st_size > size:
            os.truncate(path, size)

    def add(self, lines: Sequence[Line]) -> None:
        """Append lines."""
        if not lines:
            return
        self.path.touch(mode=0o600)
        with self.path.open("ab") as file:
            file.writelines(json.dumps(line.as_json(), ensure_ascii=False).encode() + b"\n" for line in lines)
            self.size = file.tell()
