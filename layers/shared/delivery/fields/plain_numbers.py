"""Numbers that are nothing but digits and need no parsing, by phonenumbers' own metadata.

phonenumbers takes half of the time of an SMS to parse one, most of it for what such a number has not: separators,
extensions, a prefix for calls within the country. https://github.com/daviddrysdale/python-phonenumbers
"""

import re
from functools import cache
from typing import Final, NamedTuple

_LONGEST_CALLING_CODE: Final = 3


class _Numbering(NamedTuple):
    lengths: frozenset[int]
    national_prefix: re.Pattern[str] | None


def is_whole_number(digits: str) -> bool:
    """Tell whether ASCII digits are an international number as they stand: a calling code, then as many as go with it.

    False where that takes more to tell: a prefix for calls within the country may follow the calling code.
    """
    for length in range(1, _LONGEST_CALLING_CODE + 1):
        if numbering := _numbering(digits[:length]):
            national, prefix = digits[length:], numbering.national_prefix
            return len(national) in numbering.lengths and not (prefix and prefix.match(national))
    return False


@cache
def _numbering(calling_code: str) -> _Numbering | None:
    import phonenumbers  # noqa: PLC0415

    code = int(calling_code)
    region = phonenumbers.region_code_for_country_code(code)
    metadata = phonenumbers.PhoneMetadata.metadata_for_region_or_calling_code(code, region)
    if not metadata or not metadata.general_desc:
        return None
    prefix = metadata.national_prefix_for_parsing
    lengths = frozenset(length for length in metadata.general_desc.possible_length if length > 0)
    return _Numbering(lengths, re.compile(prefix) if prefix else None)
