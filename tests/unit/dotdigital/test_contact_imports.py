from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.sandbox.server import Sandbox
from dotdigital import ContactDetails, Dotdigital, Identifier
from dotdigital.contact_imports import ContactImports, results_of
from dotdigital.errors import AccountRefusesError, DotdigitalError, LimitedError, RejectedError, UnavailableError
from dotdigital.http_messages import JsonObject
from tests.support.dotdigital_server import Clock, DotdigitalServer, Sent, account_at, transport_to

JANE, NUMBER = Identifier("email", "jane@example.com"), Identifier("mobileNumber", "447700900123")
BOTH = {"email": "jane@example.com", "mobileNumber": "447700900123"}
DETAILS: ContactDetails = {
    "channelProperties": {"email": {"emailType": "html"}},
    "dataFields": {"CITY": None},
    "lists": [7],
}
IMPORT = "/contacts/v3/import"
POLL = Sent("GET", f"{IMPORT}/b1946ac9-2492")
STARTED = {"importId": "b1946ac9-2492"}
TAKEN = (202, STARTED)
UNFINISHED = {**STARTED, "status": "NotFinished", "summary": {}, "created": [], "updated": [], "failures": []}
FINISHED = {
    **UNFINISHED,
    "status": "Finished",
    "created": [{"contactId": 42, "identifiers": {"email": "jane@example.com"}}],
    "updated": [{"contactId": 43, "identifiers": {"mobileNumber": "447700900123"}}],
}
NO_ROOM = "the account has no room for so many contacts: delete some, or ask Dotdigital for more"
NO_REPORT = "the import's report cannot be had: "
GIVEN_UP = "the import's report could not be had; the import may have been done"
WATCHDOG = "Dotdigital's data watchdog refuses the whole import"
TOO_MANY = "ExceedsAllowedContactLimit"


