"""Paths that reach exactly what they name, whatever characters an identifier holds.

https://developer.dotdigital.com/reference/unified-contacts
"""

import re
from typing import Final
from urllib.parse import quote

from dotdigital.errors import RejectedError

_LONGEST: Final = 256
_PLAIN: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,255}")


def path(*parts: str | int) -> str:
    """Join `parts` into a path, each percent-encoded whole: `/`, `#`, `?` and `%` inside a part stay inside it.

    Raises RejectedError for a part that no path can carry: empty, over 256 characters, `.` or `..`.
    """
    return "/" + "/".join(_segment(str(part)) for part in parts)


def _segment(part: str) -> str:
    if _PLAIN.fullmatch(part):
        return part
    if not part or part in (".", "..") or len(part) > _LONGEST:
        raise RejectedError("an identifier must have 1 to 256 characters and name one contact")
    try:
        return quote(part, safe="")
    except UnicodeEncodeError:
        raise RejectedError("an identifier must be text that UTF-8 can hold") from None
