"""How far a file has been sent, kept beside it, so that a run goes on where the last one stopped."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass
from io import BufferedIOBase
from pathlib import Path
from typing import Final

from cli.operate.errors import OperateError

_START: Final = 64 * 1024


@dataclass(frozen=True, slots=True)
class Progress:
    """What of a file is done: `place` in bytes of what is unpacked, lines so far, and what became of them.

    `refused_bytes` is the size that the file of refused lines had then; `finished` says that nothing is left.
    """

    place: int = 0
    line: int = 0
    sent: int = 0
    refused: int = 0
    refused_bytes: int = 0
    finished: bool = False


@dataclass(frozen=True, slots=True)
class ProgressFile:
    """The progress of one file on its way to one queue; a file is told by its size and a hash of its first 64 KiB."""

    path: Path
    queue: str
    size: int
    start: str

    def read(self) -> Progress:
        """Return how far the file has been sent. Raises OperateError where the file or the queue is another one."""
        try:
            kept = json.loads(self.path.read_text(encoding="utf-8"))
            same = (kept["size"], kept["start"]) == (self.size, self.start)
            queue = kept["queue"]
            progress = Progress(**kept["progress"])
        except FileNotFoundError:
            return Progress()
        except (ValueError, TypeError, KeyError):
            raise OperateError(f"{self.path} cannot be read. {self._anew}") from None
        if queue != self.queue:
            raise OperateError(f"The file was begun for another queue, {queue}. {self._anew}")
        if not same:
            raise OperateError(f"The file has changed since it was begun (its size or its start). {self._anew}")
        return progress

    def write(self, progress: Progress) -> None:
        """Keep it: the former text or the new one is there whatever happens."""
        new = self.path.with_name(f"{self.path.name}.new")
        content = {"queue": self.queue, "size": self.size, "start": self.start, "progress": asdict(progress)}
        new.write_text(json.dumps(content) + "\n", encoding="utf-8")
        new.replace(self.path)

    @property
    def _anew(self) -> str:
        return f"To send the file from its beginning, delete {self.path}."


def progress_file(path: Path, queue: str, stream: BufferedIOBase) -> ProgressFile:
    """Return the progress file of the file at `path`, which `stream` has open at its beginning, to the queue's URL.

    The stream stands there again afterwards.
    """
    start = hashlib.sha256(stream.read(_START)).hexdigest()
    size = stream.seek(0, 2)
    stream.seek(0)
    return ProgressFile(path.with_name(f"{path.name}.progress"), queue, size, start)
