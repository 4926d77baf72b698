"""Reading and creating data fields, and whether the values of a contact fit them.

https://developer.dotdigital.com/reference/get-contact-data-fields
"""

import math
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import JsonValue, StringConstraints

from dev.sandbox.account import Account, DataField, FieldType
from dev.sandbox.api import Request, Response, Route, V2Body, bad_request, v2_body, v2_error

_RESTRICTED: Final = frozenset(
    {"account", "campaign", "campaignid", "contact", "contact_api_id", "contactid", "email", "hcontactid", "hemail"}
    | {"hemail256", "id", "messagecontent", "mobilenumberid", "notes", "unsubscribed", "uniquecontactid"}
)
_LONGEST_TEXT: Final = 1000
_NUMBER_BOUND: Final = 10**18
"""A number has at most 18 digits before the point."""


class NewDataField(V2Body):
    """The body of POST /v2/data-fields."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    type: FieldType
    visibility: Literal["Public", "Private"] = "Private"
    default_value: JsonValue = None


def get_data_fields(request: Request) -> Response:
    """Return all data fields; there is no paging."""
    return Response(200, [field.as_json() for field in request.account.data_fields])


def post_data_field(request: Request) -> Response:
    """Create a data field."""
    given = v2_body(request, NewDataField, "ERROR_DATAFIELD_INVALID")
    if given.name.lower() in _RESTRICTED:
        raise v2_error(400, "ERROR_DATAFIELD_INVALID", "The name is restricted.")
    if request.account.data_field(given.name) is not None:
        raise v2_error(400, "ERROR_NON_UNIQUE_DATAFIELD", "Field already exists.")
    field = DataField(**given.model_dump())
    request.account.data_fields.append(field)
    request.effect("data_field_created", name=field.name, type=field.type)
    return Response(201, field.as_json())


def checked_values(account: Account, given: Mapping[str, JsonValue], lists: Sequence[int]) -> dict[str, JsonValue]:
    """Return the values of a contact's data fields under the account's own names, case aside.

    Refuses with 400 unknown fields, values of a wrong type (null fits every type) and lists that are unknown or
    reserved, all of them in one response.
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
    for number in lists:
        found = account.contact_list(number)
        if found is None or not found.writable:
            problems.append(("lists", f"List {number} is not found or takes no contacts"))
    if problems:
        raise bad_request(problems)
    return values


def _fault(kind: FieldType, value: JsonValue) -> str | None:
    match kind:
        case "String" if isinstance(value, str):
            return "Value is too long" if len(value) > _LONGEST_TEXT else None
        case "Numeric" if isinstance(value, int | float) and not isinstance(value, bool):
            return None if math.isfinite(value) and abs(value) < _NUMBER_BOUND else "Value is too large"
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


ROUTES: Final = (
    Route("GET", "/v2/data-fields", get_data_fields, "low"),
    Route("POST", "/v2/data-fields", post_data_field, "medium"),
)
