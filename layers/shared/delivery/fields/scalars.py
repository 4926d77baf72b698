"""Text, flags, ids, choices and web addresses: coerced as Segment coerces them and no further.

Segment takes a list of one for its element, numbers and booleans for text, "true" and "false" and 1 and 0 for flags. It
also takes true, "0x10", 12.75, -4 and [77] for an id; an id here is a whole number from 1 to 2147483647, or its digits.
Beyond Segment, flags and choices are read without regard to case and to the blanks around them.
Blanks are what nobody sees in a text (https://www.unicode.org/reports/tr44/#General_Category_Values).
"""

import re
import unicodedata
from collections.abc import Iterator
from collections.abc import Set as AbstractSet
from typing import Annotated, Any, Final, get_args
from urllib.parse import quote, urlsplit, urlunsplit

from pydantic import BeforeValidator, GetCoreSchemaHandler, HttpUrl, ValidationError, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

_GREATEST_ID: Final = 2**31 - 1
_EXPONENTS_FROM: Final = 1e21
_BLANK_CATEGORIES: Final = frozenset({"Zs", "Zl", "Zp", "Cc", "Cf"})
"""Spaces of all kinds, line breaks and other controls, and what only directs how text is shown."""
_OTHER_BLANKS: Final = frozenset(
    [
        *(chr(point) for some in ((0x180B, 0x1810), (0xFE00, 0xFE10), (0xE0100, 0xE01F0)) for point in range(*some)),
        *"\u034f\u115f\u1160\u17b4\u17b5\u2800\u3164\uffa0",
    ]
)
"""Variation selectors, and the joiners, fillers and blanks that Unicode counts among marks, letters and symbols."""
_WEB_ADDRESS: Final = re.compile(r"https?://\S+", re.IGNORECASE)
_ALLOWED: Final = "!$&'()*+,;=:@/%~"
_CHARACTER: Final = r"(?:[A-Za-z0-9\-._~!$&'()*+,;=:@/]|%[0-9A-Fa-f]{2})"
_URI: Final = re.compile(
    rf"https?://(?:\[[0-9A-Fa-f:.]+\]|{_CHARACTER})+(?:\?(?:{_CHARACTER}|\?)*)?(?:#(?:{_CHARACTER}|\?)*)?",
    re.IGNORECASE,
)
_STRAY_PERCENT: Final = re.compile(r"%(?![0-9A-Fa-f]{2})")


def text_of(value: Any) -> str:
    """Give `value` as text. Raises ValueError for an object, a list or null."""
    if isinstance(value, str):
        return value
    match only_element_of(value):
        case bool() as flag:
            return "true" if flag else "false"
        case float() as number if number.is_integer() and abs(number) < _EXPONENTS_FROM:
            return str(int(number))
        case str() | int() | float() as scalar:
            return str(scalar)
        case _:
            raise ValueError("must be text")


def flag_of(value: Any) -> bool:
    """Give `value` as a boolean. Raises ValueError for anything but true, false, "true", "false", 1 and 0."""
    if isinstance(value, bool):
        return value
    only = only_element_of(value)
    match folded(only) if isinstance(only, str) else only:
        case True | "true" | 1:
            return True
        case False | "false" | 0:
            return False
        case _:
            raise ValueError("must be true or false")


def id_of(value: Any) -> int:
    """Give `value` as an id. Raises ValueError for anything but a whole number above 0 or its digits."""
    match value:
        case str() as text if text.strip().isascii() and text.strip().isdigit():
            number = int(text.strip()[:20])
        case float() if value.is_integer():
            number = int(value)
        case int() if not isinstance(value, bool):
            number = value
        case _:
            number = 0
    if not 0 < number <= _GREATEST_ID:
        raise ValueError("must be a whole number above 0, an id as Dotdigital shows it")
    return number


def only_element_of(value: Any) -> Any:
    """Give the element of a list of one, and anything else as it is."""
    return value[0] if isinstance(value, list) and len(value) == 1 else value


def web_address_of(value: Any) -> str:
    """Give an http or https address as a URI, in ASCII. Raises ValueError for what cannot be one.

    What is a URI already stays as it is written. Elsewhere the host goes out in Punycode and other letters
    percent-encoded. https://www.rfc-editor.org/rfc/rfc3986
    """
    text = text_of(value).strip()
    try:
        parsed = str(HttpUrl(text))
    except ValidationError:
        parsed = ""
    address = text if _URI.fullmatch(text) else _encoded(parsed)
    if not _WEB_ADDRESS.fullmatch(text) or not text.isprintable() or not _URI.fullmatch(address) or not parsed:
        raise ValueError("must be a whole web address, such as https://example.com/welcome")
    return address


def is_given(value: Any) -> bool:
    """Tell whether a value says something: null does not, and neither does a text, or a list of one, that is blank."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    return value is not None and not (isinstance(value, str) and all(map(is_blank, value)))


def without_outer_blanks(text: str, also: AbstractSet[str] = frozenset()) -> str:
    """Give `text` without the blanks, and the characters of `also`, at both of its ends."""
    first, end = 0, len(text)
    while first < end and (text[first] in also or is_blank(text[first])):
        first += 1
    while first < end and (text[end - 1] in also or is_blank(text[end - 1])):
        end -= 1
    return text[first:end]


def folded(text: str) -> str:
    """Give `text` as choices and flags are compared: without its outer blanks, in lower case."""
    return without_outer_blanks(text).lower()


def is_blank(character: str) -> bool:
    """Tell whether nobody sees the character."""
    return unicodedata.category(character) in _BLANK_CATEGORIES or character in _OTHER_BLANKS


def _encoded(url: str) -> str:
    scheme, host, path, query, fragment = urlsplit(_STRAY_PERCENT.sub("%25", url))
    encoded = (quote(path, _ALLOWED), quote(query, _ALLOWED + "?"), quote(fragment, _ALLOWED + "?"))
    return urlunsplit((scheme, host, *encoded))


class _Choice:
    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        spellings = {choice.lower(): choice for choice in _choices(source)}

        def chosen(value: Any) -> Any:
            only = only_element_of(value)
            return spellings.get(folded(only), only) if isinstance(only, str) else only

        return core_schema.no_info_before_validator_function(chosen, handler(source))


def _choices(source: Any) -> Iterator[str]:
    for item in get_args(source):
        if isinstance(item, str):
            yield item
        else:
            yield from _choices(item)


Text = Annotated[str, BeforeValidator(text_of)]
Flag = Annotated[bool, BeforeValidator(flag_of)]
Id = Annotated[int, BeforeValidator(id_of), WithJsonSchema({"type": "integer", "minimum": 1})]
WebAddress = Annotated[str, BeforeValidator(web_address_of), WithJsonSchema({"type": "string", "format": "uri"})]
Choice: Final = _Choice()
"""What turns a Literal into a field with choices."""
