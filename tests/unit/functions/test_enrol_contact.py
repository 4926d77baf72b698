from operator import itemgetter
from typing import Any

import pytest

from delivery.action import Result
from delivery.outcome import Ids, Outcome
from dev.sandbox.server import Sandbox
from dotdigital import Account, Dotdigital, RejectedError, Transport
from enrol_contact.app import EnrolContactPayload, send_many
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.unit.functions.deliveries import NOW, SUBSCRIPTION, deliver, delivered, wrong_fields

ACTION = "enrol_contact"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com", "programId": "88"}
TWO = ("noor@example.com", "kim@example.com")
ENROL = Sent("POST", "/v2/programs/enrolments", "", {"contacts": [5001], "programId": 88})


def enrol(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def upserts(server: DotdigitalServer) -> list[tuple[str, str, Any]]:
    """The first request but for its query: what becomes of empty values, which are not sent here."""
    return [(sent.method, sent.path, sent.body) for sent in server.sent[:1]]


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("program_id", ["88", 88, 88.0])
def test_the_contact_is_made_sure_of_and_enrolled_by_numbers(
    server: DotdigitalServer, status: int, program_id: Any
) -> None:
    server.answers(status, {"contactId": 5001})
    server.answers(201, {"id": "a1b2", "programId": 88, "status": "Processing"})
    assert enrol(server, programId=program_id) == delivered(ACTION, contactId=5001, enrolmentId="a1b2")
    assert upserts(server) == [
        ("PATCH", "/contacts/v3/email/noor%40example.com", {"identifiers": {"email": "noor@example.com"}})
    ]
    assert server.sent[1:] == [ENROL]


def test_by_mobile_number(server: DotdigitalServer) -> None:
    server.answers(200, {"contactId": 5001})
    server.answers(201, {"id": "a1b2"})
    enrol(server, channelIdentifier="mobileNumber", mobileNumberIdentifier="+44 7700 900123")
    assert upserts(server) == [
        ("PATCH", "/contacts/v3/mobileNumber/447700900123", {"identifiers": {"mobileNumber": "447700900123"}})
    ]


NUMBERED = {**PAYLOAD, "alsoSetMobileNumber": True, "mobileNumberIdentifier": "+447700900123"}


def test_a_number_goes_beside_an_address(server: DotdigitalServer) -> None:
    server.answers(200, {"contactId": 5001})
    server.answers(201, {"id": "a1b2"})
    enrol(server, **NUMBERED)
    both = {"identifiers": {"email": "noor@example.com", "mobileNumber": "447700900123"}}
    assert upserts(server) == [("PATCH", "/contacts/v3/email/noor%40example.com", both)]


def test_a_number_of_another_contact_enrols_nobody(server: DotdigitalServer) -> None:
    for _ in range(2):
        server.answers(409, {"errorCode": "contacts:identifierConflict"})
    outcome = enrol(server, **NUMBERED)
    assert (outcome.outcome, (outcome.dotdigital or {})["code"]) == ("rejected", "contacts:identifierConflict")
    assert "the address and the mobile number are two contacts'" in (outcome.reason or "")
    assert [sent.method for sent in server.sent] == ["PATCH", "PATCH"]


@pytest.mark.parametrize("count", [2, 60])
def test_together_each_is_given_its_number_and_a_conflict_takes_no_other_with_it(sandbox: Sandbox, count: int) -> None:
    numbers = [*(f"+4477009001{number:02}" for number in range(count - 1)), "+447700900005"]
    mapped = [
        {**NUMBERED, "emailIdentifier": f"c{each}@example.com", "mobileNumberIdentifier": number, "programId": 501}
        for each, number in enumerate(numbers)
    ]
    payloads = [EnrolContactPayload.read(each, now=NOW) for each in mapped]
    client = Dotdigital(Transport(Account(sandbox.url, sandbox.username, sandbox.password), sleep=lambda seconds: None))
    *fine, (_, conflict) = sorted(send_many(payloads, client, lambda positions: positions), key=itemgetter(0))
    assert isinstance(conflict, RejectedError)
    assert (conflict.status, conflict.code) == (409, "contacts:idAlreadyExists")
    ids = [result.contact_id for _, result in fine if isinstance(result, Ids) and result.contact_id]
    held = [sandbox.state.account.book.by_id(each) for each in ids]
    assert [each.identifiers["mobileNumber"] for each in held if each] == [
        each.removeprefix("+") for each in numbers[:-1]
    ]


@pytest.mark.parametrize("raw", [b"{}", b"fine", b""])
def test_a_contact_whose_id_is_not_told_is_read_and_not_made_again(server: DotdigitalServer, raw: bytes) -> None:
    server.answers(200, raw=raw)
    server.answers(200, {"contactId": 5001})
    server.answers(201, {"id": "a1b2"})
    assert enrol(server) == delivered(ACTION, contactId=5001, enrolmentId="a1b2")
    assert server.sent[1:] == [Sent("GET", "/contacts/v3/email/noor%40example.com"), ENROL]


def test_nobody_is_enrolled_whose_id_is_not_to_be_had(server: DotdigitalServer) -> None:
    server.answers(200, raw=b"fine")
    server.answers(200, raw=b"fine")
    assert enrol(server).outcome == "retry"
    assert [sent.method for sent in server.sent] == ["PATCH", "GET"]


def test_in_a_batch_those_are_read_whose_id_is_not_told(server: DotdigitalServer) -> None:
    server.answers(200, raw=b"fine")
    server.answers(200, {"contactId": 5002})
    server.answers(200, {"contactId": 5001})
    server.answers(201, {"id": "a1b2"})
    payloads = [EnrolContactPayload(**{**PAYLOAD, "emailIdentifier": email}) for email in TWO]
    results = dict(send_many(payloads, server.client(), lambda positions: positions))
    assert results == {0: Ids(contact_id=5001, enrolment_id="a1b2"), 1: Ids(contact_id=5002, enrolment_id="a1b2")}
    assert [sent.method for sent in server.sent] == ["PATCH", "PATCH", "GET", "POST"]


@pytest.mark.parametrize(
    ("status", "code", "outcome"),
    [
        (400, "ERROR_ENROLMENT_ALLOWANCE_EXCEEDED", "retry"),
        (404, "ERROR_PROGRAM_NOT_FOUND", "rejected"),
        (422, "ERROR_PROGRAM_NOT_ACTIVE", "rejected"),
        (500, None, "in_doubt"),
    ],
)
def test_an_enrolment_that_is_refused(server: DotdigitalServer, status: int, code: str | None, outcome: str) -> None:
    server.answers(200, {"contactId": 5001})
    server.answers(status, {"message": f"Error: {code}"})
    found = enrol(server)
    assert (found.outcome, found.subscription, (found.dotdigital or {}).get("code")) == (outcome, SUBSCRIPTION, code)
    assert server.sent[1:] == [ENROL]


def test_the_program_is_required(server: DotdigitalServer) -> None:
    assert enrol(server, programId=None) == wrong_fields(ACTION, programId="is required")
    assert server.sent == []


def enrolled_together(server: DotdigitalServer, status: int, message: str | None, *then: int) -> list[Result]:
    """Enrol two contacts in one call, which is refused, and let the enrolments after it be answered with `then`."""
    for contact in (5001, 5002):
        server.answers(200, {"contactId": contact})
    server.answers(status, {"message": message} if message else None)
    for each in then:
        server.answers(each, {"id": f"enrolment-{each}"})
    payloads = [EnrolContactPayload.read(PAYLOAD | {"emailIdentifier": each}, now=NOW) for each in TWO]
    results = dict(send_many(payloads, server.client(), lambda positions: positions))
    return [results[position] for position in range(len(payloads))]


@pytest.mark.parametrize("message", ["Error: ERROR_CONTACT_NOT_FOUND", "Error: ERROR_CONTACT_SUPPRESSED", None])
def test_what_is_said_of_a_contact_takes_no_other_with_it(server: DotdigitalServer, message: str | None) -> None:
    assert enrolled_together(server, 400, message, 201, 201) == [
        Ids(contact_id=5001, enrolment_id="enrolment-201"),
        Ids(contact_id=5002, enrolment_id="enrolment-201"),
    ]
    asked = [sent.body["contacts"] for sent in server.sent if sent.path == ENROL.path]
    assert asked == [[5001, 5002], [5001], [5002]]


@pytest.mark.parametrize(
    ("status", "message"),
    [
        (400, "Error: ERROR_PROGRAM_NOT_ACTIVE"),
        (400, "Error: ERROR_INVALID_REQUEST"),
        (404, "Error: ERROR_CONTACT_NOT_FOUND"),
        (404, "Error: ERROR_PROGRAM_NOT_FOUND"),
        (422, None),
    ],
)
def test_what_is_said_of_the_program_or_the_call_is_said_of_all_in_one_call(
    server: DotdigitalServer, status: int, message: str | None
) -> None:
    results = enrolled_together(server, status, message)
    assert [result.status if isinstance(result, RejectedError) else result for result in results] == [status] * 2
    assert len([sent for sent in server.sent if sent.path == ENROL.path]) == 1
