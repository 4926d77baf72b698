"""Takes addresses and telephone numbers out of Dotdigital's own words, so that errors can be shown and logged."""

import re
from typing import Final
from urllib.parse import unquote

_ADDRESS: Final = re.compile(r'(?:"[^"]*"|[^\s"@])*+@\S+')
_NUMBER: Final = re.compile(r"\+?\d(?:[\s()./\-\u2010-\u2015\u2212]*\d){6,}")
_MOST_READ: Final = 2_000
_LONGEST: Final = 300


def redact(text: str) -> str:
    """Give `text` without e-mail addresses and telephone numbers, on one line, at most 300 characters long.

    What stands percent-encoded in a URL is found too. It is too much that is taken out rather than too little: dates
    and long ids go as numbers.
    """
    if len(text) > _MOST_READ:
        # Without the last word, which may be half an address.
        text = text[:_MOST_READ].rpartition(" ")[0]
    text = " ".join(unquote(text).encode(errors="replace").decode().split())
    text = _NUMBER.sub("[number]", _ADDRESS.sub("[address]", text))
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"
