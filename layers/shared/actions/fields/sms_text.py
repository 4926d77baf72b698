"""What an SMS holds: the GSM 7-bit alphabet or Unicode, and in how many parts it travels.

3GPP TS 23.038 (https://www.3gpp.org/dynareport/23038.htm): 160 characters in one part, 153 in each of several;
characters of the extension table count twice. Unicode (UCS-2): 70 and 67 of UTF-16's units. A character is never split.
"""

from collections.abc import Iterable
from typing import Final

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
_GSM_PART: Final = (160, 153)
_UNICODE_PART: Final = (70, 67)


def unicode_characters(text: str) -> int:
    """Count the characters of `text` that the GSM alphabet does not have."""
    return sum(character not in _BASIC and character not in _EXTENSION for character in text)


def sms_parts(text: str) -> int:
    """Count the SMS parts that `text` travels in, each of which is billed."""
    if unicode_characters(text):
        sizes, (single, joined) = [1 + (character > "\uffff") for character in text], _UNICODE_PART
    else:
        sizes, (single, joined) = [1 + (character in _EXTENSION) for character in text], _GSM_PART
    return 1 if sum(sizes) <= single else _packed(sizes, joined)


def _packed(sizes: Iterable[int], most: int) -> int:
    parts, filled = 1, 0
    for size in sizes:
        filled += size
        if filled > most:
            parts, filled = parts + 1, size
    return parts
