from collections.abc import Mapping
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dev.sandbox.server import Sandbox
from dotdigital import (
    AccountRefusesError,
    ContactDetails,
    DotdigitalError,
    Identifier,
    LimitedError,
    RejectedError,
    UnavailableError,
)
from dotdigital.contact_imports import ContactImports, results_of
from dotdigital.http_messages import JsonObject
from tests.support.dotdigital_server import Clock, DotdigitalServer, Sent, account_at, transport_to

JANE = Identifier("email", "jane@example.com")
NUMBER = Identifier("mobileNumber", "447700900123")
DETAILS: ContactDetails = {
    "channelProperties": {"email": {"emailType": "html"}},
    "dataFields": {"CITY": None},
    "lists": [7],
}
STARTED = {"importId": "b1946ac9-2492"}
IMPORT = "/contacts/v3/import"
POLL = Sent("GET", f"{IMPORT}/b1946ac9-2492")
UNFINISHED = {**STARTED, "status": "NotFinished", "summary": {}, "created": [], "updated": [], "failures": []}
FINISHED = {
    **UNFINISHED,
    "status": "Finished",
    "created": [{"contactId": 42, "identifiers": {"email": "jane@example.com"}}],
    "updated": [{"contactId": 43, "identifiers": {"mobileNumber": "447700900123"}}],
}


def test_contacts_go_in_one_request_and_each_gets_its_id(server: DotdigitalServer) -> None:
    server.answers(202, STARTED)
    server.answers(200, FINISHED)
    assert server.client().contact_imports.run({JANE: DETAILS, NUMBER: {}}) == {JANE: 42, NUMBER: 43}
    contacts = [
        {"matchIdentifier": "email", "identifiers": {"email": "jane@example.com"}, **DETAILS},
        {"matchIdentifier": "mobileNumber", "identifiers": {"mobileNumber": "447700900123"}},
    ]
    assert server.sent == [Sent("PUT", IMPORT, "", {"mergeOption": "overwrite", "contacts": contacts}), POLL]


def refused(server: DotdigitalServer, **changes: Any) -> DotdigitalError:
    """What an import of Jane raises."""
    with pytest.raises(DotdigitalError) as caught:
        server.client(**changes).contact_imports.run({JANE: {}})
    return caught.value


def test_no_contacts_are_no_request(server: DotdigitalServer) -> None:
    with pytest.raises(RejectedError, match="an import needs at least one contact"):
        server.client().contact_imports.run({})
    assert server.sent == []


@pytest.mark.parametrize(
    "unfinished", [UNFINISHED, {}, None, [], "Finished", {"status": "Queued"}, {"status": ["Finished"]}]
)
def test_it_waits_longer_each_time_until_the_import_is_finished(server: DotdigitalServer, unfinished: Any) -> None:
    clock = Clock()
    server.answers(202, STARTED)
    for _ in range(7):
        server.answers(200, unfinished)
    server.answers(200, FINISHED)
    assert server.client(monotonic=clock).contact_imports.run({JANE: {}}) == {JANE: 42}
    assert clock.slept == [0.5, 1, 2, 4, 8, 15, 15, 15]
    assert server.sent[1:] == [POLL] * 8


@pytest.mark.parametrize("poll", [(200, UNFINISHED), (503, None)])
@pytest.mark.parametrize(
    ("left", "slept"),
    [(1.4, []), (1.5, [0.5]), (1.9, [0.5]), (3.0, [0.5, 1.0, 0.5]), (4.5, [0.5, 1.0, 2.0]), (4.0, [0.5, 1.0, 1.5])],
)
def test_it_never_waits_past_the_deadline_and_leaves_time_for_the_last_poll(
    server: DotdigitalServer, left: float, slept: list[float], poll: tuple[int, Any]
) -> None:
    clock = Clock()
    server.answers(202, STARTED)
    for _ in slept:
        server.answers(*poll)
    dotdigital = server.client(monotonic=clock)
    dotdigital.finish_within(left)
    with pytest.raises(UnavailableError) as caught:
        dotdigital.contact_imports.run({JANE: {}})
    assert str(caught.value) == "the import was not finished in the time that was left"
    assert clock.slept == slept


@pytest.mark.parametrize(
    ("status", "kind", "words"),
    [
        ("RejectedByWatchdog", RejectedError, "Dotdigital's data watchdog refuses the whole import"),
        (
            "ExceedsAllowedContactLimit",
            AccountRefusesError,
            "the account has no room for so many contacts: delete some, or ask Dotdigital for more",
        ),
        ("Failed", UnavailableError, "Dotdigital says that the import failed"),
    ],
)
def test_an_import_that_ends_otherwise_has_no_results(
    server: DotdigitalServer, status: str, kind: type[DotdigitalError], words: str
) -> None:
    server.answers(202, STARTED)
    server.answers(200, {**FINISHED, "status": status})
    error = refused(server)
    assert (type(error), error.status, error.code, error.description) == (kind, None, status, words)


@pytest.mark.parametrize(
    ("status", "body", "code", "words"),
    [
        (404, {"errorCode": "contacts:importNotFound", "description": "No"}, "contacts:importNotFound", "No"),
        (404, None, None, "Dotdigital answered 404"),
        (400, {"errorCode": "contacts:invalidId", "description": "No"}, "contacts:invalidId", "No"),
    ],
)
def test_a_poll_that_is_refused_says_nothing_of_the_contacts(
    server: DotdigitalServer, status: int, body: Any, code: str | None, words: str
) -> None:
    server.answers(202, STARTED)
    server.answers(status, body)
    error = refused(server)
    assert (type(error), error.status, error.code) == (UnavailableError, status, code)
    assert error.description == f"the import's report cannot be had: {words}"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"errorCode": "server:badRequest", "description": "Bad request"}, RejectedError),
        (429, {"errorCode": "contacts:tooManyActiveImports", "description": "Busy"}, LimitedError),
        (503, None, UnavailableError),
    ],
)
def test_an_import_that_is_not_taken_is_not_polled(
    server: DotdigitalServer, status: int, body: Any, kind: type[DotdigitalError]
) -> None:
    server.answers(status, body)
    assert type(refused(server)) is kind


