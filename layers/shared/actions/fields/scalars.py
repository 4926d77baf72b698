"""Text, flags and ids, coerced as Segment coerces them and no further.

Segment takes a list of one for its element, numbers and booleans for text, "true" and "false" and 1 and 0 for flags. It
also takes true, "0x10", 12.75 and -4 for an id; an id here is a whole number from 1 to 2147483647, or its digits.
"""

from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

_GREATEST_ID: Final = 2**31 - 1


def text_of(value: Any) -> str:
    """Give `value` as text. Raises ValueError for an object, a list or null."""
    value = _only(value)
    match value:
        case bool():
            return str(value).lower()
        case float() if value.is_integer() and abs(value) < 1e21:  # noqa: PLR2004 - where JSON numbers turn to exponents
            return str(int(value))
        case str() | int() | float():
            return str(value)
        case _:
            raise ValueError("must be text")


def flag_of(value: Any) -> bool:
    """Give `value` as a boolean. Raises ValueError for anything but true, false, "true", "false", 1 and 0."""
    value = _only(value)
    if isinstance(value, bool):
        return value
    if isinstance(value, str) and value in ("true", "false"):
        return value == "true"
    if isinstance(value, int | float) and value in (0, 1):
        return value == 1
    raise ValueError("must be true or false")


def id_of(value: Any) -> int:
    """Give `value` as an id. Raises ValueError for anything but a whole number above 0 or its digits."""
    if isinstance(value, str) and value.strip().isascii() and value.strip().isdigit():
        value = int(value.strip()[:20])
    if isinstance(value, float) and value.is_integer():
        value = int(value)
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= _GREATEST_ID:
        raise ValueError("must be a whole number above 0, an id as Dotdigital shows it")
    return value


def _only(value: Any) -> Any:
    return value[0] if isinstance(value, list) and len(value) == 1 else value


Text = Annotated[str, BeforeValidator(text_of)]
Flag = Annotated[bool, BeforeValidator(flag_of)]
Id = Annotated[int, BeforeValidator(id_of), WithJsonSchema({"type": "integer", "minimum": 1})]