def test_contacts_go_in_one_request_and_each_gets_its_id(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds(TAKEN, (200, FINISHED))
    assert dotdigital.contact_imports.run({JANE: DETAILS, NUMBER: {}}) == {JANE: 42, NUMBER: 43}
    contacts = [
        {"matchIdentifier": "email", "identifiers": {"email": "jane@example.com"}, **DETAILS},
        {"matchIdentifier": "mobileNumber", "identifiers": {"mobileNumber": "447700900123"}},
    ]
    assert server.sent == [Sent("PUT", IMPORT, "", {"mergeOption": "overwrite", "contacts": contacts}), POLL]


def test_no_contacts_are_no_request(dotdigital: Dotdigital) -> None:
    with pytest.raises(RejectedError, match="an import needs at least one contact"):
        dotdigital.contact_imports.run({})


@pytest.mark.parametrize(
    "unfinished", [UNFINISHED, {}, None, [], "Finished", {"status": "Queued"}, {"status": ["Finished"]}]
)
def test_it_waits_longer_each_time_until_the_import_is_finished(
    dotdigital: Dotdigital, server: DotdigitalServer, clock: Clock, unfinished: Any
) -> None:
    server.responds(TAKEN, *[(200, unfinished)] * 7, (200, FINISHED))
    assert dotdigital.contact_imports.run({JANE: {}}) == {JANE: 42}
    assert clock.slept == [0.5, 1, 2, 4, 8, 15, 15, 15]


@pytest.mark.parametrize("poll", [(200, UNFINISHED), (503, None)])
@pytest.mark.parametrize(
    ("left", "slept"),
    [(1.4, []), (1.5, [0.5]), (1.9, [0.5]), (3.0, [0.5, 1.0, 0.5]), (4.5, [0.5, 1.0, 2.0]), (4.0, [0.5, 1.0, 1.5])],
)
def test_it_never_waits_past_the_deadline_and_leaves_time_for_the_last_poll(
    dotdigital: Dotdigital, server: DotdigitalServer, clock: Clock, *, left: float, slept: list[float], poll: Any
) -> None:
    server.responds(TAKEN, *[poll] * len(slept))
    dotdigital.finish_within(left)
    with pytest.raises(UnavailableError, match="the import was not finished in the time that was left"):
        dotdigital.contact_imports.run({JANE: {}})
    assert clock.slept == slept


def ended(status: str) -> tuple[int, dict[str, Any]]:
    return 200, {**FINISHED, "status": status}


def refusal(code: str) -> dict[str, str]:
    return {"errorCode": code, "description": "No"}


@pytest.mark.parametrize(
    ("responses", "expected"),
    [
        ([(400, refusal("server:badRequest"))], (RejectedError, 400, "server:badRequest", "No")),
        ([(429, refusal("contacts:x"))], (LimitedError, 429, "contacts:x", "No")),
        ([503], (UnavailableError, 503, None, "Dotdigital answered 503")),
        ([TAKEN, ended("RejectedByWatchdog")], (RejectedError, None, "RejectedByWatchdog", WATCHDOG)),
        ([TAKEN, ended(TOO_MANY)], (AccountRefusesError, None, TOO_MANY, NO_ROOM)),
        ([TAKEN, ended("Failed")], (UnavailableError, None, "Failed", "Dotdigital says that the import failed")),
        ([TAKEN, (404, refusal("contacts:x"))], (UnavailableError, 404, "contacts:x", f"{NO_REPORT}No")),
        ([TAKEN, (400, refusal("contacts:x"))], (UnavailableError, 400, "contacts:x", f"{NO_REPORT}No")),
        ([TAKEN, 404], (UnavailableError, 404, None, f"{NO_REPORT}Dotdigital answered 404")),
        ([TAKEN, *[503] * 19, (200, UNFINISHED), *[503] * 20], (UnavailableError, None, None, GIVEN_UP)),
    ],
)
def test_an_import_without_a_report_has_no_results(
    dotdigital: Dotdigital, server: DotdigitalServer, responses: Any, expected: Any
) -> None:
    server.responds(*responses)
    with pytest.raises(DotdigitalError) as caught:
        dotdigital.contact_imports.run({JANE: {}})
    error = caught.value
    assert (type(error), error.status, error.code, error.description) == expected


@pytest.mark.parametrize("failure", [503, 429, (200, b"<html>")])
def test_a_poll_that_fails_is_made_again_and_the_import_is_not(
    dotdigital: Dotdigital, server: DotdigitalServer, clock: Clock, failure: Any
) -> None:
    server.responds(TAKEN, failure, (200, UNFINISHED), failure, (200, FINISHED))
    assert dotdigital.contact_imports.run({JANE: {}}) == {JANE: 42}
    assert [sent.method for sent in server.sent] == ["PUT", "GET", "GET", "GET", "GET"]
    assert clock.slept == [0.5, 1, 2, 4]


def test_a_poll_that_gets_no_response_is_given_up_in_time_for_another(sandbox: Sandbox, clock: Clock) -> None:
    sandbox.fail("delay", method="GET", seconds=600)
    account = account_at(sandbox.url, username=sandbox.username, password=sandbox.password)
    transport = transport_to(sandbox.url, account=account, monotonic=clock)
    assert ContactImports(transport, longest_poll=0.2).run({JANE: {}}) == {JANE: 1008}
    assert [req.method for req in sandbox.requests] == ["PUT", "GET", "GET"]


def read(report: Any, *asked: Identifier) -> dict[Identifier, Any]:
    """What the report says of each contact, errors as their type, code and description."""
    return {
        identifier: result if isinstance(result, int) else (type(result), result.code, result.description)
        for identifier, result in results_of(JsonObject(report), asked or (JANE, NUMBER)).items()
    }


def created(contact_id: Any, identifiers: Any) -> dict[str, Any]:
    return {"created": [{"contactId": contact_id, "identifiers": identifiers}]}


ODD = {"failureCode": "invalidEmail", "description": "Odd"}
IS_ODD = (RejectedError, "invalidEmail", "Odd")


def failed(identifiers: Any, failures: Any = (ODD,), **more: Any) -> dict[str, Any]:
    return {"failures": [{"identifiers": identifiers, "failures": failures and [*failures], **more}]}


@pytest.mark.parametrize(
    ("report", "results"),
    [
        (created(42, {"email": "JANE@Example.com"}), {JANE: 42}),
        (created(42, {"mobileNumber": "+447700900123"}), {NUMBER: 42}),
        (created(42, BOTH), {JANE: 42, NUMBER: 42}),
        ({"updated": created(42, BOTH)["created"]}, {JANE: 42, NUMBER: 42}),
        (created(42, {"email": "joe@example.com"}), {}),
        (created(42, None), {}),
        (created(42, {"email": 5, "mobileNumber": None}), {}),
        (created(None, BOTH), {}),
        ({"created": None, "updated": {}, "failures": "x"}, {}),
        (failed({"email": "JANE@example.com"}), {JANE: IS_ODD}),
        (failed(BOTH, matchIdentifier="email"), {JANE: IS_ODD}),
        (failed({"email": JANE.value}, matchIdentifier="contactId"), {JANE: IS_ODD}),
        (failed({"email": JANE.value}, matchIdentifier=[]), {JANE: IS_ODD}),
        (failed({"email": "joe@example.com"}), {}),
        (failed({}, contactId=42), {}),
        (created(42, BOTH) | failed({"email": JANE.value}), {JANE: IS_ODD, NUMBER: 42}),
    ],
)
def test_a_contact_is_found_by_what_the_report_calls_it(report: Any, results: dict[Identifier, Any]) -> None:
    assert read(report) == results


FAILED = "the import's report says that it failed"


@pytest.mark.parametrize(
    ("failures", "expected"),
    [
        (
            [{"failureCode": "a", "description": "jane@example.com no"}, {"failureCode": "b", "description": "Two"}],
            (RejectedError, "a, b", "[address] no; Two"),
        ),
        ([{"failureCode": "jane@example.com"}], (RejectedError, "[address]", FAILED)),
        ([{"failureCode": 5, "description": ["x"]}, None], (RejectedError, None, FAILED)),
        (None, (RejectedError, None, FAILED)),
        *(
            ([ODD, {"failureCode": code}], (AccountRefusesError, f"invalidEmail, {code}", f"Odd; {NO_ROOM}"))
            for code in ("ExceedsAllowedContactLimit", "exceedsAllowedContactLimit", "ERROR_CONTACT_TOOMANY")
        ),
    ],
)
def test_a_failure_tells_its_codes_and_words_without_personal_data(failures: Any, expected: Any) -> None:
    assert read(failed({"email": JANE.value}, failures)) == {JANE: expected}


def test_identifiers_that_differ_in_ascii_case_alone_are_left_out_and_others_are_two() -> None:
    report = {**created(42, {"email": JANE.value}), **failed({"email": "Jane@example.com"})}
    assert read(report, JANE, Identifier("email", "Jane@example.com"), NUMBER) == {}
    kelvin, kate = Identifier("email", "\N{KELVIN SIGN}ate@example.com"), Identifier("email", "kate@example.com")
    entries = created(42, {"email": kelvin.value})["created"] + created(43, {"email": "Kate@example.com"})["created"]
    assert read({"created": entries}, kelvin, kate) == {kelvin: 42, kate: 43}


KEYS = ["contactId", "identifiers", "matchIdentifier", "failures", "failureCode", "description", *BOTH]
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text() | st.sampled_from([JANE.value, NUMBER.value]),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=20,
)


@given(st.dictionaries(st.sampled_from(["created", "updated", "failures"]), JSON | st.lists(JSON, max_size=3)))
def test_any_report_gives_ids_and_errors_of_contacts_that_were_asked_for(report: Any) -> None:
    results = results_of(JsonObject(report), [JANE, NUMBER])
    assert results.keys() <= {JANE, NUMBER}
    assert all(isinstance(result, DotdigitalError) or result > 0 for result in results.values())
