"""Creates a data field that an account lacks. https://developer.dotdigital.com/reference/create-contact-data-field."""

from typing import Any, Literal

from pydantic import BaseModel, ConfigDict

from aws.account import ConflictError, RequestError, read_body
from dotdigital import DataField, Dotdigital, RejectedError


class NewDataField(BaseModel):
    """What a new data field is to be."""

    model_config = ConfigDict(extra="forbid", strict=True)

    name: str
    type: Literal["String", "Numeric", "Date", "Boolean"]
    visibility: Literal["Private", "Public"] = "Private"


def create_data_field(dotdigital: Dotdigital, content: Any) -> DataField:
    """Create the data field that `content` describes and give it as the account has it then.

    One that is there already with that type counts as created. Raises RequestError for a name or type that Dotdigital
    does not take, before any request, and ConflictError where the account has the name with another type.
    """
    asked = read_body(NewDataField, content)
    try:
        dotdigital.data_fields.create(asked.name, asked.type, asked.visibility)
    except RejectedError as error:
        if error.status is None:
            raise RequestError(f"name: {error.description}") from None
        raise
    found = dotdigital.data_fields.look_up([asked.name]).get(asked.name, DataField(asked.name, asked.type))
    if found.type != asked.type:
        raise ConflictError(f"name: the account has a data field of that name, of type {found.type}")
    return found
