"""Tells by its beginning in which form a file has its events, or what it is where it has none that can be read."""

from __future__ import annotations

import json
from enum import Enum
from typing import Final

from cli.operate.errors import OperateError

GZIP: Final = b"\x1f\x8b"
BYTE_ORDER_MARK: Final = b"\xef\xbb\xbf"
_MADE_BY: Final = {
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


class Form(Enum):
    """How events stand in a file."""

    LINES = "JSON lines"
    ARRAY = "a JSON array"


def form_of(start: bytes, name: str) -> Form:
    """Tell the form of a file by its `start`, which was unpacked. Raises OperateError that says what the file is."""
    start = start.removeprefix(BYTE_ORDER_MARK)
    text = start.lstrip()
    if text.startswith(b"["):
        return Form.ARRAY
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines or (any(line.lstrip().startswith(b"{") for line in lines) and not _is_spread(lines)):
        return Form.LINES
    what = next((what for magic, what in _MADE_BY.items() if start.startswith(magic)), None) or _text_of(lines)
    raise OperateError(f"{name} is {what}. backfill reads JSON lines or a JSON array of events, gzipped or not.")


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


def _text_of(lines: list[bytes]) -> str:
    if any(b"\0" in line for line in lines):
        return "no text"
    if _is_spread(lines):
        return "JSON whose objects stand on several lines: put each on a line of its own, or all between [ and ]"
    divided = next((sign for sign in (b",", b";", b"\t") if all(sign in line for line in lines[:2])), None)
    return "text that is no JSON" if divided is None else "a CSV file"
