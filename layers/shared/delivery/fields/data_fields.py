"""Values of data fields, in the type that the account gave each field.

https://developer.dotdigital.com/docs/data-handling
"""

import re
from collections.abc import Callable, Mapping
from typing import Any, Final

from delivery.fields.payload import PayloadError
from delivery.fields.scalars import folded, is_given, text_of
from delivery.fields.timestamps import timestamp_of
from dotdigital import DataField
from dotdigital.redaction import redact

NOT_OF_THE_ACCOUNT: Final = "is not a data field of the account; create it in Dotdigital first"
"""The reason of a data field that the event alone names: its name may be a person's."""

_LONGEST_TEXT: Final = 1000
_WHOLE: Final = re.compile(r"[+-]?\d{1,18}")
_NUMBER: Final = re.compile(r"[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?", re.IGNORECASE)
_LIMIT: Final = 10**18
_TRUE: Final = ("true", "yes", "1")
_FALSE: Final = ("false", "no", "0")


def typed_values(values: Mapping[str, Any], fields: Mapping[str, DataField]) -> dict[str, Any]:
    """Give `values` under the account's own names and in the types of `fields`; null stays null and clears the field.

    Blank text and an empty list count as not given, in a field of any type: they are left out.
    Raises PayloadError with every value that does not fit and every name that the account does not have.
    """
    typed: dict[str, Any] = {}
    problems: dict[str, str] = {}
    for name, value in values.items():
        if value is not None and not _is_given(value):
            continue
        field = fields.get(name)
        try:
            if field is None:
                raise ValueError(NOT_OF_THE_ACCOUNT)
            if field.name in typed:
                raise ValueError(f"is given twice: it is {field.name}")
            typed[field.name] = None if value is None else _typed(value, field.type)
        except ValueError as error:
            # Names come from the event where a mapping passes a whole object on.
            problems[f"dataFields.{redact(name)}"] = str(error)
    if problems:
        raise PayloadError(problems)
    return typed


def _is_given(value: Any) -> bool:
    return any(map(is_given, value)) if isinstance(value, list) else is_given(value)


def _typed(value: Any, type_name: str) -> Any:
    convert = _CONVERTERS.get(type_name)
    return value if convert is None else convert(value)


def _string(value: Any) -> str:
    values = [each for each in value if is_given(each)] if isinstance(value, list) else [value]
    if any(isinstance(each, list | dict) for each in values):
        raise ValueError("must be text, a number, a boolean, or a list of those")
    text = ",".join(text_of(each).strip() for each in values)
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"must have {_LONGEST_TEXT} characters or fewer, and has {len(text)}")
    return text


def _numeric(value: Any) -> int | float:
    if isinstance(value, str) and _NUMBER.fullmatch(value.strip()):
        value = _number_of(value.strip())
    if isinstance(value, int | float) and not isinstance(value, bool) and -_LIMIT < value < _LIMIT:
        return value
    raise ValueError("must be a number, with 18 digits or fewer before the decimal point")


def _number_of(text: str) -> int | float:
    if _WHOLE.fullmatch(text):
        return int(text)
    number = float(text)
    return int(number) if number.is_integer() else number


def _date(value: Any) -> str:
    return timestamp_of(value).isoformat(timespec="milliseconds").replace("+00:00", "Z")


def _boolean(value: Any) -> bool:
    text = "" if isinstance(value, list | dict) else folded(text_of(value))
    if text not in (*_TRUE, *_FALSE):
        raise ValueError("must be true or false, yes or no, 1 or 0")
    return text in _TRUE


_CONVERTERS: Final[Mapping[str, Callable[[Any], Any]]] = {
    "String": _string,
    "Numeric": _numeric,
    "Date": _date,
    "Boolean": _boolean,
}
