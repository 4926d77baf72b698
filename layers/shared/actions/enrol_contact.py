"""Enrol Contact to Program: create the contact if it is missing and enrol it into a program.

https://developer.dotdigital.com/reference/create-program-enrolment
"""

from typing import Any

from pydantic import Field

from actions import Action
from actions.fields.contact import ContactPayload
from actions.fields.scalars import Id
from dotdigital import Dotdigital


class EnrolContactPayload(ContactPayload):
    """The contact and the program."""

    program_id: Id = Field(alias="programId", title="Program", description="The program, which must be active.")


def perform(payload: EnrolContactPayload, dotdigital: Dotdigital) -> dict[str, Any]:
    """Make sure of the contact and enrol it. The upsert changes nothing of a contact that exists."""
    contact = dotdigital.contacts.upsert(payload.identifier)
    enrolment = dotdigital.programs.enrol(payload.program_id, [contact.id])
    return {"contactId": contact.id, "enrolmentId": enrolment}


ACTION = Action(
    name="enrol_contact",
    title="Enrol Contact to Program",
    description="Creates a program enrolment.",
    trigger='type = "track" and event = "Enrol Contact to Program"',
    payload=EnrolContactPayload,
    perform=perform,
    is_send=True,
)
