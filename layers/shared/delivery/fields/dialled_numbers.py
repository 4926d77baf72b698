"""Numbers as they are dialled, through phonenumbers, with no digit lost or made up.

phonenumbers takes out what is dialled for a carrier or for calls abroad, and puts in what it holds for left out:
Argentina's 9, Jersey's 1534. A number that it changes so is none here: the change may make it another person's.
https://github.com/daviddrysdale/python-phonenumbers
"""

from collections.abc import Set as AbstractSet
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from phonenumbers import PhoneNumber

_LENGTHS: Final = range(7, 16)
"""In digits: 15 is the most that E.164 has (https://www.itu.int/rec/T-REC-E.164)."""


def whole_number(digits: str, region: str | None) -> str | None:
    """Give the international digits that `digits` stand for, None where they are no number.

    Without a region they begin with the calling code, with one they are dialled within it. All that is taken out is the
    national prefix of the country (the 0 of 07700 900123), all that is put in is the calling code.
    """
    import phonenumbers  # noqa: PLC0415

    try:
        number = phonenumbers.parse(digits if region else f"+{digits}", region)
    except phonenumbers.NumberParseException:
        return None
    whole = _in_digits(number)
    possible = phonenumbers.is_possible_number_with_reason(number) == phonenumbers.ValidationResult.IS_POSSIBLE
    if not possible or len(whole) not in _LENGTHS or whole not in _readings(digits, number, region):
        return None
    return whole if region is None or _fits(number, region) else None


def keeps_zero(digits: str) -> bool:
    """Tell whether international digits are an assigned number as they stand: Italy's begin with a 0 that stays."""
    import phonenumbers  # noqa: PLC0415

    try:
        number = phonenumbers.parse(f"+{digits}")
    except phonenumbers.NumberParseException:
        return False
    return phonenumbers.is_valid_number(number) and _in_digits(number) == digits


def is_calling_code(digits: str, region: str | None) -> bool:
    """Tell whether digits are the calling code of the region, or without one of any country."""
    import phonenumbers  # noqa: PLC0415

    if region:
        return digits == str(phonenumbers.country_code_for_region(region))
    return digits in map(str, phonenumbers.COUNTRY_CODE_TO_REGION_CODE)


def is_region(code: str) -> bool:
    """Tell whether it is the ISO 3166 code of a country that has numbers, in capitals."""
    import phonenumbers  # noqa: PLC0415

    return code in phonenumbers.SUPPORTED_REGIONS


def _readings(digits: str, number: "PhoneNumber", region: str | None) -> AbstractSet[str]:
    import phonenumbers  # noqa: PLC0415

    code = str(number.country_code)
    national = digits if region else digits.removeprefix(code)
    own = region or phonenumbers.region_code_for_country_code(number.country_code or 0)
    prefix = phonenumbers.ndd_prefix_for_region(own, True) or ""
    return {digits, code + national, code + national.removeprefix(prefix)}


def _fits(number: "PhoneNumber", region: str) -> bool:
    import phonenumbers  # noqa: PLC0415

    metadata = phonenumbers.PhoneMetadata.metadata_for_region(region)
    general = metadata.general_desc if metadata else None
    lengths = general.possible_length if general else ()
    return len(phonenumbers.national_significant_number(number)) in lengths


def _in_digits(number: "PhoneNumber") -> str:
    import phonenumbers  # noqa: PLC0415

    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164).removeprefix("+")
