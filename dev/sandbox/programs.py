"""Reading programs and enrolling contacts into them.

https://developer.dotdigital.com/reference/create-program-enrolment
"""

from typing import Annotated, Final
from uuid import uuid4

from pydantic import Field

from dev.sandbox.account import Program
from dev.sandbox.api import Request, Response, Route, V2Body, v2_body, v2_error
from dev.sandbox.clock import iso
from dev.sandbox.contact_book import Contact

_MOST_CONTACTS: Final = 25
_MOST_LISTS: Final = 10


class Enrolment(V2Body):
    """The body of POST /v2/programs/enrolments."""

    program_id: int
    contacts: Annotated[list[int], Field(min_length=1)] | None = None
    address_books: list[int] = Field(default_factory=list)


def get_programs(request: Request) -> Response:
    """Return a page of programs."""
    page = request.page(request.account.programs)
    return Response(200, [item.model_dump(by_alias=True, exclude={"enrolled"}) for item in page])


def post_enrolment(request: Request) -> Response:
    """Enrol contacts, or the contacts of lists; one unknown id fails the whole request.

    Contacts that may not be mailed or are inside already do not fail it: they become
    `enrolment_fault` effects, as they become report faults in Dotdigital.
    """
    if not request.state.limits.take_enrolment():
        raise v2_error(400, "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED")
    given = v2_body(request, Enrolment, "ERROR_ENROLMENT_INVALID")
    program = _program(request, given.program_id)
    contacts = _contacts(request, given)
    enrolment_id = str(uuid4())
    for contact in contacts:
        _enrol(request, program, contact, enrolment_id)
    enrolment = {
        "id": enrolment_id,
        "programId": program.id,
        "status": "Processing",
        "dateCreated": iso(request.state.clock.now()),
        "contacts": None,
        "addressBooks": None,
    }
    return Response(201, enrolment)


def _program(request: Request, number: int) -> Program:
    program = request.account.program(number)
    if program is None:
        raise v2_error(404, "ERROR_PROGRAM_NOT_FOUND")
    if program.status != "Active":
        raise v2_error(422, "ERROR_PROGRAM_NOT_ACTIVE")
    return program


def _contacts(request: Request, given: Enrolment) -> list[Contact]:
    """Return the contacts that the body names, each once; refuse what the documentation refuses."""
    account, numbers = request.account, given.contacts or []
    if not (numbers or given.address_books) or len(numbers) > _MOST_CONTACTS:
        raise v2_error(400, "ERROR_ENROLMENT_INVALID", f"Give 1 to {_MOST_CONTACTS} contacts.")
    if len(given.address_books) > _MOST_LISTS:
        raise v2_error(400, "ERROR_ADDRESSBOOK_TOOMANY")
    contacts = [contact for number in numbers if (contact := account.book.by_id(number)) is not None]
    if len(contacts) < len(numbers):
        raise v2_error(400, "ERROR_CONTACT_NOT_FOUND")
    if any(account.contact_list(number) is None for number in given.address_books):
        raise v2_error(400, "ERROR_ADDRESSBOOK_NOT_FOUND")
    members = [contact for number in given.address_books for contact in account.members(number)]
    return list({contact.contact_id: contact for contact in [*contacts, *members]}.values())


def _enrol(request: Request, program: Program, contact: Contact, enrolment_id: str) -> None:
    ids = {"programId": program.id, "contactId": contact.contact_id, "enrolmentId": enrolment_id}
    if contact.contact_id in program.enrolled:
        request.effect("enrolment_fault", **ids, reason="AlreadyInProgram")
    elif contact.status not in ("subscribed", "noSubscription"):
        request.effect("enrolment_fault", **ids, reason="Unsubscribed")
    else:
        program.enrolled.add(contact.contact_id)
        request.effect("enrolled", **ids)


ROUTES: Final = (
    Route("GET", "/v2/programs", get_programs, "low"),
    Route("POST", "/v2/programs/enrolments", post_enrolment, "unlimited", flat_exempt=True),
)