@pytest.mark.parametrize("failure", [{"status": 503}, {"status": 429}, {"status": 200, "raw": b"<html>"}])
def test_a_poll_that_fails_is_made_again_and_the_import_is_not(
    server: DotdigitalServer, failure: dict[str, Any]
) -> None:
    clock = Clock()
    server.answers(202, STARTED)
    server.answers(**failure)
    server.answers(200, UNFINISHED)
    server.answers(**failure)
    server.answers(200, FINISHED)
    assert server.client(monotonic=clock).contact_imports.run({JANE: {}}) == {JANE: 42}
    assert [sent.method for sent in server.sent] == ["PUT", "GET", "GET", "GET", "GET"]
    assert clock.slept == [0.5, 1, 2, 4]


def test_a_poll_that_is_never_answered_is_given_up_in_time_for_another(sandbox: Sandbox) -> None:
    sandbox.fail("delay", method="GET", seconds=600)
    clock = Clock()
    account = account_at(sandbox.url, username=sandbox.username, password=sandbox.password)
    transport = transport_to(sandbox.url, account=account, monotonic=clock)
    imports = ContactImports(transport, longest_poll=0.2)
    assert imports.run({JANE: {}}) == {JANE: 1008}
    assert [req.method for req in sandbox.requests] == ["PUT", "GET", "GET"]


def test_polls_that_fail_for_ever_end_without_a_deadline_too(server: DotdigitalServer) -> None:
    server.answers(202, STARTED)
    for _ in range(20):
        server.answers(503)
    told = "the import's report could not be had; the import may have been done"
    assert str(refused(server, monotonic=Clock())) == told


def test_the_sandbox_reports_each_contact(sandbox: Sandbox) -> None:
    sandbox.imports(polls=2)
    clock = Clock()
    account = account_at(sandbox.url, username=sandbox.username, password=sandbox.password)
    kim, new = Identifier("email", "KIM@example.com"), Identifier("mobileNumber", "447700900008")
    typo, odd = Identifier("email", "kim"), Identifier("email", "lee@example.org")
    transport = transport_to(sandbox.url, account=account, monotonic=clock)
    results = ContactImports(transport).run({kim: {"lists": [303]}, new: {}, typo: {}, odd: {"lists": [999]}})
    assert shown(results) == {
        kim: 1001,
        new: 1008,
        typo: (RejectedError, "invalidEmail", "Not a valid email"),
        odd: (RejectedError, "badRequest", "lists: List 999 is not found or takes no contacts"),
    }
    assert clock.slept == [0.5, 1, 2]
    assert ("list_joined", {"contactId": 1001, "listId": 303}) in [(one.effect, one.details) for one in sandbox.journal]


BOTH = {"email": "jane@example.com", "mobileNumber": "447700900123"}
ODD = [{"failureCode": "invalidEmail", "description": "Odd"}]


def created(contact_id: Any, identifiers: Any) -> dict[str, Any]:
    return {"created": [{"contactId": contact_id, "identifiers": identifiers}]}


def failed(identifiers: Any, failures: Any = ODD, **more: Any) -> dict[str, Any]:
    return {"failures": [{"identifiers": identifiers, "failures": failures, **more}]}


def shown(results: Mapping[Identifier, int | DotdigitalError]) -> dict[Identifier, Any]:
    """The results, errors as their type, code and description."""
    return {
        identifier: result if isinstance(result, int) else (type(result), result.code, result.description)
        for identifier, result in results.items()
    }


def read(report: Any, *asked: Identifier) -> dict[Identifier, Any]:
    return shown(results_of(JsonObject(report), asked or (JANE, NUMBER)))


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
    ],
)
def test_a_contact_is_found_by_what_the_report_calls_it(report: Any, results: dict[Identifier, int]) -> None:
    assert read(report) == results


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
    assert read(report) == results


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
        (None, None, "the import's report says that it failed"),
    ],
)
def test_a_failure_tells_its_codes_and_words_without_personal_data(failures: Any, code: str | None, words: str) -> None:
    assert read(failed({"email": JANE.value}, failures)) == {JANE: (RejectedError, code, words)}


def test_a_contact_that_was_done_and_failed_in_part_has_failed() -> None:
    report = {**created(42, BOTH), **failed({"email": JANE.value})}
    assert read(report) == {JANE: (RejectedError, "invalidEmail", "Odd"), NUMBER: 42}


def test_identifiers_that_differ_in_case_alone_are_left_out() -> None:
    report = {**created(42, {"email": JANE.value}), **failed({"email": "Jane@example.com"})}
    assert read(report, JANE, Identifier("email", "Jane@example.com"), NUMBER) == {}


def test_identifiers_that_only_unicode_calls_one_are_two() -> None:
    kelvin = Identifier("email", "\N{KELVIN SIGN}ate@example.com")
    report = created(42, {"email": kelvin.value})["created"] + created(43, {"email": "Kate@example.com"})["created"]
    kate = Identifier("email", "kate@example.com")
    assert read({"created": report}, kelvin, kate) == {kelvin: 42, kate: 43}


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
    assert read(failed({"email": "jane@example.com"}, failures)) == {
        JANE: (AccountRefusesError, f"invalidEmail, {code}", told)
    }
