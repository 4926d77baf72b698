"""Mobile numbers, through phonenumbers: international form in, international digits out.

https://developer.dotdigital.com/reference/channel-sms
"""

import re
from typing import Annotated, Any, Final

import phonenumbers
from pydantic import BeforeValidator

from actions.fields.scalars import text_of

_FORM: Final = (
    "must be a whole international number, the country code first: +447700900123 or 447700900123, without extension"
)
_WRITTEN: Final = re.compile(r"\+?[\d\s().\-/\u00a0\u2010-\u2015]+")


def mobile_number_of(value: Any) -> str:
    """Give the digits of an international number: `+44 7700 900-123` and `447700900123` give `447700900123`.

    Raises ValueError, that says what form is expected, for local numbers, extensions, letters and lists of numbers.
    """
    written = text_of(value).strip()
    if not _WRITTEN.fullmatch(written):
        raise ValueError(_FORM)
    try:
        number = phonenumbers.parse(written if written.startswith("+") else f"+{written}")
    except phonenumbers.NumberParseException:
        raise ValueError(_FORM) from None
    if number.extension or not phonenumbers.is_possible_number(number):
        raise ValueError(_FORM)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")


MobileNumber = Annotated[str, BeforeValidator(mobile_number_of)]
