"""The lines that are not sent, in a file of their own: line number, reason and text, one JSON object a line."""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from pathlib import Path

from cli.operate.events_file import Line, as_json


class RefusedLines:
    """Appends to the file at `path`; it is made with the first line, for its owner's eyes only."""

    def __init__(self, path: Path, size: int = 0) -> None:
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
            file.writelines(json.dumps(as_json(line), ensure_ascii=False).encode() + b"\n" for line in lines)
            self.size = file.tell()
