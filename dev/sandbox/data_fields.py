"""Reading and creating data fields.

https://developer.dotdigital.com/reference/get-contact-data-fields
"""

from __future__ import annotations

from typing import Annotated, Final, Literal

from pydantic import JsonValue, StringConstraints

from dev.sandbox.account import DataField, FieldType
from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.call import Call, Route, V2Body, v2_body

_RESTRICTED: Final = frozenset(
    {
        "account",
        "campaign",
        "campaignid",
        "contact",
        "contact_api_id",
        "contactid",
        "email",
        "hcontactid",
        "hemail",
        "hemail256",
        "id",
        "messagecontent",
        "mobilenumberid",
        "notes",
        "unsubscribed",
        "uniquecontactid",
    }
)


class NewDataField(V2Body):
    """The body of POST /v2/data-fields."""

    name: Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,20}$")]
    type: FieldType
    visibility: Literal["Public", "Private"] = "Private"
    default_value: JsonValue = None


def get_data_fields(call: Call) -> Answer:
    """Answer with all data fields; there is no paging."""
    return Answer(200, [field.as_json() for field in call.account.data_fields])


def post_data_field(call: Call) -> Answer:
    """Create a data field."""
    given = v2_body(call, NewDataField, "ERROR_DATAFIELD_INVALID")
    if given.name.lower() in _RESTRICTED:
        raise Refusal(v2_error(400, "ERROR_DATAFIELD_INVALID", "The name is restricted."))
    if call.account.data_field(given.name) is not None:
        raise Refusal(v2_error(400, "ERROR_NON_UNIQUE_DATAFIELD", "Field already exists."))
    field = DataField(**given.model_dump())
    call.account.data_fields.append(field)
    call.effect("data_field_created", name=field.name, type=field.type)
    return Answer(201, field.as_json())


ROUTES: Final = (
    Route("GET", "/v2/data-fields", get_data_fields, "low"),
    Route("POST", "/v2/data-fields", post_data_field, "medium"),
)
