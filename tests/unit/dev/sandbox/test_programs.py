"""Programs and enrolments."""

from typing import Any

import pytest

from dev.sandbox.limits import LimitRules

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

PATH = "/v2/programs/enrolments"


def test_programs(api: Any) -> None:
    assert api("GET", "/v2/programs?select=1&skip=2") == (
        200,
        [
            {
                "id": 503,
                "name": "Birthday",
                "status": "Draft",
                "dateCreated": "2025-03-20T09:00:00.000Z",
            }
        ],
    )


def test_a_contact_is_enrolled(api: Any, effects: Any) -> None:
    status, answer = api("POST", PATH, {"programId": 501, "contacts": [1001]})
    assert (status, answer) == (
        201,
        {
            "id": answer["id"],
            "programId": 501,
            "status": "Processing",
            "dateCreated": answer["dateCreated"],
            "contacts": None,
            "addressBooks": None,
        },
    )
    ids = {"programId": 501, "contactId": 1001, "enrolmentId": answer["id"]}
    assert effects() == [("enrolled", ids)]


def test_a_contact_is_enrolled_once(api: Any, effects: Any) -> None:
    for _ in range(2):
        assert api("POST", PATH, {"programId": 501, "contacts": [1001]})[0] == 201
    assert [(effect, ids.get("reason")) for effect, ids in effects()] == [
        ("enrolled", None),
        ("enrolment_fault", "AlreadyInProgram"),
    ]


@pytest.mark.asks_wrongly("Segment's own destination sends ids as text", accepted=True)
def test_names_in_any_case_and_ids_as_text_are_read(api: Any, effects: Any) -> None:
    body = {"ProgramId": "501", "Contacts": [1001], "AddressBooks": []}
    assert api("POST", PATH, body)[0] == 201
    assert [effect for effect, _ in effects()] == ["enrolled"]


def test_lists_enrol_their_contacts_once(api: Any, effects: Any) -> None:
    assert api("POST", PATH, {"programId": 501, "contacts": [1001], "addressBooks": [301]})[0] == 201
    assert [(effect, ids["contactId"]) for effect, ids in effects()] == [
        ("enrolled", 1001),
        ("enrolment_fault", 1003),
    ]


def test_who_may_not_be_mailed_or_is_inside_becomes_a_fault(api: Any, effects: Any) -> None:
    assert api("POST", PATH, {"programId": 502, "contacts": [1002, 1003, 1004]})[0] == 201
    assert [(effect, ids["contactId"], ids["reason"]) for effect, ids in effects()] == [
        ("enrolment_fault", 1002, "AlreadyInProgram"),
        ("enrolment_fault", 1003, "Unsubscribed"),
        ("enrolment_fault", 1004, "Unsubscribed"),
    ]


def test_twenty_calls_an_hour_good_or_bad(api: Any, sandbox: Any) -> None:
    body = {"programId": 999, "contacts": [1001]}
    used_up = (400, {"message": "Error: ERROR_ENROLMENT_ALLOWANCE_EXCEEDED"})
    statuses = [api("POST", PATH, body)[0] for _ in range(20)]
    assert statuses == [404] * 20
    assert api("POST", PATH, body) == used_up
    sandbox.clock.advance(3599)
    assert api("POST", PATH, body) == used_up
    sandbox.clock.advance(1)
    assert api("POST", PATH, body)[0] == 404


def test_the_allowance_can_be_set(api: Any, sandbox: Any) -> None:
    sandbox.limit(LimitRules(enrolments_per_hour=1))
    body = {"programId": 501, "contacts": [1001]}
    assert [api("POST", PATH, body)[0] for _ in range(2)] == [201, 400]
