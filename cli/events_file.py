"""Reads a file of Segment events as a stream: JSON lines (https://jsonlines.org/), or a JSON array."""

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any, Final, NoReturn

from cli.ending import CommandError
from cli.queues import MOST_BYTES, escape_for_sqs
from segment_events import EventError, read_event

GZIP: Final = b"\x1f\x8b"

_BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_OTHER_FORMATS: Final = {
    GZIP: "gzipped twice",
    b"PK\x03\x04": "a ZIP file",
    b"PAR1": "a Parquet file",
    b"Obj\x01": "an Avro file",
    b"ORC": "an ORC file",
    b"BZh": "compressed by bzip2",
    b"\xfd7zXZ": "compressed by xz",
    b"\x28\xb5\x2f\xfd": "compressed by Zstandard",
    b"SQLite format 3": "an SQLite database",
    b"\xff\xfe": "text in UTF-16",
    b"\xfe\xff": "text in UTF-16",
    b"<": "XML or HTML",
}
_CHUNK: Final = 64 * 1024
_SIGN: Final = re.compile(rb'["\[\]{},]')
_SIGN_IN_TEXT: Final = re.compile(rb'["\\]')
_TOO_LONG: Final = f"is over {MOST_BYTES:,} bytes, which is what a message may hold"
_CUT_OFF: Final = "is cut off: the file ends before its array does"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty, or an element of an array: an event's `text`, or what was read and why it is `refused`.

    `number` counts from 1; `end` is the place in the file, in bytes, after the line.
    """

    number: int
    end: int
    text: str
    refused: str | None = None

    def as_json(self) -> dict[str, Any]:
        """Give a refused line as .refused has it."""
        return {"line": self.number, "reason": self.refused, "text": self.text}


Reader = Callable[[BufferedIOBase, int, int], Iterator[Line]]
"""Reads a stream, which stands after line `number` at byte `place`, to its end."""


def reader_for(start: bytes, name: str) -> Reader:
    """Choose the reader of a file by its `start`, unpacked. Raises CommandError that says what the file is instead."""
    start = start.removeprefix(_BYTE_ORDER_MARK)
    text = start.lstrip()
    if text.startswith(b"["):
        return read_array
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or (any(line.lstrip().startswith(b"{") for line in lines) and not _is_spread(lines)):
        return read_lines
    known = (what for magic, what in _OTHER_FORMATS.items() if start.startswith(magic))
    what = next(known, None) or _describe_text(lines)
    raise CommandError(f"{name} is {what}. backfill reads JSON lines or a JSON array of events, gzipped or not.")


def _is_spread(lines: list[bytes]) -> bool:
    """Tell whether one object stands on several lines: the first line ends within it, and the second begins none."""
    if len(lines) == 1 or lines[1].lstrip().startswith(b"{"):
        return False
    try:
        json.loads(lines[0])
    except json.JSONDecodeError as error:
        return lines[0].lstrip().startswith(b"{") and error.pos >= len(error.doc.rstrip())
    except (ValueError, RecursionError):
        return False
    return False


def _describe_text(lines: list[bytes]) -> str:
    if any(b"\0" in line for line in lines):
        return "no text"
    if _is_spread(lines):
        return "JSON whose objects stand on several lines: put each on a line of its own, or all between [ and ]"
    divided = any(all(sign in line for line in lines[:2]) for sign in (b",", b";", b"\t"))
    return "a CSV file" if divided else "text that is no JSON"


def read_lines(stream: BufferedIOBase, number: int = 0, place: int = 0) -> Iterator[Line]:
    """Read JSON lines; empty ones are left out. Of one too long for a message, only the beginning is kept in memory."""
    while raw := stream.readline(MOST_BYTES + 2):
        number += 1
        place += len(raw)
        kept = raw.removeprefix(_BYTE_ORDER_MARK) if number == 1 else raw
        while not raw.endswith(b"\n") and (raw := stream.readline(MOST_BYTES)):
            place += len(raw)
            kept = kept if len(kept) > MOST_BYTES else kept + raw[:MOST_BYTES]
        if content := kept.strip():
            yield _read_event(number, place, content)


def read_array(stream: BufferedIOBase, number: int = 0, place: int = 0) -> Iterator[Line]:
    """Read the elements of a JSON array, which another may follow, each with its number as a line has.

    No more than one element is in memory, and of one too long for a message only the beginning.
    """
    splitter = _Splitter(place)
    while chunk := stream.read(_CHUNK):
        for end, element in splitter.elements(chunk):
            number += 1
            yield _read_event(number, end, element)
    if splitter.depth:
        yield _refused(number + 1, splitter.place, splitter.rest, _CUT_OFF)
    elif splitter.rest:
        yield _read_event(number + 1, splitter.place, splitter.rest)


class _Splitter:
    """Cuts arrays into their elements, chunk by chunk: `place` is where the next chunk begins, `rest` what is left."""

    def __init__(self, place: int) -> None:
        """Begin with a file, or, at any other `place`, after an element."""
        self.place = place
        self.depth = 1 if place else 0
        self.rest = b""
        self._is_in_text = False
        self._skipped = 0

    def elements(self, chunk: bytes) -> Iterator[tuple[int, bytes]]:
        """Give each element that ends in the next chunk, and the place of its end."""
        begins, at = 0, self._skipped
        while found := (_SIGN_IN_TEXT if self._is_in_text else _SIGN).search(chunk, at):
            sign, at = found.group(), found.end()
            if sign == b"\\":
                at += 1
            elif sign == b'"':
                self._is_in_text = not self._is_in_text
            elif (ends := self._end_at(sign, found.start(), found.end())) is not None:
                self._keep(chunk[begins : found.start()])
                begins = at
                if self.rest not in {b"", _BYTE_ORDER_MARK}:
                    yield self.place + ends, self.rest.rstrip()
                self.rest = b""
        self._keep(chunk[begins:])
        self._skipped = max(at - len(chunk), 0)
        self.place += len(chunk)

    def _end_at(self, sign: bytes, start: int, end: int) -> int | None:
        """Follow a sign outside of texts; give where what stands before it ends, if it ends there.

        That is before what divides or closes the array, so that reading can go on there, within it.
        """
        before = self.depth
        self.depth = max(before + (sign in b"[{") - (sign in b"]}"), 0)
        if before == 0:
            return end if self.depth else None
        return start if before == 1 and sign not in b"[{" else None

    def _keep(self, piece: bytes) -> None:
        piece = piece if self.rest else piece.lstrip()
        self.rest += piece[: MOST_BYTES + 1 - len(self.rest)]


def _read_event(number: int, end: int, content: bytes) -> Line:
    if len(content) > MOST_BYTES:
        return _refused(number, end, content, _TOO_LONG)
    try:
        text = content.decode()
        read_event(json.loads(text, parse_constant=_refuse_constant))
        return Line(number, end, escape_for_sqs(text))
    except EventError as error:
        return _refused(number, end, content, f"is not a Segment event: {error}")
    except (ValueError, RecursionError) as error:
        return _refused(number, end, content, _not_json(error))


def _refused(number: int, end: int, content: bytes, reason: str) -> Line:
    return Line(number, end, content.decode(errors="backslashreplace"), reason)


def _not_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error.msg} in column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 from byte {error.start + 1} of the line"
    return "is nested too deep" if isinstance(error, RecursionError) else f"is not JSON: {error}"


def _refuse_constant(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no value of JSON")
