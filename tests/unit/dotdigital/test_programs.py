from typing import Any

import pytest

from dotdigital import LimitedError, Program, RejectedError
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


def test_an_enrolment_over_the_allowance_is_known_without_a_request(server: DotdigitalServer) -> None:
    programs = server.client().programs
    programs.check_allowance()
    server.answers(400, {"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"})
    with pytest.raises(LimitedError):
        programs.enrol(5, [42])
    with pytest.raises(LimitedError, match="so the request was not made"):
        programs.check_allowance()
    assert len(server.sent) == 1


def test_the_programs_of_an_account(server: DotdigitalServer) -> None:
    server.answers(200, [{"id": 5, "name": "Welcome", "status": "Active", "dateCreated": "2025-01-15T09:00:00Z"}])
    assert server.client().programs.all() == (Program(5, "Welcome", "Active"),)
    assert server.sent == [Sent("GET", "/v2/programs", "select=1000")]
