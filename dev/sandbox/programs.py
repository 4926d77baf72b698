"""Reading programs and enrolling contacts into them.

https://developer.dotdigital.com/reference/create-program-enrolment
"""

from __future__ import annotations

from typing import Annotated, Final
from uuid import uuid4

from pydantic import Field

from dev.sandbox.account import Program
from dev.sandbox.answers import Answer, Refusal, v2_error
from dev.sandbox.call import Call, Route, V2Body, page, v2_body
from dev.sandbox.clock import iso
from dev.sandbox.contact import Contact

_MOST_CONTACTS: Final = 25
_MOST_LISTS: Final = 10


class Enrolment(V2Body):
    """The body of POST /v2/programs/enrolments."""

    program_id: int
    contacts: Annotated[list[int], Field(min_length=1)] | None = None
    address_books: list[int] = Field(default_factory=list)


def get_programs(call: Call) -> Answer:
    """Answer with a page of programs."""
    rows = page(call, call.account.programs)
    return Answer(200, [item.model_dump(by_alias=True, exclude={"enrolled"}) for item in rows])


def post_enrolment(call: Call) -> Answer:
    """Enrol contacts, or the contacts of lists; one unknown id fails the whole call.

    Contacts that may not be mailed or are inside already do not fail it: they become
    `enrolment_fault` effects, as they become report faults in Dotdigital.
    """
    if refused := call.state.limits.take_enrolment():
        raise Refusal(refused)
    given = v2_body(call, Enrolment, "ERROR_ENROLMENT_INVALID")
    program = _program(call, given.program_id)
    contacts = _contacts(call, given)
    enrolment_id = str(uuid4())
    for contact in contacts:
        _enrol(call, program, contact, enrolment_id)
    answer = {
        "id": enrolment_id,
        "programId": program.id,
        "status": "Processing",
        "dateCreated": iso(call.state.clock.now()),
        "contacts": None,
        "addressBooks": None,
    }
    return Answer(201, answer)


def _program(call: Call, number: int) -> Program:
    program = call.account.program(number)
    if program is None:
        raise Refusal(v2_error(404, "ERROR_PROGRAM_NOT_FOUND"))
    if program.status != "Active":
        raise Refusal(v2_error(422, "ERROR_PROGRAM_NOT_ACTIVE"))
    return program


def _contacts(call: Call, given: Enrolment) -> list[Contact]:
    """The contacts that the body names, each once; refuses what the documentation refuses."""
    contacts = given.contacts or []
    if not (contacts or given.address_books) or len(contacts) > _MOST_CONTACTS:
        text = f"Give 1 to {_MOST_CONTACTS} contacts."
        raise Refusal(v2_error(400, "ERROR_ENROLMENT_INVALID", text))
    if len(given.address_books) > _MOST_LISTS:
        raise Refusal(v2_error(400, "ERROR_ADDRESSBOOK_TOOMANY"))
    named = {number: call.account.book.by_id(number) for number in contacts}
    if None in named.values():
        raise Refusal(v2_error(400, "ERROR_CONTACT_NOT_FOUND"))
    if any(call.account.contact_list(number) is None for number in given.address_books):
        raise Refusal(v2_error(400, "ERROR_ADDRESSBOOK_NOT_FOUND"))
    members = [one for number in given.address_books for one in call.account.members(number)]
    found = [one for one in named.values() if one is not None]
    return list({one.contact_id: one for one in [*found, *members]}.values())


def _enrol(call: Call, program: Program, contact: Contact, enrolment_id: str) -> None:
    ids = {
        "programId": program.id,
        "contactId": contact.contact_id,
        "enrolmentId": enrolment_id,
    }
    if contact.contact_id in program.enrolled:
        call.effect("enrolment_fault", **ids, reason="AlreadyInProgram")
    elif contact.status not in ("subscribed", "noSubscription"):
        call.effect("enrolment_fault", **ids, reason="Unsubscribed")
    else:
        program.enrolled.add(contact.contact_id)
        call.effect("enrolled", **ids)


ROUTES: Final = (
    Route("GET", "/v2/programs", get_programs, "low"),
    Route("POST", "/v2/programs/enrolments", post_enrolment, "unlimited", flat_exempt=True),
)
