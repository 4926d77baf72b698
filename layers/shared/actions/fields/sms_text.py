"""What an SMS holds: the GSM 7-bit alphabet or Unicode, and in how many parts it travels.

3GPP TS 23.038 (https://www.3gpp.org/dynareport/23038.htm): 160 characters in one part, 153 in each of several;
characters of the extension table count twice. Unicode (UCS-2): 70 and 67 of UTF-16's units.
"""

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
        units, (single, joined) = len(text.encode("utf-16-be", "surrogatepass")) // 2, _UNICODE_PART
    else:
        units = len(text) + sum(character in _EXTENSION for character in text)
        single, joined = _GSM_PART
    return 1 if units <= single else -(-units // joined)
