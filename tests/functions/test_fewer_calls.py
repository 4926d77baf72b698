"""A batch of an action's queue goes out in as few calls as Dotdigital takes, and each event has its own outcome."""

from collections import Counter
from typing import Any

import pytest

from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from tests.support.aws import Aws
from tests.support.queued import body, dead_letters, invoke

pytestmark = pytest.mark.usefixtures("environment")


def calls(sandbox: Sandbox) -> Counter[str]:
    return Counter(f"{call.method} {call.path.split('/')[-1]}" for call in sandbox.requests)


def contact(sandbox: Sandbox, email: str) -> Any:
    contacts: Any = sandbox.state.describe()["contacts"]
    return next(each for each in contacts if each["identifiers"].get("email") == email)


def deliver(aws: Aws, action: str, *properties: dict[str, Any]) -> list[str]:
    """Put one event for each properties into the queue and give the function all; tell what stays."""
    aws.make_queues(action)
    aws.put(action, *(body(action, f"m-{number}", **each) for number, each in enumerate(properties)))
    return invoke(aws, action)


def people(number: int) -> list[dict[str, Any]]:
    return [{"email": f"person{one}@example.com"} for one in range(number)]


def test_sixty_contacts_are_one_import_and_one_report(aws: Aws, sandbox: Sandbox) -> None:
    assert deliver(aws, "add_contact_to_list", *people(60)) == []
    assert [f"{call.method} {call.path.split('/')[3]}" for call in sandbox.requests] == ["PUT import", "GET import"]
    effects = Counter(effect.effect for effect in sandbox.journal)
    assert effects == {"contact_created": 60, "status_changed": 60, "list_joined": 60}


def test_a_few_contacts_are_a_call_each(aws: Aws, sandbox: Sandbox) -> None:
    assert deliver(aws, "add_contact_to_list", *people(3)) == []
    assert Counter(call.method for call in sandbox.requests) == {"PATCH": 3}


def test_what_a_batch_says_of_one_person_is_one_call_in_order(aws: Aws, sandbox: Sandbox) -> None:
    said: list[dict[str, Any]] = [
        {"listId": 301, "dataFields": {"CITY": "Leeds", "POINTS": 1}},
        {"listId": 302, "dataFields": {"POINTS": 2, "FIRSTNAME": None}},
        {"email": "KIM@example.com", "dataFields": {"points": 3}},
    ]
    assert deliver(aws, "add_contact_to_list", *said) == []
    assert Counter(call.method for call in sandbox.requests) == {"GET": 1, "PATCH": 1}
    kim = contact(sandbox, "kim@example.com")
    fields = (
        {field["name"]: field["value"] for field in kim["dataFields"]}
        if isinstance(kim["dataFields"], list)
        else kim["dataFields"]
    )
    assert (fields["CITY"], fields["POINTS"], fields["FIRSTNAME"]) == ("Leeds", 3, None)
    assert {each["id"] for each in kim["lists"]} == {301, 302}


def test_a_wrong_event_takes_no_other_of_the_same_person_with_it(aws: Aws, sandbox: Sandbox) -> None:
    assert deliver(aws, "add_contact_to_list", {"listId": 301}, {"listId": 999}, {"listId": 302}) == []
    assert [attributes["messageId"] for _, attributes in dead_letters(aws, "add_contact_to_list")] == ["m-1"]
    assert {each["id"] for each in contact(sandbox, "kim@example.com")["lists"]} == {301, 302}


def test_a_wrong_contact_takes_no_other_of_its_import_with_it(aws: Aws, sandbox: Sandbox) -> None:
    wrong = {"email": "wrong@example.com", "listId": 999}
    assert deliver(aws, "add_contact_to_list", *people(59), wrong) == []
    assert [attributes["messageId"] for _, attributes in dead_letters(aws, "add_contact_to_list")] == ["m-59"]
    assert sum(effect.effect == "contact_created" for effect in sandbox.journal) == 59


