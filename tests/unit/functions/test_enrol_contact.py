from typing import Any

import pytest

from cli.actions import load_action
from delivery.outcome import Outcome, Refusal
from dev.sandbox.server import Sandbox
from tests.support.deliveries import deliver, deliver_all, delivered, left_by_batch, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "enrol_contact"
PAYLOAD = {"channelIdentifier": "email", "emailIdentifier": "noor@example.com", "programId": "88"}
NUMBERED = {**PAYLOAD, "alsoSetMobileNumber": True, "mobileNumberIdentifier": "+44 7700 900123"}
BY_NUMBER = {**NUMBERED, "channelIdentifier": "mobileNumber"}
PATH = "/contacts/v3/email/noor%40example.com"
FOUND = (200, {"contactId": 5001})
OTHER_FOUND = (200, {"contactId": 5002})
ENROLLED = (201, {"id": "a1b2", "programId": 88, "status": "Processing"})
ENROL = Sent("POST", "/v2/programs/enrolments", "", {"contacts": [5001], "programId": 88})
DONE = delivered(ACTION, contactId=5001, enrolmentId="a1b2")
OTHER_DONE = delivered(ACTION, contactId=5002, enrolmentId="a1b2")


def enrol(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def enrol_two(server: DotdigitalServer) -> list[Outcome]:
    both = [{**PAYLOAD, "emailIdentifier": f"{name}@example.com"} for name in ("noor", "kim")]
    return deliver_all(server, ACTION, both)


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize(
    ("differences", "path", "identifiers"),
    [
        ({}, PATH, {"email": "noor@example.com"}),
        ({"programId": 88}, PATH, {"email": "noor@example.com"}),
        ({"programId": 88.0}, PATH, {"email": "noor@example.com"}),
        (BY_NUMBER, "/contacts/v3/mobileNumber/447700900123", {"mobileNumber": "447700900123"}),
        (NUMBERED, PATH, {"email": "noor@example.com", "mobileNumber": "447700900123"}),
    ],
)
def test_the_contact_is_made_sure_of_and_enrolled_by_numbers(
    server: DotdigitalServer, differences: dict[str, Any], path: str, identifiers: dict[str, str], status: int
) -> None:
    server.responds((status, {"contactId": 5001}), ENROLLED)
    assert enrol(server, **differences) == DONE
    # Not the query: what becomes of empty values, which are not sent here.
    upsert, *others = server.sent
    assert (upsert.method, upsert.path, upsert.body) == ("PATCH", path, {"identifiers": identifiers})
    assert others == [ENROL]


def test_a_number_of_another_contact_enrols_nobody(server: DotdigitalServer) -> None:
    server.responds(*[(409, {"errorCode": "contacts:identifierConflict"})] * 2)
    outcome = enrol(server, **NUMBERED)
    assert (outcome.outcome, outcome.refusal) == ("rejected", Refusal(409, "contacts:identifierConflict"))
    assert "the address and the mobile number are two contacts'" in (outcome.reason or "")
    assert [sent.method for sent in server.sent] == ["PATCH", "PATCH"]


@pytest.mark.parametrize("count", [2, 60])
def test_in_a_batch_each_is_given_its_number_and_a_conflict_takes_no_other_with_it(
    sandbox: Sandbox, count: int
) -> None:
    contacts = {f"c{each}@example.com": f"4477009001{each:02}" for each in range(count - 1)}
    mapped = [
        {**NUMBERED, "emailIdentifier": email, "mobileNumberIdentifier": f"+{number}", "programId": 501}
        for email, number in [*contacts.items(), ("conflict@example.com", "447700900005")]
    ]
    left = left_by_batch(sandbox, load_action(ACTION), mapped)
    assert left.kinds == ["delivered"] * (count - 1) + ["rejected"]
    assert left.outcomes[-1].refusal == Refusal(409, "contacts:idAlreadyExists")
    assert left.contacts.keys() >= {(number, email) for email, number in contacts.items()}


@pytest.mark.parametrize("raw", [b"{}", b"fine", b""])
def test_a_contact_whose_id_is_not_told_is_read_and_not_made_again(server: DotdigitalServer, raw: bytes) -> None:
    server.responds((200, raw), FOUND, ENROLLED)
    assert enrol(server) == DONE
    assert server.sent[1:] == [Sent("GET", PATH), ENROL]


def test_nobody_is_enrolled_whose_id_is_not_to_be_had(server: DotdigitalServer) -> None:
    server.responds((200, b"fine"), (200, b"fine"))
    assert enrol(server).outcome == "retry"
    assert [sent.method for sent in server.sent] == ["PATCH", "GET"]


def test_in_a_batch_those_are_read_whose_id_is_not_told(server: DotdigitalServer) -> None:
    server.responds((200, b"fine"), OTHER_FOUND, FOUND, ENROLLED)
    assert enrol_two(server) == [DONE, OTHER_DONE]
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
    server.responds(FOUND, (status, {"message": f"Error: {code}"}))
    found = enrol(server)
    assert (found.outcome, found.refusal and found.refusal.code) == (outcome, code)
    assert server.sent[1:] == [ENROL]


def test_the_program_is_required(server: DotdigitalServer) -> None:
    assert enrol(server, programId=None) == wrong_fields(ACTION, programId="is required")
    assert server.sent == []


def refusal(status: int, message: str | None) -> tuple[int, Any]:
    return status, {"message": message} if message else None


@pytest.mark.parametrize("message", ["Error: ERROR_CONTACT_NOT_FOUND", "Error: ERROR_CONTACT_SUPPRESSED", None])
def test_what_is_said_of_a_contact_takes_no_other_with_it(server: DotdigitalServer, message: str | None) -> None:
    server.responds(FOUND, OTHER_FOUND, refusal(400, message), ENROLLED, ENROLLED)
    assert enrol_two(server) == [DONE, OTHER_DONE]
    assert [sent.body["contacts"] for sent in server.sent if sent.path == ENROL.path] == [[5001, 5002], [5001], [5002]]


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
def test_what_is_said_of_the_program_or_the_request_is_said_of_all_by_one_request(
    server: DotdigitalServer, status: int, message: str | None
) -> None:
    server.responds(FOUND, OTHER_FOUND, refusal(status, message))
    found = enrol_two(server)
    assert [(each.outcome, each.refusal and each.refusal.status) for each in found] == [("rejected", status)] * 2
    assert [sent.path for sent in server.sent].count(ENROL.path) == 1
