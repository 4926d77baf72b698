from typing import Any

import pytest

from dotdigital import DotdigitalError, InDoubtError, LimitedError, NotFoundError, RejectedError
from dotdigital.programs import MOST_CONTACTS
from tests.support.dotdigital_server import DotdigitalServer, Sent

PATH = "/v2/programs/enrolments"
ANSWER = {"id": "f00d", "programId": 5, "status": "Processing", "contacts": None, "addressBooks": None}


@pytest.mark.parametrize("contacts", [[42], [42, 43], list(range(1, MOST_CONTACTS + 1))])
def test_an_enrolment_names_program_and_contacts_as_numbers(server: DotdigitalServer, contacts: list[int]) -> None:
    server.answers(201, ANSWER)
    assert server.client().programs.enrol(5, contacts) == "f00d"
    assert server.sent == [Sent("POST", PATH, "", {"contacts": contacts, "programId": 5})]


@pytest.mark.parametrize("contacts", [[], list(range(1, MOST_CONTACTS + 2))])
def test_an_enrolment_takes_1_to_25_contacts(server: DotdigitalServer, contacts: list[int]) -> None:
    with pytest.raises(RejectedError, match="an enrolment takes 1 to 25 contacts"):
        server.client().programs.enrol(5, contacts)
    assert server.sent == []


@pytest.mark.parametrize("odd", [None, 0, -1, True, "42", 42.0])
def test_one_odd_id_stops_the_whole_enrolment(server: DotdigitalServer, odd: Any) -> None:
    with pytest.raises(RejectedError, match="the contact id must be a whole number above 0"):
        server.client().programs.enrol(5, [42, odd])
    with pytest.raises(RejectedError, match="the program id must be a whole number above 0"):
        server.client().programs.enrol(odd, [42])
    assert server.sent == []


@pytest.mark.parametrize("body", [None, {}, [ANSWER], {"id": 1}, {"id": ""}])
def test_an_answer_without_the_id_of_the_enrolment_leaves_it_in_doubt(server: DotdigitalServer, body: Any) -> None:
    server.answers(201, body)
    with pytest.raises(InDoubtError, match="it has no id"):
        server.client().programs.enrol(5, [42])
    assert len(server.sent) == 1


@pytest.mark.parametrize(
    ("status", "code", "kind"),
    [
        (404, "ERROR_PROGRAM_NOT_FOUND", NotFoundError),
        (422, "ERROR_PROGRAM_NOT_ACTIVE", RejectedError),
        (400, "ERROR_CONTACT_NOT_FOUND", NotFoundError),
        (400, "ERROR_ENROLMENT_INVALID", RejectedError),
        (400, "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", LimitedError),
        (502, None, InDoubtError),
    ],
)
def test_a_refusal_is_told(
    server: DotdigitalServer, status: int, code: str | None, kind: type[DotdigitalError]
) -> None:
    server.answers(status, {"message": f"Error: {code}"})
    with pytest.raises(kind) as caught:
        server.client().programs.enrol(5, [42])
    assert (caught.type, caught.value.status, caught.value.code) == (kind, status, code)
    assert len(server.sent) == 1
