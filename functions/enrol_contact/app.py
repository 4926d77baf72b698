"""Enrol Contact to Program: create the contact if it is missing and enrol it into a program.

https://developer.dotdigital.com/reference/create-program-enrolment
"""

from collections.abc import Iterator, Mapping, Sequence
from http import HTTPStatus
from itertools import batched
from operator import itemgetter
from typing import Any

from pydantic import Field

from aws.handler import ActionFunction
from aws.start import handler_of
from delivery.action import Action
from delivery.batch import Batch, Result
from delivery.fields.contact import ContactWithNumberPayload
from delivery.fields.scalars import Id
from delivery.upserts import Update, upsert_batch
from dotdigital import Dotdigital, DotdigitalError, Identifier, RejectedError, RetryLaterError
from dotdigital.programs import MOST_CONTACTS


class EnrolContactPayload(ContactWithNumberPayload):
    """The contact and the program."""

    program_id: Id = Field(alias="programId", title="Program", description="The program, which must be active.")

    @property
    def identifiers(self) -> tuple[Identifier, ...]:
        """None: it is the same in which order a contact is enrolled."""
        return ()


def perform(payload: EnrolContactPayload, dotdigital: Dotdigital) -> dict[str, Any]:
    """Make sure of the contact and enrol it. Of a contact that exists the upsert changes at most its number."""
    dotdigital.programs.check_allowance()
    details = payload.given_identifiers()
    contact = dotdigital.contacts.upsert(payload.identifier, details) or dotdigital.contacts.get(payload.identifier)
    enrolment = dotdigital.programs.enrol(payload.program_id, [contact.id])
    return {"contactId": contact.id, "enrolmentId": enrolment}


def perform_batch(batch: Batch[EnrolContactPayload]) -> Iterator[tuple[int, Result]]:
    """Make sure of all contacts and enrol those of one program in calls of 25: an account has 20 calls an hour."""
    try:
        batch.dotdigital.programs.check_allowance()
    except RetryLaterError as error:
        yield from ((position, error) for position in range(len(batch.payloads)))
        return
    updates = {
        position: Update(payload.identifier, payload.given_identifiers())
        for position, payload in enumerate(batch.payloads)
    }
    programs: dict[int, dict[int, list[int]]] = {}
    read: dict[Identifier, int | DotdigitalError] = {}
    for position, done in sorted(upsert_batch(updates, batch.dotdigital), key=itemgetter(0)):
        payload, contact = batch.payloads[position], done
        if contact is None:
            contact = read.get(payload.identifier) or _look_up(payload.identifier, batch.dotdigital)
            read[payload.identifier] = contact
        if isinstance(contact, int):
            programs.setdefault(payload.program_id, {}).setdefault(contact, []).append(position)
        else:
            yield position, contact
    for program, positions in programs.items():
        for some in batched(positions.items(), MOST_CONTACTS, strict=False):
            yield from _enrol_claimed(batch, program, dict(some))


def _look_up(identifier: Identifier, dotdigital: Dotdigital) -> int | DotdigitalError:
    try:
        return dotdigital.contacts.get(identifier).id
    except DotdigitalError as error:
        return error


def _enrol_claimed(
    batch: Batch[EnrolContactPayload], program: int, contacts: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, Result]]:
    mine = set(batch.claim([position for positions in contacts.values() for position in positions]))
    claimed = {contact: [one for one in positions if one in mine] for contact, positions in contacts.items()}
    yield from _enrol(batch, program, {contact: positions for contact, positions in claimed.items() if positions})


def _enrol(
    batch: Batch[EnrolContactPayload], program: int, contacts: Mapping[int, Sequence[int]]
) -> Iterator[tuple[int, Result]]:
    if not contacts:
        return
    try:
        done: str | DotdigitalError = batch.dotdigital.programs.enrol(program, list(contacts))
    except DotdigitalError as error:
        done = error
    if isinstance(done, RejectedError) and _is_about_a_contact(done) and len(contacts) > 1:
        # One of them is at fault, and the others must not wait for it.
        for half in batched(contacts.items(), (len(contacts) + 1) // 2, strict=False):
            yield from _enrol(batch, program, dict(half))
        return
    for contact, positions in contacts.items():
        result: Result = {"contactId": contact, "enrolmentId": done} if isinstance(done, str) else done
        yield from ((position, result) for position in positions)


def _is_about_a_contact(error: RejectedError) -> bool:
    # Halving 25 costs up to 10 of the hour's 20 calls, so not for what is said of the program, the call or the account.
    said = (error.code or error.description).upper()
    is_about_another = any(word in said for word in ("PROGRAM", "ENROLMENT", "CONTACTS_ARE_NOT_SPECIFIED", "TOOMANY"))
    return error.status == HTTPStatus.BAD_REQUEST and not is_about_another and "CONTACT" in (error.code or "CONTACT")


ACTION = Action(
    name="enrol_contact",
    title="Enrol Contact to Program",
    description="Creates a program enrolment.",
    trigger='type = "track" and event = "Enrol Contact to Program"',
    payload=EnrolContactPayload,
    perform=perform,
    is_send=True,
    perform_batch=perform_batch,
)

handler = handler_of(lambda: ActionFunction(ACTION))
