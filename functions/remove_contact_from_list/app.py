"""Remove Contact from List: take a contact off one list. The contact itself stays.

https://developer.dotdigital.com/reference/delete-contact-from-address-book
"""

from pydantic import Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.contacts import remove_from_list
from delivery.fields.contact import ContactPayload
from delivery.fields.scalars import Id
from delivery.outcome import Ids, Skipped
from dotdigital import Dotdigital


class RemoveContactFromListPayload(ContactPayload):
    """The contact and the list."""

    list_id: Id = Field(alias="listId", title="List", description="The list to remove the contact from.")


def perform(payload: RemoveContactFromListPayload, dotdigital: Dotdigital) -> Ids | Skipped:
    """Take the contact off the list; somebody unknown or not on it is skipped."""
    return remove_from_list(payload.identifier, payload.list_id, dotdigital)


ACTION = Action(
    name="remove_contact_from_list",
    title="Remove Contact from List",
    description="Removes a contact from a list.",
    trigger='type = "track" and event = "Remove Contact from List"',
    payload=RemoveContactFromListPayload,
    perform=perform,
)

handler = handler_of(lambda: ActionFunction(ACTION))
