"""Mobile numbers, through phonenumbers: international form in, international digits out.

https://developer.dotdigital.com/reference/channel-sms
"""

import re
from typing import Annotated, Any, Final

import phonenumbers
from phonenumbers import PhoneNumberFormat, ValidationResult
from pydantic import BeforeValidator

from actions.fields.scalars import text_of

_FORM: Final = (
    "must be a whole international number, the country code first: +447700900123 or 447700900123, without extension"
)
_FEWEST_DIGITS: Final = 7
_WRITTEN: Final = re.compile(r"[+\uff0b]?([\d(][\d ().\-/\u00a0\u2010-\u2015]*)")


def mobile_number_of(value: Any) -> str:
    """Give the digits of an international number: `+44 7700 900-123` and `447700900123` give `447700900123`.

    Raises ValueError, that says what form is expected, for local numbers, extensions, letters and lists of numbers.
    """
    written = _WRITTEN.fullmatch(text_of(value).strip())
    if not written:
        raise ValueError(_FORM)
    try:
        number = phonenumbers.parse(f"+{written[1]}")
    except phonenumbers.NumberParseException:
        raise ValueError(_FORM) from None
    digits = phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")
    is_whole = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if not is_whole or len(digits) < _FEWEST_DIGITS:
        raise ValueError(_FORM)
    return digits


MobileNumber = Annotated[str, BeforeValidator(mobile_number_of)]
