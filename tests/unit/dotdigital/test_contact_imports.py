from typing import Any

import pytest

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
from dotdigital.contact_imports import ContactImports
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


def test_contacts_go_in_one_call_and_each_gets_its_id(server: DotdigitalServer) -> None:
    server.answers(202, STARTED)
    server.answers(200, FINISHED)
    assert server.client().contact_imports.run({JANE: DETAILS, NUMBER: {}}) == {JANE: 42, NUMBER: 43}
    contacts = [
        {"matchIdentifier": "email", "identifiers": {"email": "jane@example.com"}, **DETAILS},
        {"matchIdentifier": "mobileNumber", "identifiers": {"mobileNumber": "447700900123"}},
    ]
    assert server.sent == [Sent("PUT", IMPORT, "", {"mergeOption": "overwrite", "contacts": contacts}), POLL]


def test_no_contacts_are_no_call(server: DotdigitalServer) -> None:
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


@pytest.mark.parametrize(
    ("left", "slept"),
    [(1.4, []), (1.5, [0.5]), (1.9, [0.5]), (3.0, [0.5, 1.0, 0.5]), (4.5, [0.5, 1.0, 2.0]), (4.0, [0.5, 1.0, 1.5])],
)
def test_it_never_waits_past_the_deadline_and_leaves_time_for_the_last_poll(
    server: DotdigitalServer, left: float, slept: list[float]
) -> None:
    clock = Clock()
    server.answers(202, STARTED)
    for _ in slept:
        server.answers(200, UNFINISHED)
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
    with pytest.raises(DotdigitalError) as caught:
        server.client().contact_imports.run({JANE: {}})
    error = caught.value
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
    with pytest.raises(UnavailableError) as caught:
        server.client().contact_imports.run({JANE: {}})
    error = caught.value
    assert (error.status, error.code) == (status, code)
    assert error.description == f"the import's report cannot be had: {words}"


@pytest.mark.parametrize(
    ("status", "body", "kind"),
    [
        (400, {"errorCode": "server:badRequest", "description": "Bad request"}, RejectedError),
        (429, {"errorCode": "contacts:tooManyActiveImports", "description": "Busy"}, LimitedError),
        (503, None, UnavailableError),
        (202, {}, UnavailableError),
        (202, {"importId": 5}, UnavailableError),
    ],
)
def test_an_import_that_is_not_taken_is_not_polled(
    server: DotdigitalServer, status: int, body: Any, kind: type[DotdigitalError]
) -> None:
    server.answers(status, body)
    with pytest.raises(DotdigitalError) as caught:
        server.client().contact_imports.run({JANE: {}})
    assert type(caught.value) is kind


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


def test_polls_that_fail_until_the_time_is_up_do_not_say_that_the_import_failed(server: DotdigitalServer) -> None:
    server.answers(202, STARTED)
    for _ in range(3):
        server.answers(503)
    dotdigital = server.client(monotonic=Clock())
    dotdigital.finish_within(4.5)
    with pytest.raises(UnavailableError) as caught:
        dotdigital.contact_imports.run({JANE: {}})
    assert str(caught.value) == "the import was not finished in the time that was left"


def test_polls_that_fail_for_ever_end_without_a_deadline_too(server: DotdigitalServer) -> None:
    server.answers(202, STARTED)
    for _ in range(20):
        server.answers(503)
    with pytest.raises(UnavailableError) as caught:
        server.client(monotonic=Clock()).contact_imports.run({JANE: {}})
    assert str(caught.value) == "the import's report could not be had; the import may have been done"


def test_the_sandbox_reports_each_contact(sandbox: Sandbox) -> None:
    sandbox.imports(polls=2)
    clock = Clock()
    account = account_at(sandbox.url, username=sandbox.username, password=sandbox.password)
    kim, new = Identifier("email", "KIM@example.com"), Identifier("mobileNumber", "447700900008")
    typo, odd = Identifier("email", "kim"), Identifier("email", "lee@example.org")
    transport = transport_to(sandbox.url, account=account, monotonic=clock)
    results = ContactImports(transport).run({kim: {"lists": [303]}, new: {}, typo: {}, odd: {"lists": [999]}})
    assert {identifier: shown(result) for identifier, result in results.items()} == {
        kim: 1001,
        new: 1008,
        typo: ("invalidEmail", "Not a valid email"),
        odd: ("badRequest", "lists: List 999 is not found or takes no contacts"),
    }
    assert clock.slept == [0.5, 1, 2]
    assert ("list_joined", {"contactId": 1001, "listId": 303}) in [(one.effect, one.details) for one in sandbox.journal]


def shown(result: int | DotdigitalError) -> int | tuple[str | None, str]:
    """The id, or the parts of the error."""
    return result if isinstance(result, int) else (result.code, result.description)
