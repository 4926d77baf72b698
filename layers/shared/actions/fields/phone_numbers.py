"""Mobile numbers, through phonenumbers: international form in, international digits out.

https://developer.dotdigital.com/reference/channel-sms
"""

import re
from typing import Annotated, Any, Final

from pydantic import BeforeValidator

from actions.fields.plain_numbers import is_whole_number
from actions.fields.scalars import text_of

_FORM: Final = (
    "must be a whole international number, the country code first: +447700900123 or 447700900123, without extension"
)
_FEWEST_DIGITS: Final = 7
_PLAIN: Final = re.compile(r"\+?([1-9][0-9]{6,16})")
_WRITTEN: Final = re.compile(r"[+\uff0b]?([\d(][\d ().\-/\u00a0\u2010-\u2015]*)")


def mobile_number_of(value: Any) -> str:
    """Give the digits of an international number: `+44 7700 900-123` and `447700900123` give `447700900123`.

    Raises ValueError, that says what form is expected, for local numbers, extensions, letters and lists of numbers.
    """
    text = text_of(value).strip()
    plain = _PLAIN.fullmatch(text)
    return plain[1] if plain and is_whole_number(plain[1]) else _parsed(text)


def _parsed(text: str) -> str:
    import phonenumbers  # noqa: PLC0415

    written = _WRITTEN.fullmatch(text)
    if not written:
        raise ValueError(_FORM)
    try:
        number = phonenumbers.parse(f"+{written[1]}")
    except phonenumbers.NumberParseException:
        raise ValueError(_FORM) from None
    digits = phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
    possible = phonenumbers.is_possible_number_with_reason(number)
    if possible != phonenumbers.ValidationResult.IS_POSSIBLE or len(digits) < _FEWEST_DIGITS:
        raise ValueError(_FORM)
    return digits


MobileNumber = Annotated[str, BeforeValidator(mobile_number_of)]
