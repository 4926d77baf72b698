"""A file of Segment events, one JSON object a line, read as a stream: https://jsonlines.org/"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from io import BufferedIOBase
from typing import Any, Final, NoReturn

from cli.operate import batches
from cli.operate.file_form import BYTE_ORDER_MARK
from segment_events import EventError, read_event

_TOO_LONG: Final = f"is over {batches.MOST_BYTES:,} bytes, which is what a message may hold"


@dataclass(frozen=True, slots=True)
class Line:
    """A line that is not empty, or an element of an array: an event's `text`, or what was read and why it is `refused`.

    `number` counts from 1; `end` is the place in the file, in bytes, after the line.
    """

    number: int
    end: int
    text: str
    refused: str | None = None


def read_lines(stream: BufferedIOBase, number: int = 0, place: int = 0) -> Iterator[Line]:
    """Read from `stream`, which stands at byte `place` after line `number`, to its end; empty lines are left out.

    Of a line that is too long for a message, only the beginning is kept in memory.
    """
    while raw := stream.readline(batches.MOST_BYTES + 2):
        number += 1
        place += len(raw)
        kept = raw.removeprefix(BYTE_ORDER_MARK) if number == 1 else raw
        while not raw.endswith(b"\n") and (raw := stream.readline(batches.MOST_BYTES)):
            place += len(raw)
            kept = kept if len(kept) > batches.MOST_BYTES else kept + raw[: batches.MOST_BYTES]
        if content := kept.strip():
            yield event_line(number, place, content)


def event_line(number: int, end: int, content: bytes) -> Line:
    """Read what stands in the file up to byte `end` as an event."""
    if len(content) > batches.MOST_BYTES:
        return refused_line(number, end, content, _TOO_LONG)
    try:
        return Line(number, end, _event_text(content))
    except EventError as error:
        return refused_line(number, end, content, f"is not a Segment event: {error}")
    except (ValueError, RecursionError) as error:
        return refused_line(number, end, content, _not_json(error))


def refused_line(number: int, end: int, content: bytes, reason: str) -> Line:
    """Tell why what stands there is not sent."""
    return Line(number, end, content.decode(errors="backslashreplace"), reason)


def _event_text(content: bytes) -> str:
    """Return the text of a message. Raises EventError, ValueError or RecursionError for what is none."""
    text = content.decode()
    event = json.loads(text, parse_constant=_refuse)
    read_event(event)
    return batches.escaped(text)


def _not_json(error: Exception) -> str:
    if isinstance(error, json.JSONDecodeError):
        return f"is not JSON: {error.msg} in column {error.colno}"
    if isinstance(error, UnicodeDecodeError):
        return f"is not UTF-8 from byte {error.start + 1} of the line"
    return "is nested too deep" if isinstance(error, RecursionError) else f"is not JSON: {error}"


def _refuse(constant: str) -> NoReturn:
    raise ValueError(f"{constant} is no value of JSON")


def as_json(line: Line) -> dict[str, Any]:
    """Give a refused line to whoever mends it."""
    return {"line": line.number, "reason": line.refused, "text": line.text}
