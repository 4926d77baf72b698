"""Takes addresses and telephone numbers out of Dotdigital's own words, so that errors can be shown and logged."""

import base64
import binascii
import html
import re
from typing import Final
from urllib.parse import unquote

_ADDRESS: Final = re.compile(r'(?:"[^"]*"|[^\s"@])*+@\S+')
_NUMBER: Final = re.compile(r"\+?\d(?:[\s()./\-\u2010-\u2015\u2212]*\d){6,}")
_ESCAPE: Final = re.compile(r"(?:%|\\+)(?:u([0-9a-f]{4})|x([0-9a-f]{2})|u\{0*([0-9a-f]{1,5})\})", re.IGNORECASE)
_BASE64: Final = re.compile(r"[A-Za-z0-9+/_-]{8,}={0,2}")
_URL_SAFE: Final = str.maketrans("-_", "+/")
_SIGNS: Final = str.maketrans("\uff20\ufe6b", "@@")
_MOST_READ: Final = 2_000
_LONGEST: Final = 300


def redact(text: str) -> str:
    """Give `text` without e-mail addresses and telephone numbers, on one line, at most 300 characters long.

    What stands encoded in it is found too, however often: percent-encoded, as entities of HTML, as escapes of JSON, in
    base64. It is too much that is taken out rather than too little: dates and long ids go as numbers.
    """
    if len(text) > _MOST_READ:
        # Without the last word, which may be half an address.
        text = text[:_MOST_READ].rpartition(" ")[0]
    text = " ".join(_decoded(text).encode(errors="replace").decode().split())
    text = _NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _decoded(text: str) -> str:
    """Decode until nothing changes. What is decoded is shorter than it was, so that this ends."""
    while (decoded := _decoded_once(text)) != text:
        text = decoded
    return text


def _decoded_once(text: str) -> str:
    text = html.unescape(unquote(text.translate(_SIGNS)))
    text = _ESCAPE.sub(lambda escape: chr(int(escape[1] or escape[2] or escape[3], 16)), text)
    return _BASE64.sub(_of_base64, text)


def _of_base64(word: re.Match[str]) -> str:
    """Give what a word says in base64, itself where that has no address and no number."""
    letters = word.group().rstrip("=").translate(_URL_SAFE)
    try:
        said = base64.b64decode(letters + "=" * (-len(letters) % 4), validate=True).decode()
    except (binascii.Error, UnicodeError):
        return word.group()
    said = _decoded(said)
    return said if _ADDRESS.search(said) or _NUMBER.search(said) else word.group()