def test_an_import_that_is_refused_as_a_whole_is_halved_until_the_rest_is_through(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", method="PUT", status=400, body={"errorCode": "contacts:badJson", "description": "no"})
    assert deliver(aws, "add_contact_to_list", *people(100)) == []
    assert calls(sandbox)["PUT import"] == 3
    assert sum(effect.effect == "contact_created" for effect in sandbox.journal) == 100


@pytest.mark.parametrize("failure", [{"status": 503}, {"status": 429}])
def test_an_import_that_cannot_be_made_now_keeps_every_message(aws: Aws, sandbox: Sandbox, failure: Any) -> None:
    sandbox.fail("status", method="PUT", **failure)
    assert len(deliver(aws, "add_contact_to_list", *people(60))) == 60
    assert sandbox.journal == ()


def test_sixty_enrolments_are_three_calls(aws: Aws, sandbox: Sandbox) -> None:
    assert deliver(aws, "enrol_contact", *people(60)) == []
    assert calls(sandbox)["POST enrolments"] == 3
    assert sum(effect.effect == "enrolled" for effect in sandbox.journal) == 60
    assert len(sandbox.requests) == 5


def test_enrolments_of_two_programs_are_a_call_each(aws: Aws, sandbox: Sandbox) -> None:
    programs = [{**person, "programId": 501 + number % 2} for number, person in enumerate(people(10))]
    assert deliver(aws, "enrol_contact", *programs) == []
    assert [call.body for call in sandbox.requests if call.method == "POST"] == [
        {"contacts": [1008, 1010, 1012, 1014, 1016], "programId": 501},
        {"contacts": [1009, 1011, 1013, 1015, 1017], "programId": 502},
    ]


def test_two_enrolments_of_one_person_into_one_program_name_the_person_once(aws: Aws, sandbox: Sandbox) -> None:
    assert deliver(aws, "enrol_contact", {}, {}) == []
    assert [call.body for call in sandbox.requests if call.method == "POST"] == [{"contacts": [1001], "programId": 501}]


def test_a_contact_that_cannot_be_enrolled_does_not_fail_the_other_24(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", path="enrolments", status=400, body={"message": "ERROR_CONTACT_NOT_FOUND"}, times=3)
    sandbox.limit(LimitRules(enrolments_per_hour=40))
    assert deliver(aws, "enrol_contact", *people(4)) == []
    assert len(dead_letters(aws, "enrol_contact")) == 1
    assert sum(effect.effect == "enrolled" for effect in sandbox.journal) == 3


def test_a_program_that_is_not_active_rejects_all_in_one_call(aws: Aws, sandbox: Sandbox) -> None:
    assert deliver(aws, "enrol_contact", *({**person, "programId": 503} for person in people(5))) == []
    assert calls(sandbox)["POST enrolments"] == 1
    assert len(dead_letters(aws, "enrol_contact")) == 5


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
def test_what_is_said_of_the_program_or_the_call_halves_nothing(aws: Aws, sandbox: Sandbox, message: str) -> None:
    sandbox.fail("status", path="enrolments", status=400, body={"message": message})
    assert deliver(aws, "enrol_contact", *people(4)) == []
    assert calls(sandbox)["POST enrolments"] == 1
    assert len(dead_letters(aws, "enrol_contact")) == 4


def test_an_enrolment_that_may_have_happened_puts_its_25_in_doubt_and_no_other(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("drop_after", path="enrolments")
    assert deliver(aws, "enrol_contact", *people(30)) == []
    outcomes = Counter(attributes["outcome"] for _, attributes in all_dead_letters(aws, "enrol_contact"))
    assert outcomes == {"in_doubt": 25}
    assert sum(effect.effect == "enrolled" for effect in sandbox.journal) == 30


def test_the_allowance_used_up_keeps_those_that_were_not_enrolled(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.limit(LimitRules(enrolments_per_hour=1))
    assert len(deliver(aws, "enrol_contact", *people(60))) == 35
    assert sum(effect.effect == "enrolled" for effect in sandbox.journal) == 25


def test_data_fields_are_read_once_for_a_batch(aws: Aws, sandbox: Sandbox) -> None:
    said = [{**person, "dataFields": {"CITY": "Leeds"}} for person in people(10)]
    assert deliver(aws, "add_contact_to_list", *said) == []
    assert Counter(call.method for call in sandbox.requests) == {"GET": 1, "PATCH": 10}


def all_dead_letters(aws: Aws, name: str) -> list[tuple[str, dict[str, str]]]:
    found: list[tuple[str, dict[str, str]]] = []
    while some := dead_letters(aws, name):
        found += some
    return found
