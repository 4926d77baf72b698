"""Whether the values of data fields fit the account's fields.

Types: https://developer.dotdigital.com/reference/get-contact-data-fields. Text has at most
1,000 characters, a number 18 digits before and 9 after the point.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from datetime import datetime
from typing import Final

from pydantic import JsonValue

from dev.sandbox.account import Account, FieldType

_LONGEST_TEXT: Final = 1000
_NUMBER_BOUND: Final = 10**18


def field_values(
    account: Account, given: Mapping[str, JsonValue]
) -> tuple[dict[str, JsonValue], list[tuple[str, str]]]:
    """The values under the account's own names, and what is wrong with which field.

    Names match without regard to case; null fits every type.
    """
    values: dict[str, JsonValue] = {}
    problems: list[tuple[str, str]] = []
    for name, value in given.items():
        field = account.data_field(name)
        if field is None:
            problems.append((f"dataFields.{name}", "Data field not found"))
        elif value is not None and (fault := _fault(field.type, value)):
            problems.append((f"dataFields.{name}", fault))
        else:
            values[field.name] = value
    return values, problems


def _fault(kind: FieldType, value: JsonValue) -> str | None:
    match kind:
        case "String" if isinstance(value, str):
            return "Value is too long" if len(value) > _LONGEST_TEXT else None
        case "Numeric" if isinstance(value, int | float) and not isinstance(value, bool):
            fits = math.isfinite(value) and abs(value) < _NUMBER_BOUND
            return None if fits else "Value is too large"
        case "Boolean" if isinstance(value, bool):
            return None
        case "Date" if isinstance(value, str) and _is_date(value):
            return None
    return f"Value is not a {kind}"


def _is_date(text: str) -> bool:
    try:
        datetime.fromisoformat(text)
    except ValueError:
        return False
    return True
