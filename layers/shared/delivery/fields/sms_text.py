"""What an SMS holds: the GSM 7-bit alphabet or Unicode, and in how many parts it travels.

3GPP TS 23.038 (https://www.3gpp.org/dynareport/23038.htm): 160 characters in one part, 153 in each of several;
characters of the extension table count twice. Unicode (UCS-2): 70 and 67 of UTF-16's units. A character is never split.
Editors and phones put in quotes, dashes and spaces that the alphabet lacks and has look-alikes of.
"""

from collections.abc import Iterable
from typing import Final
from unicodedata import normalize

from pydantic import AfterValidator

_BASIC: Final = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
_EXTENSION: Final = frozenset("\f^{}\\[~]|€")
_GSM: Final = _BASIC | _EXTENSION
_LOOK_ALIKES: Final = str.maketrans(
    {
        **dict.fromkeys("\u2018\u2019\u201a\u201b\u2032\u2039\u203a\u02bc", "'"),
        **dict.fromkeys("\u201c\u201d\u201e\u201f\u2033\u00ab\u00bb", '"'),
        **dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2015\u2212\ufe63\uff0d", "-"),
        "\u2026": "...",
        "\u2044": "/",
        "\u2215": "/",
        **dict.fromkeys("\t\u00a0\u1680\u202f\u205f\u3000" + "".join(map(chr, range(0x2000, 0x200B))), " "),
        **dict.fromkeys("\u2028\u2029", "\n"),
        **dict.fromkeys(
            "\u00ad\u180e\u200b\u200c\u200d\u200e\u200f\u202a\u202b\u202c\u202d\u2060\ufe0e\ufe0f\ufeff", ""
        ),
        # The Greek capitals that the alphabet leaves out because Latin ones look the same.
        **dict(
            zip(
                "\u0391\u0392\u0395\u0396\u0397\u0399\u039a\u039c\u039d\u039f\u03a1\u03a4\u03a5\u03a7",
                "ABEZHIKMNOPTYX",
                strict=True,
            )
        ),
    }
)
_GSM_PART: Final = (160, 153)
_UNICODE_PART: Final = (70, 67)


def gsm_text(text: str) -> str:
    """Give `text` with each character that has an exact look-alike in the GSM alphabet replaced by it."""
    return text if _GSM.issuperset(text) else normalize("NFC", text).translate(_LOOK_ALIKES)


def outside_gsm(text: str) -> list[tuple[str, int]]:
    """Give the characters of `text` without a look-alike in the GSM alphabet, each with its place from 1 on.

    A letter and the accent that is written after it are one character.
    """
    if _GSM.issuperset(text):
        return []
    characters = enumerate(normalize("NFC", text), 1)
    return [(each, place) for place, each in characters if not _GSM.issuperset(each.translate(_LOOK_ALIKES))]


def at_most(characters: int) -> AfterValidator:
    """Give what rejects a text of more characters."""

    def checked(text: str) -> str:
        if len(text) > characters:
            raise ValueError(f"must have {characters} characters or fewer, and has {len(text)}")
        return text

    return AfterValidator(checked)


def sms_parts(text: str) -> int:
    """Count the SMS parts that `text` travels in, each of which is billed."""
    if not _GSM.issuperset(text):
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
