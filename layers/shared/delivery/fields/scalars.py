"""Text, flags, ids and choices, coerced as Segment coerces them and no further.

Segment takes a list of one for its element, numbers and booleans for text, "true" and "false" and 1 and 0 for flags. It
also takes true, "0x10", 12.75, -4 and [77] for an id; an id here is a whole number from 1 to 2147483647, or its digits.
Beyond Segment, flags and choices are read without regard to case and to the blanks around them.
"""

from collections.abc import Iterator
from typing import Annotated, Any, Final, get_args

from pydantic import BeforeValidator, GetCoreSchemaHandler, WithJsonSchema
from pydantic_core import CoreSchema, core_schema

from delivery.fields.blanks import folded

_GREATEST_ID: Final = 2**31 - 1
_EXPONENTS_FROM: Final = 1e21


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
Choice: Final = _Choice()
"""What turns a Literal into a field with choices."""
