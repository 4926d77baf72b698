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
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
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


class Notes:
    """What is kept beside a source: how far it has been sent to one queue, and the lines that are not sent.

    A file is known again by its size and a hash of its first 64 KiB.
    """

    def __init__(self, progress: Path | None, refused: Path, identity: Mapping[str, Any]) -> None:
        """Keep the progress of the source with that `identity` in a file, or, without `progress`, nowhere."""
        self.refused = refused
        self._path, self._identity = progress, identity

    def read(self) -> Progress:
        """Return how far the source has been sent. Raises CommandError where the source or the queue is another one."""
        if self._path is None:
            return Progress()
        try:
            kept = json.loads(self._path.read_text(encoding="utf-8"))
            progress = Progress(**kept.pop("progress"))
            queue = kept["queue"]
        except FileNotFoundError:
            return Progress()
        except (ValueError, TypeError, KeyError):
            raise self._error(f"{self._path} cannot be read.") from None
        if queue != self._identity["queue"]:
            raise self._error(f"The file was begun for another queue, {queue}.")
        if kept != self._identity:
            raise self._error("The file has changed since it was begun (its size or its start).")
        return progress

    def keep(self, progress: Progress, refused: Sequence[Line] = ()) -> Progress:
        """Append refused lines, then keep the progress, which is returned as it is now.

        Lines after `progress.refused_bytes` were written by a run that was killed, and go. Of the progress the former
        text or the new one is there whatever happens.
        """
        self._cut_refused(progress.refused_bytes)
        if refused:
            self.refused.touch(mode=0o600)
            with self.refused.open("ab") as file:
                file.writelines(json.dumps(line.as_json(), ensure_ascii=False).encode() + b"\n" for line in refused)
                progress = replace(progress, refused_bytes=file.tell())
        if self._path:
            new = self._path.with_name(f"{self._path.name}.new")
            new.write_text(json.dumps({**self._identity, "progress": asdict(progress)}) + "\n", encoding="utf-8")
            new.replace(self._path)
        return progress

    def _cut_refused(self, size: int) -> None:
        if size == 0:
            self.refused.unlink(missing_ok=True)
        elif self.refused.exists() and self.refused.stat().st_size > size:
            os.truncate(self.refused, size)

    def _error(self, problem: str) -> CommandError:
        return CommandError(f"{problem} To send the file from its beginning, delete {self._path}.")


@dataclass(frozen=True, slots=True)
class Source:
    """Events in a `stream` that stands where `progress` says, read by `reader`.

    `size` is that of the file in bytes, where there is one, and `packed` the file itself where it is gzipped.
    """

    name: str
    stream: Stream
    reader: Reader
    notes: Notes
    progress: Progress
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

    `-` is standard input, which begins anew. Raises CommandError if it cannot.
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
        start = hashlib.sha256(file.read(_START)).hexdigest()
        size = file.seek(0, io.SEEK_END)
        file.seek(0)
        progress_path, refused_path = (path.with_name(f"{path.name}.{kind}") for kind in ("progress", "refused"))
        notes = Notes(progress_path, refused_path, {"queue": queue, "size": size, "start": start})
        progress = notes.read() if queue else Progress()
        stream = _unpacked(file)
        reader = _reader(stream, name)
        stream.seek(progress.place)
        yield Source(name, stream, reader, notes, progress, size, None if stream is file else file)


def _standard_input() -> Source:
    name = "Standard input"
    raw: Any = sys.stdin.buffer
    stream = _unpacked(raw if isinstance(raw, io.BufferedReader) else io.BufferedReader(raw))
    refused = Path(f"standard-input-{datetime.now(UTC):%Y%m%dT%H%M%S}.refused")
    return Source(name, stream, _reader(stream, name), Notes(None, refused, {}), Progress())


def _unpacked(file: io.BufferedReader) -> Stream:
    return gzip.GzipFile(fileobj=file) if file.peek(len(GZIP)).startswith(GZIP) else file


def _reader(stream: Stream, name: str) -> Reader:
    try:
        return reader_for(stream.peek(io.DEFAULT_BUFFER_SIZE), name)
    except _DAMAGED:
        raise _damaged(name) from None


def _damaged(name: str) -> CommandError:
    return CommandError(f"{name} is damaged: it cannot be unpacked to its end. What was sent before stays sent.")
