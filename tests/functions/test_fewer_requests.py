"""A batch of an action's queue goes out in as few requests as Dotdigital takes; each event has its own outcome.

What is said of a part of them takes no other with it: tests/unit/delivery/test_upserts.py, test_enrol_contact.py.
"""

from collections import Counter
from typing import Any

import pytest

from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.queued import body, dead_letters, deliver

UPSERT = "add_contact_to_list"
ENROL = "enrol_contact"


def send(aws: Aws, action: str, *properties: dict[str, Any]) -> list[str]:
    """Deliver one event for each properties, m-0 and on; give what stays."""
    return deliver(aws, action, *(body(action, f"m-{number}", **each) for number, each in enumerate(properties)))


def people(number: int, **properties: Any) -> list[dict[str, Any]]:
    return [{"email": f"person{one}@example.com", **properties} for one in range(number)]


def requests(sandbox: Sandbox) -> Counter[str]:
    """How often each method was used on each resource."""
    return Counter(f"{one.method} {one.path.removeprefix('/contacts/v3').split('/')[1]}" for one in sandbox.requests)


def enrolments(sandbox: Sandbox) -> list[Any]:
    return [request.body for request in sandbox.requests if request.method == "POST"]


def effects(sandbox: Sandbox, effect: str) -> int:
    return sum(each.effect == effect for each in sandbox.journal)


def kim(sandbox: Sandbox) -> dict[str, Any]:
    contacts: Any = sandbox.state.describe()["contacts"]
    return next(each for each in contacts if each["identifiers"].get("email") == "kim@example.com")


def rejected(aws: Aws, action: str) -> list[str]:
    return [attributes["messageId"] for _, attributes in dead_letters(aws, action)]


def test_sixty_contacts_are_one_import_and_one_report(aws: Aws, sandbox: Sandbox) -> None:
    assert send(aws, UPSERT, *people(60)) == []
    assert requests(sandbox) == {"PUT import": 1, "GET import": 1}
    done = Counter(effect.effect for effect in sandbox.journal)
    assert done == {"contact_created": 60, "status_changed": 60, "list_joined": 60}


def test_a_few_contacts_are_a_request_each_and_data_fields_are_read_once(aws: Aws, sandbox: Sandbox) -> None:
    assert send(aws, UPSERT, *people(3)) == []
    assert requests(sandbox) == {"PATCH email": 3}
    sandbox.reset()
    assert send(aws, UPSERT, *people(10, dataFields={"CITY": "Leeds"})) == []
    assert Counter(request.method for request in sandbox.requests) == {"GET": 1, "PATCH": 10}


def test_what_a_batch_says_of_one_person_is_one_request_in_order(aws: Aws, sandbox: Sandbox) -> None:
    said: list[dict[str, Any]] = [
        {"listId": 301, "dataFields": {"CITY": "Leeds", "POINTS": 1}},
        {"listId": 302, "dataFields": {"POINTS": 2, "FIRSTNAME": None}},
        {"email": "KIM@example.com", "dataFields": {"points": 3}},
    ]
    assert send(aws, UPSERT, *said) == []
    assert Counter(request.method for request in sandbox.requests) == {"GET": 1, "PATCH": 1}
    fields = kim(sandbox)["dataFields"]
    assert (fields["CITY"], fields["POINTS"], fields["FIRSTNAME"]) == ("Leeds", 3, None)
    assert {each["id"] for each in kim(sandbox)["lists"]} == {301, 302}


def test_a_wrong_event_takes_no_other_of_the_same_person_with_it(aws: Aws, sandbox: Sandbox) -> None:
    assert send(aws, UPSERT, {"listId": 301}, {"listId": 999}, {"listId": 302}) == []
    assert rejected(aws, UPSERT) == ["m-1"]
    assert {each["id"] for each in kim(sandbox)["lists"]} == {301, 302}


def test_a_wrong_contact_takes_no_other_of_its_import_with_it(aws: Aws, sandbox: Sandbox) -> None:
    assert send(aws, UPSERT, *people(59), {"email": "wrong@example.com", "listId": 999}) == []
    assert (rejected(aws, UPSERT), effects(sandbox, "contact_created")) == (["m-59"], 59)


@pytest.mark.parametrize("status", [503, 429])
def test_an_import_that_cannot_be_made_now_keeps_every_message(aws: Aws, sandbox: Sandbox, status: int) -> None:
    sandbox.fail("status", method="PUT", status=status)
    assert (len(send(aws, UPSERT, *people(60))), sandbox.journal) == (60, ())


def test_sixty_enrolments_are_three_requests(aws: Aws, sandbox: Sandbox) -> None:
    assert send(aws, ENROL, *people(60)) == []
    assert (len(enrolments(sandbox)), effects(sandbox, "enrolled"), len(sandbox.requests)) == (3, 60, 5)


def test_enrolments_of_two_programs_are_a_request_each(aws: Aws, sandbox: Sandbox) -> None:
    programs = [{**person, "programId": 501 + number % 2} for number, person in enumerate(people(10))]
    assert send(aws, ENROL, *programs) == []
    assert enrolments(sandbox) == [
        {"contacts": [1008, 1010, 1012, 1014, 1016], "programId": 501},
        {"contacts": [1009, 1011, 1013, 1015, 1017], "programId": 502},
    ]


def test_two_enrolments_of_one_person_into_one_program_name_the_person_once(aws: Aws, sandbox: Sandbox) -> None:
    assert send(aws, ENROL, {}, {}) == []
    assert enrolments(sandbox) == [{"contacts": [1001], "programId": 501}]


@pytest.mark.parametrize(
    "message",
    [
        "Program is not active",
        "Error: ERROR_PROGRAM_NOT_ACTIVE",
        "Error: ERROR_PROGRAM_CONTACT_LIMIT_EXCEEDED",
        "Error: ERROR_ENROLMENT_INVALID",
        "Error: ERROR_CONTACTS_ARE_NOT_SPECIFIED",
    ],
)
def test_what_is_said_of_the_program_or_the_request_halves_nothing(aws: Aws, sandbox: Sandbox, message: str) -> None:
    sandbox.fail("status", path="enrolments", status=400, body={"message": message})
    assert send(aws, ENROL, *people(4)) == []
    assert (len(enrolments(sandbox)), len(rejected(aws, ENROL))) == (1, 4)


def test_an_enrolment_that_may_have_happened_puts_its_25_in_doubt_and_no_other(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("drop_after", path="enrolments")
    assert send(aws, ENROL, *people(30)) == []
    assert Counter(letter["outcome"] for _, letter in dead_letters(aws, ENROL)) == {"in_doubt": 25}
    assert effects(sandbox, "enrolled") == 30


def test_the_allowance_used_up_keeps_those_that_were_not_enrolled(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.limit(LimitRules(enrolments_per_hour=1))
    assert (len(send(aws, ENROL, *people(60))), effects(sandbox, "enrolled")) == (35, 25)
