"""Programs and enrolments, through the v2 API.

https://developer.dotdigital.com/reference/create-program-enrolment
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from dotdigital.errors import RejectedError
from dotdigital.http_messages import Request, path, positive
from dotdigital.transport import Resource

MOST_CONTACTS: Final = 25
_ENROLMENTS: Final = path("v2", "programs", "enrolments")


@dataclass(frozen=True)
class Program:
    """A program: Draft, Active, Deactivated or ReadOnly."""

    id: int
    name: str
    status: str


class Programs(Resource):
    """The programs of an account. All of them together take 20 enrolment requests an hour."""

    def all(self) -> tuple[Program, ...]:
        """Return every program. https://developer.dotdigital.com/reference/get-programs."""
        programs = self._transport.pages("v2", "programs")
        return tuple(Program(number, read.text("name"), read.text("status")) for number, read in programs.items())

    def check_allowance(self) -> None:
        """Raise LimitedError or UnavailableError where an enrolment would be held back now. Makes no request."""
        self._transport.check(Request("POST", _ENROLMENTS, send=True))

    def enrol(self, program_id: int, contact_ids: Sequence[int]) -> str:
        """Enrol 1 to 25 contacts into a program and return the enrolment's id. A send: never repeated when in doubt."""
        contacts = [positive(contact_id, "contact") for contact_id in contact_ids]
        if not 0 < len(contacts) <= MOST_CONTACTS:
            raise RejectedError(f"an enrolment takes 1 to {MOST_CONTACTS} contacts")
        body = {"contacts": contacts, "programId": positive(program_id, "program")}
        return self._transport.request(Request("POST", _ENROLMENTS, body=body, send=True)).text("id")
