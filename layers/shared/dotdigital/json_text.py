"""JSON whose texts are well-formed Unicode.

A program that counts in UTF-16 may cut a text in the middle of an emoji, and JSON's escapes let the half through. UTF-8
cannot hold it, so whoever writes it next would fail. Where JSON is read here, U+FFFD takes its place.
https://www.rfc-editor.org/rfc/rfc8259#section-8.2
"""

import json
from collections.abc import Callable
from typing import Any


def read_json(text: str | bytes, *, parse_constant: Callable[[str], Any] | None = None) -> Any:
    """Read JSON, with U+FFFD for each half of a character. Raises ValueError, RecursionError as json.loads does.

    A whole number of more digits than Python reads is infinite, as in JavaScript one of more than 309 is.
    """
    try:
        value = json.loads(text, parse_constant=parse_constant)
    except json.JSONDecodeError:
        raise
    except ValueError:
        value = json.loads(text, parse_constant=parse_constant, parse_int=_whole_number)
    return well_formed(value) if _may_hold_halves(text) else value


def well_formed(value: Any) -> Any:
    """Return `value`, which came as JSON, with U+FFFD for each half of a character; itself where it has none."""
    written = json.dumps(value, ensure_ascii=False)
    mended = well_formed_text(written)
    return value if mended is written else json.loads(mended)


def well_formed_text(text: str) -> str:
    """Return `text` with U+FFFD for each half of a character; itself where it has none."""
    try:
        text.encode()
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    return text


def _whole_number(digits: str) -> int | float:
    try:
        return int(digits)
    except ValueError:
        return float(digits)


def _may_hold_halves(text: str | bytes) -> bool:
    if isinstance(text, str):
        return r"\ud" in text or r"\uD" in text or well_formed_text(text) is not text
    # ED begins what a half would be in UTF-8, which json.loads lets pass.
    return rb"\ud" in text or rb"\uD" in text or b"\xed" in text
