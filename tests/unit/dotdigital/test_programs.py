import pytest

from dotdigital import Dotdigital, LimitedError, Program, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent


@pytest.mark.parametrize("contacts", [[], [*range(1, 27)]])
def test_an_enrolment_takes_1_to_25_contacts(dotdigital: Dotdigital, contacts: list[int]) -> None:
    with pytest.raises(RejectedError, match="an enrolment takes 1 to 25 contacts"):
        dotdigital.programs.enrol(5, contacts)


def test_an_enrolment_over_the_allowance_is_known_without_a_request(
    dotdigital: Dotdigital, server: DotdigitalServer
) -> None:
    dotdigital.programs.check_allowance()
    server.responds((400, {"message": "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"}))
    with pytest.raises(LimitedError):
        dotdigital.programs.enrol(5, [42])
    with pytest.raises(LimitedError, match="so the request was not made"):
        dotdigital.programs.check_allowance()


def test_the_programs_of_an_account(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds((200, [{"id": 5, "name": "Welcome", "status": "Active", "dateCreated": "2025-01-15T09:00:00Z"}]))
    assert dotdigital.programs.all() == (Program(5, "Welcome", "Active"),)
    assert server.sent == [Sent("GET", "/v2/programs", "select=1000")]
