"""What the check of requests and responses against Dotdigital's descriptions finds."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from dev.sandbox.app import ROUTES
from dev.sandbox.journal import RequestRecord
from tests.support.contract import CONTRACT, departures

CONTACT = "/contacts/v3/email/kim%40example.com"
ENROLMENTS = "/v2/programs/enrolments"
ENROLMENT = {"programId": 501, "contacts": [1001]}
UNKNOWN_REQUEST = "the contract does not know this request"
UNEXPECTED = "Additional properties are not allowed ('{}' was unexpected)"
STATUSES = "['noSubscription', 'subscribed', 'unsubscribed', 'suppressed']"


def problems(method: str, path: str, body: object = None, status: int | None = None, **more: Any) -> list[str]:
    headers = {} if body is None else {"content-type": "application/json"}
    now = datetime(2026, 11, 26, tzinfo=UTC)
    record = RequestRecord(1, now, method, path, path, {}, headers, body, 50_000, status=status, **more)
    return [one.problem for one in departures([record])]


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/v2/data-fields/", None),
        ("GET", "/v2/programs?select=1000&skip=1000", None),
        ("GET", "/contacts/v3/import/b1946ac9", None),
        ("GET", "/contacts/v3/mobileNumber/447700900001", None),
        ("PATCH", f"{CONTACT}?merge-option=overwrite", {"lists": [301], "dataFields": {"CITY": None}}),
        ("POST", ENROLMENTS, ENROLMENT),
        ("POST", ENROLMENTS, {"ProgramID": 501, "CONTACTS": [1001]}),
        ("POST", "/cpaas/messages", {"to": {"phoneNumber": "447700900001"}, "rules": ["sms"], "shortenLinks": "on"}),
        ("POST", "/v2/email", {"ToAddresses": ["kim@example.com"], "Subject": "Hi", "metadata": {"Id": 1}}),
        ("PUT", "/insightData/v3/account/Orders/m-1", {"any": {"thing": [1]}}),
    ],
)
def test_a_good_request(method: str, path: str, body: object) -> None:
    assert problems(method, path, body) == []


SMS_STATUS = {"channelProperties": {"sms": {"status": "Subscribed"}}}
NAMED = {"toAddresses": ["Kim <kim@example.com>"], "subject": "Hi"}


@pytest.mark.parametrize(
    ("method", "path", "body", "problem"),
    [
        ("GET", "/v2/lists", None, UNKNOWN_REQUEST),
        ("PUT", CONTACT, {}, UNKNOWN_REQUEST),
        ("GET", "/v2/campaigns", None, "GET /v2/campaigns/filtered takes its place"),
        ("GET", "/v2/programs?limit=5", None, f"query: {UNEXPECTED.format('limit')}"),
        ("GET", "/v2/programs?select=1001", None, "query.select: 1001 is greater than the maximum of 1000"),
        ("GET", "/v2/programs?select=all", None, "query.select: 'all' is not of type 'integer'"),
        ("GET", f"/contacts/v3/email/{'k' * 257}", None, f"path.value: {'k' * 257!r} is too long"),
        ("GET", CONTACT, {}, "it has a body"),
        ("POST", ENROLMENTS, None, "its content type is not application/json"),
        ("POST", ENROLMENTS, {**ENROLMENT, "contactIds": [1]}, f"body: {UNEXPECTED.format('contactids')}"),
        ("POST", ENROLMENTS, {"contacts": [1001]}, "body: 'programid' is a required property"),
        ("POST", ENROLMENTS, {**ENROLMENT, "programId": "501"}, "body.programid: '501' is not of type 'integer'"),
        ("POST", ENROLMENTS, {**ENROLMENT, "contacts": []}, "body.contacts: [] should be non-empty"),
        ("PATCH", CONTACT, {"Lists": [1]}, f"body: {UNEXPECTED.format('Lists')}"),
        ("PATCH", CONTACT, {"lists": ["301"]}, "body.lists.0: '301' is not of type 'integer'"),
        ("PATCH", CONTACT, {"lists": [2**31]}, "body.lists.0: 2147483648 is greater than the maximum of 2147483647"),
        ("PATCH", CONTACT, SMS_STATUS, f"body.channelProperties.sms.status: 'Subscribed' is not one of {STATUSES}"),
        ("POST", "/v2/email", NAMED, "body.toaddresses.0: 'Kim <kim@example.com>' is not a 'address'"),
    ],
)
def test_a_wrong_request(method: str, path: str, body: object, problem: str) -> None:
    assert problem in problems(method, path, body)


@pytest.mark.parametrize(
    ("status", "response", "problem"),
    [
        (200, {"contactId": 1001}, None),
        (401, None, None),
        (401, {"errorCode": "server:unauthorized", "description": "Denied"}, None),
        (404, {"errorCode": "contacts:contactNotFound", "description": "Not found"}, None),
        (429, {"errorCode": "server:status429", "description": "Too many"}, None),
        (200, None, "body: None is not of type 'object'"),
        (200, {"contactID": 1001}, "body: 'contactId' is a required property"),
        (200, {"contactId": "1001"}, "body.contactId: '1001' is not of type 'integer'"),
        (200, {"contactId": 1001, "name": "Kim"}, f"body: {UNEXPECTED.format('name')}"),
        (204, None, "the contract does not know this status"),
        (404, {"errorCode": "contacts:gone", "description": "Gone"}, "the contract does not know contacts:gone"),
        (404, {"message": "Gone"}, "body: 'errorCode' is a required property"),
    ],
)
def test_a_response(status: int, response: object, problem: str | None) -> None:
    found = problems("DELETE", CONTACT, None, status, response=response)
    assert problem in found if problem else found == []


def test_a_response_that_should_be_empty() -> None:
    body = {"message": "Hi"}
    assert problems("POST", "/v2/sms-messages/send-to/447700900001", body, 204, response={}) == ["it has a body"]


def test_the_response_of_an_armed_failure_is_the_tests_own_and_the_request_is_not() -> None:
    assert problems("DELETE", CONTACT, None, 299, response="odd", failure=1) == []
    assert problems("DELETE", "/v2/lists", None, 299, response="odd", failure=1) == [UNKNOWN_REQUEST]


def test_the_contract_has_the_requests_that_the_sandbox_takes() -> None:
    operations = {_shape(name) for name, facts in CONTRACT["operations"].items() if "deprecated" not in facts}
    assert operations == {_shape(f"{one.method} {one.path}") for one in ROUTES}


def _shape(name: str) -> str:
    return "/".join("{}" if part.startswith("{") else part for part in name.split("/"))
