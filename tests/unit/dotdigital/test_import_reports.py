from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dotdigital import AccountRefusesError, DotdigitalError, Identifier, RejectedError
from dotdigital.contact_imports import results_of
from dotdigital.http_messages import JsonObject

JANE = Identifier("email", "jane@example.com")
NUMBER = Identifier("mobileNumber", "447700900123")
BOTH = {"email": "jane@example.com", "mobileNumber": "447700900123"}
ODD = [{"failureCode": "invalidEmail", "description": "Odd"}]


def created(contact_id: Any, identifiers: Any) -> dict[str, Any]:
    return {"created": [{"contactId": contact_id, "identifiers": identifiers}]}


def failed(identifiers: Any, failures: Any = ODD, **more: Any) -> dict[str, Any]:
    return {"failures": [{"identifiers": identifiers, "failures": failures, **more}]}


def shown(report: Any, *asked: Identifier) -> dict[Identifier, Any]:
    """The results, errors as their code and description."""
    results = results_of(JsonObject(report), asked or (JANE, NUMBER))
    return {
        identifier: result if isinstance(result, int) else (type(result), result.code, result.description)
        for identifier, result in results.items()
    }


@pytest.mark.parametrize(
    ("report", "results"),
    [
        (created(42, {"email": "JANE@Example.com"}), {JANE: 42}),
        (created(42, {"mobileNumber": "+447700900123"}), {NUMBER: 42}),
        (created(42, BOTH), {JANE: 42, NUMBER: 42}),
        ({"updated": created(42, BOTH)["created"]}, {JANE: 42, NUMBER: 42}),
        (created(42, {"email": "joe@example.com"}), {}),
        (created(42, {"mobileNumber": "jane@example.com"}), {}),
        (created(42, {}), {}),
        (created(42, None), {}),
        (created(42, {"email": 5, "mobileNumber": None}), {}),
        (created(None, BOTH), {}),
        (created(0, BOTH), {}),
        (created(True, BOTH), {}),
        (created("42", BOTH), {}),
        ({}, {}),
        ({"created": None, "updated": {}, "failures": "x"}, {}),
        ({"created": [None, 5, []], "failures": [None, 5, []]}, {}),
    ],
)
def test_a_contact_is_found_by_what_the_report_calls_it(report: Any, results: dict[Identifier, int]) -> None:
    assert shown(report) == results


@pytest.mark.parametrize(
    ("report", "results"),
    [
        (failed({"email": "JANE@example.com"}), {JANE: (RejectedError, "invalidEmail", "Odd")}),
        (failed(BOTH, matchIdentifier="email"), {JANE: (RejectedError, "invalidEmail", "Odd")}),
        (failed({"email": JANE.value}, matchIdentifier="contactId"), {JANE: (RejectedError, "invalidEmail", "Odd")}),
        (failed({"email": JANE.value}, matchIdentifier=[]), {JANE: (RejectedError, "invalidEmail", "Odd")}),
        (failed({"email": "joe@example.com"}), {}),
        (failed({}, contactId=42), {}),
    ],
)
def test_a_failure_is_found_by_its_match_identifier(report: Any, results: dict[Identifier, Any]) -> None:
    assert shown(report) == results


@pytest.mark.parametrize(
    ("failures", "code", "words"),
    [
        (
            [
                {"failureCode": "a", "description": "jane@example.com is odd"},
                {"failureCode": "b", "description": "Two"},
            ],
            "a, b",
            "[address] is odd; Two",
        ),
        ([{"failureCode": "jane@example.com"}], "[address]", "the import's report says that it failed"),
        ([{"failureCode": 5, "description": ["x"]}, None], None, "the import's report says that it failed"),
        ([], None, "the import's report says that it failed"),
        (None, None, "the import's report says that it failed"),
    ],
)
def test_a_failure_tells_its_codes_and_words_without_personal_data(failures: Any, code: str | None, words: str) -> None:
    assert shown(failed({"email": JANE.value}, failures)) == {JANE: (RejectedError, code, words)}


def test_a_contact_that_was_done_and_failed_in_part_has_failed() -> None:
    report = {**created(42, BOTH), **failed({"email": JANE.value})}
    assert shown(report) == {JANE: (RejectedError, "invalidEmail", "Odd"), NUMBER: 42}


def test_identifiers_that_differ_in_case_alone_are_left_out() -> None:
    report = {**created(42, {"email": JANE.value}), **failed({"email": "Jane@example.com"})}
    assert shown(report, JANE, Identifier("email", "Jane@example.com"), NUMBER) == {}


def test_identifiers_that_only_unicode_calls_one_are_two() -> None:
    kelvin = Identifier("email", "\N{KELVIN SIGN}ate@example.com")
    report = created(42, {"email": kelvin.value})["created"] + created(43, {"email": "Kate@example.com"})["created"]
    kate = Identifier("email", "kate@example.com")
    assert shown({"created": report}, kelvin, kate) == {kelvin: 42, kate: 43}


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([JANE.value, NUMBER.value]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["contactId", "identifiers", "matchIdentifier", "failures", "failureCode", "description"])
            | st.sampled_from(["email", "mobileNumber"]),
            inner,
        )
    ),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["created", "updated", "failures"]), JSON | st.lists(JSON, max_size=3)))
def test_any_report_gives_ids_and_errors_of_contacts_that_were_asked_for(report: Any) -> None:
    results = results_of(JsonObject(report), [JANE, NUMBER])
    assert results.keys() <= {JANE, NUMBER}
    assert all(isinstance(result, DotdigitalError) or result > 0 for result in results.values())


@pytest.mark.parametrize("code", ["ExceedsAllowedContactLimit", "exceedsAllowedContactLimit", "ERROR_CONTACT_TOOMANY"])
def test_a_contact_for_which_the_account_has_no_room_waits(code: str) -> None:
    failures = [*ODD, {"failureCode": code, "description": "No room"}]
    told = "Odd; No room; the account has no room for so many contacts: delete some, or ask Dotdigital for more"
    assert shown(failed({"email": "jane@example.com"}, failures)) == {
        JANE: (AccountRefusesError, f"invalidEmail, {code}", told)
    }
