"""Remove Contact from List: take a contact off one list. The contact itself stays.

https://developer.dotdigital.com/reference/delete-contact-from-address-book
"""

from typing import Any

from pydantic import Field

from actions import Action
from actions.batches.list_removal import remove_from_list
from actions.delivery.outcome import Skipped
from actions.fields.contact import ContactPayload
from actions.fields.scalars import Id
from dotdigital import Dotdigital


class RemoveContactFromListPayload(ContactPayload):
    """The contact and the list."""

    list_id: Id = Field(alias="listId", title="List", description="The list to remove the contact from.")


def perform(payload: RemoveContactFromListPayload, dotdigital: Dotdigital) -> dict[str, Any] | Skipped:
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
