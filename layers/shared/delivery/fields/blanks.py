"""Blanks: what nobody sees in a text. A text of nothing else counts as not given.

https://www.unicode.org/reports/tr44/#General_Category_Values
"""

import unicodedata
from collections.abc import Set as AbstractSet
from typing import Any, Final

_CATEGORIES: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
"""Spaces of all kinds, line breaks and other controls, and what only directs how text is shown."""
_UNSEEN: Final = frozenset(
    [
        *(chr(point) for some in ((0x180B, 0x1810), (0xFE00, 0xFE10), (0xE0100, 0xE01F0)) for point in range(*some)),
        *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    ]
)
"""Variation selectors, and the joiners, fillers and blanks that Unicode counts among marks, letters and symbols."""


def is_given(value: Any) -> bool:
    """Tell whether a value says something: null does not, and neither does a text, or a list of one, that is blank."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value is not None and not (isinstance(value, str) and all(map(is_blank, value)))


def without_outer_blanks(text: str, also: AbstractSet[str] = frozenset()) -> str:
    """Give `text` without the blanks, and the characters of `also`, at both of its ends."""
    first, end = 0, len(text)
    while first < end and (text[first] in also or is_blank(text[first])):
        first += 1
    while first < end and (text[end - 1] in also or is_blank(text[end - 1])):
        end -= 1
    return text[first:end]


def folded(text: str) -> str:
    """Give `text` as choices and flags are compared: without its outer blanks, in lower case."""
    return without_outer_blanks(text).lower()


def is_blank(character: str) -> bool:
    """Tell whether nobody sees the character."""
    return unicodedata.category(character) in _CATEGORIES or character in _UNSEEN
