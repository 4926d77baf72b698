"""Mobile numbers: E.164 with its +, or without it as the mapping says; international digits out.

A number without + is another country's wherever one guesses wrong, so nobody guesses.
https://developer.dotdigital.com/reference/channel-sms and https://www.rfc-editor.org/rfc/rfc3966 (tel:)
"""

import re
import unicodedata
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, Field, ValidationInfo

from delivery.fields.payload import reading_of
from delivery.fields.scalars import is_blank, text_of, without_outer_blanks

INTERNATIONAL: Final = "international"
_PLAIN: Final = re.compile(r"(\+?)([1-9][0-9]{6,14})")
_DECIMAL: Final = re.compile(r"[+-]?[0-9]+\.[0-9]{1,2}")
_WRITTEN: Final = re.compile(r"[,;:]*(?:tel:)?(\+?)([0-9]*)(?:\(0\)([0-9]*))?[,;:]*", re.IGNORECASE | re.ASCII)
_OTHER_BRACKETS: Final = re.compile(r"\((?!0\))|(?<!\(0)\)")
_SEPARATING: Final = frozenset({"Pc", "Pd", "Pf", "Pi"})
_SEPARATORS: Final = frozenset(
    "./\\'\"`<>\u00b4\u00b7\u2022\u2027\u2032\u2033\u2044\u2212\u2215\uff02\uff07\uff0e\uff0f\uff1c\uff1e\uff3c"
)
_WITHOUT: Final = "without extension"


def mobile_number_of(value: Any, country: str | None = None) -> str:
    """Give the digits of a whole number: `+44 7700 900-123` gives `447700900123`.

    `country` says how a number without + is read: the code of a region, or `international`; None takes none. Digits of
    any script count; what nobody sees, brackets, quotes, dots, slashes and dashes do not. Raises ValueError, that says
    what form is expected, for extensions, letters and lists of numbers.
    """
    from delivery.fields.numbering_plans import is_whole_number  # noqa: PLC0415

    text = text_of(value).strip()
    plain = _PLAIN.fullmatch(text)
    if plain and (plain[1] or country == INTERNATIONAL) and is_whole_number(plain[2]):
        return plain[2]
    digits = _read(text, country)
    if digits is None:
        raise ValueError(_form(country))
    return digits


def number_country_of(value: Any) -> str:
    """Give how numbers without + are read: the code of a region in capitals, or `international`. Raises ValueError."""
    from delivery.fields.numbering_plans import is_region  # noqa: PLC0415

    word = without_outer_blanks(text_of(value))
    if word.isascii() and (word.lower() == INTERNATIONAL or is_region(word.upper())):
        return INTERNATIONAL if word.lower() == INTERNATIONAL else word.upper()
    raise ValueError("must be the ISO 3166 code of a country that has phone numbers, such as GB, or international")


def _read(text: str, country: str | None) -> str | None:
    from delivery.fields.numbering_plans import is_calling_code, keeps_zero, whole_number  # noqa: PLC0415

    # 447700900123.0 is what a spreadsheet makes of a number, and no number has one digit more for it.
    written = None if _DECIMAL.fullmatch(text) else _WRITTEN.fullmatch(_compact(text))
    if not written or not (written[1] or country):
        return None
    region = None if written[1] or country == INTERNATIONAL else country
    start, rest = written[2], written[3]
    if rest is None:
        return whole_number(start, region)
    with_zero = f"{start}0{rest}"
    if is_calling_code(start, region) and not keeps_zero(with_zero):
        return whole_number(start + rest, region)
    return whole_number(with_zero, region)


def _compact(text: str) -> str:
    """Keep what counts of a number's text: digits as ASCII, +, a 0 in brackets, and what does not belong into one."""
    return _OTHER_BRACKETS.sub("", "".join(_counting(character) for character in text if not is_blank(character)))


def _counting(character: str) -> str:
    category = unicodedata.category(character)
    if category == "Nd":
        return str(unicodedata.digit(character))
    if category in ("Ps", "Pe"):
        return "(" if category == "Ps" else ")"
    if category in _SEPARATING or character in _SEPARATORS:
        return ""
    return "+" if character == "\uff0b" else character


def _form(country: str | None) -> str:
    if country is None:
        return (
            f"must be one whole number with + and its country code, {_WITHOUT}, such as +447700900123; "
            "where numbers have no +, map numberCountry to say which country's they are"
        )
    if country == INTERNATIONAL:
        return f"must be one whole number, the country code first, {_WITHOUT}, such as +447700900123 or 447700900123"
    return f"must be one whole number of {country}, or of any country with + and its country code, {_WITHOUT}"


def _mobile_number(value: Any, info: ValidationInfo) -> str:
    given = reading_of(info).given.get("numberCountry")
    try:
        country = None if given is None else number_country_of(given)
    except ValueError:
        # The payload is refused for that field, without which this one cannot be read.
        return ""
    return mobile_number_of(value, country)


MobileNumber = Annotated[str, BeforeValidator(_mobile_number)]
"""A number in a payload that has the field `NumberCountry` beside it."""
NumberCountry = Annotated[
    Annotated[str, BeforeValidator(number_country_of)] | None,
    Field(
        alias="numberCountry",
        title="Number Country",
        description="How to read a number without +: as a number of this country (its ISO 3166 code, such as GB), or "
        "international if the digits begin with the country code. Without it, such a number is rejected.",
    ),
]
