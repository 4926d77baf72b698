"""The numbering plans of the world's countries, as phonenumbers has them; no digit is lost or made up.

phonenumbers takes out what is dialled for a carrier or for calls abroad, and puts in what it holds for left out:
Argentina's 9, Jersey's 1534. A number that it changes so is none here: the change may make it another person's.
phone_numbers imports this module where a number is read, for what it loads takes its time.
https://github.com/daviddrysdale/python-phonenumbers
"""

import re
from collections.abc import Set as AbstractSet
from functools import cache
from typing import Final, NamedTuple

import phonenumbers
from phonenumbers import PhoneMetadata, PhoneNumber, PhoneNumberFormat, ValidationResult

_LENGTHS: Final = range(7, 16)
"""In digits: 15 is the most that E.164 has (https://www.itu.int/rec/T-REC-E.164)."""
_LONGEST_CALLING_CODE: Final = 3


class _Plan(NamedTuple):
    lengths: frozenset[int]
    national_prefix: re.Pattern[str] | None


def is_whole_number(digits: str) -> bool:
    """Tell whether ASCII digits are an international number as they stand: a calling code, then as many as go with it.

    False where that takes more to tell: a prefix for calls within the country may follow the calling code. To parse a
    number takes half of the time of an SMS, most of it for what such a number lacks: separators, extensions, a prefix.
    """
    for length in range(1, _LONGEST_CALLING_CODE + 1):
        if plan := _plan_of(digits[:length]):
            national, prefix = digits[length:], plan.national_prefix
            return len(national) in plan.lengths and not (prefix and prefix.match(national))
    return False


def whole_number(digits: str, region: str | None) -> str | None:
    """Give the international digits that `digits` stand for, None where they are no number.

    Without a region they begin with the calling code, with one they are dialled within it. All that is taken out is the
    national prefix of the country (the 0 of 07700 900123), all that is put in is the calling code.
    """
    try:
        number = phonenumbers.parse(digits if region else f"+{digits}", region)
    except phonenumbers.NumberParseException:
        return None
    whole = _in_digits(number)
    possible = phonenumbers.is_possible_number_with_reason(number) == ValidationResult.IS_POSSIBLE
    if not possible or len(whole) not in _LENGTHS or whole not in _readings(digits, number, region):
        return None
    return whole if region is None or _fits(number, region) else None


def keeps_zero(digits: str) -> bool:
    """Tell whether international digits are an assigned number as they stand: Italy's begin with a 0 that stays."""
    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and _in_digits(number) == digits


def is_calling_code(digits: str, region: str | None) -> bool:
    """Tell whether digits are the calling code of the region, or without one of any country."""
    if region:
        return digits == str(phonenumbers.country_code_for_region(region))
    return digits in map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def is_region(code: str) -> bool:
    """Tell whether it is the ISO 3166 code of a country that has numbers, in capitals."""
    return code in phonenumbers.SUPPORTED_REGIONS


@cache
def _plan_of(calling_code: str) -> _Plan | None:
    code = int(calling_code)
    region = phonenumbers.region_code_for_country_code(code)
    metadata = PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if not metadata or not metadata.general_desc:
        return None
    prefix = metadata.national_prefix_for_parsing
    lengths = frozenset(length for length in metadata.general_desc.possible_length if length > 0)
    return _Plan(lengths, re.compile(prefix) if prefix else None)


def _readings(digits: str, number: PhoneNumber, region: str | None) -> AbstractSet[str]:
    code = str(number.country_code)
    national = digits if region else digits.removeprefix(code)
    own = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    prefix = phonenumbers.ndd_prefix_for_region(own, True) or ""
    return {digits, code + national, code + national.removeprefix(prefix)}


def _fits(number: PhoneNumber, region: str) -> bool:
    metadata = PhoneMetadata.metadata_for_region(region)
    general = metadata.general_desc if metadata else None
    lengths = general.possible_length if general else ()
    return len(phonenumbers.national_significant_number(number)) in lengths


def _in_digits(number: PhoneNumber) -> str:
    return phonenumbers.format_number(number, PhoneNumberFormat.E164).removeprefix("+")
