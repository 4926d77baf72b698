"""Delete Contact: delete a contact, as a person may ask for. Nothing is deleted until the mapping confirms it.

The contact itself goes, off every list, into Dotdigital's recycle bin: empty that to erase it. Segment's deletion
notice has only `userId`, so its contact is found only where userIds are e-mail addresses. No userId is taken for a
telephone number: it could be another person's. To take a contact off a list there is Remove Contact from List.

https://developer.dotdigital.com/reference/deletecontact
"""

from typing import Annotated, Any

from pydantic import AfterValidator, BeforeValidator, Field, WithJsonSchema

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.fields.contact import BY_EMAIL, BY_MOBILE_NUMBER, ContactPayload, MobileNumberIdentifier
from delivery.fields.email_addresses import address_of
from delivery.fields.payload import DefaultMapping, DependsOn, RequiredWhen
from delivery.fields.scalars import Flag
from delivery.outcome import Ids, Skipped
from dotdigital import Dotdigital, NotFoundError


def _address(value: Any) -> str:
    try:
        return address_of(value)
    except ValueError:
        text = (
            "must be one e-mail address. A deletion notice of Segment has only a userId: where userIds are no "
            "addresses, delete by an event that has the address, or by hand"
        )
        raise ValueError(text) from None


_Address = Annotated[str, BeforeValidator(_address), WithJsonSchema({"type": "string", "format": "email"})]


def _confirmed(confirm: bool) -> bool:
    if not confirm:
        raise ValueError("must be mapped to true to delete contacts; nothing was deleted")
    return confirm


class DeleteContactPayload(ContactPayload):
    """The contact, and the word that it is meant."""

    email_identifier: Annotated[
        _Address | None, DefaultMapping({"@path": "$.userId"}), DependsOn(BY_EMAIL), RequiredWhen(BY_EMAIL)
    ] = Field(
        None,
        alias="emailIdentifier",
        title="Email Address",
        description="The contact's e-mail address. Segment's deletion notices hold only a userId; if it is no "
        "address, the event is rejected.",
    )
    mobile_number_identifier: Annotated[
        MobileNumberIdentifier, DependsOn(BY_MOBILE_NUMBER), RequiredWhen(BY_MOBILE_NUMBER)
    ] = None
    confirm: Annotated[Flag, AfterValidator(_confirmed)] = Field(
        False,
        validate_default=True,
        title="Confirm",
        description="Must be true to delete contacts. Otherwise every event is rejected.",
    )


def perform(payload: DeleteContactPayload, dotdigital: Dotdigital) -> Ids | Skipped:
    """Delete the one contact that has the address or number; where there is none there is nothing to do."""
    try:
        contact_id = dotdigital.contacts.delete(payload.identifier)
    except NotFoundError:
        return Skipped("Dotdigital has no such contact")
    return Ids(contact_id=contact_id)


ACTION = Action(
    name="delete_contact",
    title="Delete Contact",
    description="Deletes a contact, which goes to Dotdigital's recycle bin.",
    trigger='type = "delete"',
    payload=DeleteContactPayload,
    perform=perform,
)

handler = handler_of(lambda: ActionFunction(ACTION))
