"""Enrol Contact to Program: create the contact if it is missing and enrol it into a program.

https://developer.dotdigital.com/reference/create-program-enrolment
"""

from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from http import HTTPStatus
from itertools import batched

from pydantic import Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action, Claim, Result
from delivery.fields.contact import ContactWithNumberPayload
from delivery.fields.scalars import Id
from delivery.outcome import Ids
from delivery.upserts import Update, upsert_many
from dotdigital import Dotdigital, DotdigitalError, Identifier, RejectedError, RetryLaterError
from dotdigital.programs import MOST_CONTACTS


class EnrolContactPayload(ContactWithNumberPayload):
    """The contact and the program."""

    program_id: Id = Field(alias="programId", title="Program", description="The program, which must be active.")

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """No identifiers: the order of enrolments does not count."""
        return ()


def perform(payload: EnrolContactPayload, dotdigital: Dotdigital) -> Ids:
    """Make sure of the contact and enrol it. Of a contact that exists the upsert changes at most its number."""
    dotdigital.programs.check_allowance()
    details = payload.given_identifiers()
    contact = dotdigital.contacts.upsert(payload.identifier, details) or dotdigital.contacts.get(payload.identifier)
    enrolment = dotdigital.programs.enrol(payload.program_id, [contact.id])
    return Ids(contact_id=contact.id, enrolment_id=enrolment)


def send_many(
    payloads: Sequence[EnrolContactPayload], dotdigital: Dotdigital, claim: Claim
) -> Iterator[tuple[int, Result]]:
    """Make sure of all contacts and enrol those of one program, 25 in a request: an account has 20 of these an hour."""
    try:
        dotdigital.programs.check_allowance()
    except RetryLaterError as error:
        yield from ((position, error) for position in range(len(payloads)))
        return
    programs: dict[int, dict[int, list[int]]] = {}
    for position, contact in enumerate(_contacts(payloads, dotdigital)):
        if isinstance(contact, int):
            programs.setdefault(payloads[position].program_id, {}).setdefault(contact, []).append(position)
        else:
            yield position, contact
    for program, positions in programs.items():
        for some in batched(positions.items(), MOST_CONTACTS, strict=False):
            yield from _claim_and_enrol(program, dict(some), dotdigital, claim)


def _contacts(payloads: Sequence[EnrolContactPayload], dotdigital: Dotdigital) -> list[int | Exception]:
    updates = [Update(payload.identifier, payload.given_identifiers()) for payload in payloads]
    look_up = cache(lambda identifier: _look_up(identifier, dotdigital))
    return [
        look_up(payload.identifier) if contact is None else contact
        for payload, contact in zip(payloads, upsert_many(updates, dotdigital), strict=True)
    ]


def _look_up(identifier: Identifier, dotdigital: Dotdigital) -> int | DotdigitalError:
    try:
        return dotdigital.contacts.get(identifier).id
    except DotdigitalError as error:
        return error


def _claim_and_enrol(
    program: int, contacts: Mapping[int, Sequence[int]], dotdigital: Dotdigital, claim: Claim
) -> Iterator[tuple[int, Result]]:
    granted = set(claim([position for positions in contacts.values() for position in positions]))
    claimed = {contact: [one for one in positions if one in granted] for contact, positions in contacts.items()}
    yield from _enrol(program, {contact: positions for contact, positions in claimed.items() if positions}, dotdigital)


def _enrol(program: int, contacts: Mapping[int, Sequence[int]], dotdigital: Dotdigital) -> Iterator[tuple[int, Result]]:
    if not contacts:
        return
    try:
        done: str | DotdigitalError = dotdigital.programs.enrol(program, list(contacts))
    except DotdigitalError as error:
        done = error
    if isinstance(done, RejectedError) and _is_about_a_contact(done) and len(contacts) > 1:
        # One of them is at fault, and the others must not wait for it.
        for half in batched(contacts.items(), (len(contacts) + 1) // 2, strict=False):
            yield from _enrol(program, dict(half), dotdigital)
        return
    for contact, positions in contacts.items():
        result = Ids(contact_id=contact, enrolment_id=done) if isinstance(done, str) else done
        yield from ((position, result) for position in positions)


def _is_about_a_contact(error: RejectedError) -> bool:
    # Halving 25 costs up to 10 of the hour's 20 requests: not for what is said of the program or the account.
    said = (error.code or error.description).upper()
    is_about_another = any(word in said for word in ("PROGRAM", "ENROLMENT", "CONTACTS_ARE_NOT_SPECIFIED", "TOOMANY"))
    return error.status == HTTPStatus.BAD_REQUEST and not is_about_another and "CONTACT" in (error.code or "CONTACT")


ACTION = Action(
    name="enrol_contact",
    title="Enrol Contact to Program",
    description="Enrols a contact into a program.",
    trigger='type = "track" and event = "Enrol Contact to Program"',
    payload=EnrolContactPayload,
    perform=perform,
    is_send=True,
    send_many=send_many,
)

handler = handler_of(lambda: ActionFunction(ACTION))
