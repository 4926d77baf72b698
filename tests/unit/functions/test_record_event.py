from datetime import timedelta
from typing import Any

import pytest

from delivery.outcome import Outcome
from tests.support.deliveries import NOW, SUBSCRIPTION, deliver, deliver_all, delivered, skipped, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "record_event"
PAYLOAD = {
    "channelIdentifier": "email",
    "emailIdentifier": "noor@example.com",
    "eventType": "Quilt bought",
    "id": "m-1",
    "timestamp": "2026-05-31T09:30:00Z",
}
ITEM = {
    "contactIdentity": {"identifier": "email", "value": "noor@example.com"},
    "type": "Quilt bought",
    "id": "m-1",
    "eventTimestamp": "2026-05-31T09:30:00.000Z",
    "timelineDetails": {"summary": "Quilt bought"},
}
BY_NUMBER = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+44 7700 900123"}
NUMBER = {"mobileNumber": "447700900123"}
CREATE = {"missingContact": "create"}
RETRY = {"missingContact": "retry"}
SKIP = {"missingContact": "skip"}
PATH = "/contacts/v3/email/noor%40example.com"
GET = Sent("GET", PATH)
MAKE = Sent("PATCH", PATH, "", {"identifiers": {"email": "noor@example.com"}})
FOUND = (200, {"contactId": 5001, "status": "subscribed"})
BINNED = (200, {"contactId": 5001, "status": "binned"})
NOT_FOUND = (404, {"errorCode": "contacts:contactNotFound"})
DONE = delivered(ACTION, contactId=5001)
MISSING = Outcome(
    "rejected",
    ACTION,
    SUBSCRIPTION,
    "Dotdigital has no such contact; map missingContact to retry to wait for it, to skip to leave it out, to create to "
    "have it made",
)
NOT_YET = Outcome("retry", ACTION, SUBSCRIPTION, "Dotdigital does not have the contact yet")
OWN_NAME = "must not be the name of one of Dotdigital's own Insight data types, such as orders"


def record(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def record_all(server: DotdigitalServer, *differences: dict[str, Any]) -> list[Outcome]:
    return deliver_all(server, ACTION, [{**PAYLOAD, **difference} for difference in differences])


def events(*items: dict[str, Any]) -> Sent:
    return Sent("POST", "/events/v3/import", "", [{**ITEM, **item} for item in items])


@pytest.mark.parametrize(
    ("differences", "item"),
    [
        ({}, {}),
        ({"timestamp": 1780219800}, {}),
        ({"id": 7}, {"id": "7"}),
        ({"summary": "For €67"}, {"timelineDetails": {"summary": "For €67"}}),
        ({"eventData": {}}, {"eventData": {}}),
        ({"eventData": {"a": {"b": [1, None]}}}, {"eventData": {"a": {"b": [1, None]}}}),
        ({"missingContact": "reject"}, {}),
        (RETRY, {}),
        (SKIP, {}),
        ({"eventType": "x" * 80}, {"type": "x" * 80, "timelineDetails": {"summary": "x" * 80}}),
    ],
)
def test_an_event_of_a_contact_that_is_there_is_recorded(
    server: DotdigitalServer, differences: dict[str, Any], item: dict[str, Any]
) -> None:
    server.responds(FOUND, 202)
    assert record(server, **differences) == DONE
    assert server.sent == [GET, events(item)]


@pytest.mark.parametrize("response", [NOT_FOUND, BINNED])
def test_nobody_is_made_unless_the_mapping_says_so(server: DotdigitalServer, response: Any) -> None:
    server.responds(response)
    assert record(server) == MISSING
    assert server.sent == [GET]


@pytest.mark.parametrize(
    ("differences", "make", "item"),
    [
        ({}, MAKE, {}),
        (
            BY_NUMBER,
            Sent("PATCH", "/contacts/v3/mobileNumber/447700900123", "", {"identifiers": NUMBER}),
            {"contactIdentity": {"identifier": "mobileNumber", "value": "447700900123"}},
        ),
    ],
)
def test_a_contact_is_made_where_the_mapping_says_so(
    server: DotdigitalServer, differences: dict[str, Any], make: Sent, item: dict[str, Any]
) -> None:
    server.responds((201, {"contactId": 5001}), 202)
    assert record(server, **differences, **CREATE) == DONE
    assert server.sent == [make, events(item)]


def test_a_contact_that_was_made_and_is_not_told_has_its_event_recorded(server: DotdigitalServer) -> None:
    server.responds((201, b"fine"), (202, b"fine"))
    assert record(server, **CREATE) == delivered(ACTION)
    assert server.sent == [MAKE, events({})]


@pytest.mark.parametrize(
    ("field", "value", "reason"),
    [
        ("eventType", " ", "is required"),
        ("id", "", "is required"),
        ("timestamp", None, "is required"),
        ("eventType", "x" * 81, "must have 1 to 80 characters"),
        ("eventType", "Orders", OWN_NAME),
        ("eventType", "webinsight", OWN_NAME),
        ("eventData", ["a"], "must be an object"),
        ("summary", "x" * 161, "must have 1 to 160 characters"),
        ("missingContact", "ignore", "must be one of 'reject', 'retry', 'skip' or 'create'"),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, field: str, value: Any, reason: str
) -> None:
    assert record(server, **{field: value}) == wrong_fields(ACTION, **{field: reason})
    assert server.sent == []


def record_after(server: DotdigitalServer, minutes: float, **differences: Any) -> Outcome:
    """What becomes of an event that came into its queue so many minutes ago, by a clock that may be wrong."""
    return deliver(server, ACTION, {**PAYLOAD, **RETRY, **differences}, NOW - timedelta(minutes=minutes))


@pytest.mark.parametrize(
    ("minutes", "differences", "outcome"),
    [
        (-1, {}, NOT_YET),
        (0, {}, NOT_YET),
        (14.9, {}, NOT_YET),
        (15, {}, MISSING),
        (14.9, {"missingContactMinutes": 5}, MISSING),
        (1439, {"missingContactMinutes": "1440"}, NOT_YET),
        (1, {"missingContactMinutes": 5, "missingContact": "reject"}, MISSING),
    ],
)
def test_a_missing_contact_is_waited_for_and_never_made(
    server: DotdigitalServer, minutes: float, differences: dict[str, Any], outcome: Outcome
) -> None:
    server.responds(NOT_FOUND)
    assert record_after(server, minutes, **differences) == outcome
    assert server.sent == [GET]


@pytest.mark.parametrize("minutes", [1, 20])
def test_an_event_whose_contact_came_meanwhile_is_recorded(server: DotdigitalServer, minutes: float) -> None:
    server.responds(FOUND, 202)
    assert record_after(server, minutes) == DONE
    assert server.sent == [GET, events({})]


@pytest.mark.parametrize("value", [0, -5, 1441, 1.5, "ten", True, [5, 6]])
def test_minutes_that_are_none(server: DotdigitalServer, value: Any) -> None:
    told = "must be a whole number of minutes, 1 to 1,440"
    expected = wrong_fields(ACTION, missingContactMinutes="must be text" if isinstance(value, list) else told)
    assert record_after(server, 1, missingContactMinutes=value) == expected


def test_an_event_of_a_missing_contact_is_skipped_where_the_mapping_says_so(server: DotdigitalServer) -> None:
    server.responds(NOT_FOUND)
    assert record(server, **SKIP) == skipped(ACTION, "Dotdigital has no such contact")
    assert server.sent == [GET]


def test_events_of_one_missing_contact_end_as_each_mapping_says(server: DotdigitalServer) -> None:
    server.responds(NOT_FOUND)
    outcomes = record_all(server, {}, RETRY, SKIP)
    assert outcomes == [MISSING, NOT_YET, skipped(ACTION, "Dotdigital has no such contact")]
    assert server.sent == [GET]


@pytest.mark.parametrize(("status", "outcome"), [(503, "retry"), (429, "retry"), (400, "rejected")])
def test_an_import_that_fails_is_made_again_unless_it_is_refused(
    server: DotdigitalServer, status: int, outcome: str
) -> None:
    server.responds(FOUND, (status, {"errorCode": "events:badJson"}))
    assert record(server).outcome == outcome


def test_events_go_in_one_request_and_each_contact_is_made_sure_of_once(server: DotdigitalServer) -> None:
    server.responds(FOUND, 202)
    washed = {"id": "m-3", "eventType": "Quilt washed"}
    assert record_all(server, {}, {"id": "m-2"}, washed) == [DONE] * 3
    item = {"id": "m-3", "type": "Quilt washed", "timelineDetails": {"summary": "Quilt washed"}}
    assert server.sent == [GET, events({}, {"id": "m-2"}, item)]


def test_a_missing_contact_takes_no_other_event_with_it(server: DotdigitalServer) -> None:
    server.responds((201, {"contactId": 5002}), NOT_FOUND, 202)
    outcomes = record_all(server, {}, {"emailIdentifier": "lee@example.com", **CREATE})
    assert outcomes == [MISSING, delivered(ACTION, contactId=5002)]
    assert [sent.path for sent in server.sent[:2]] == ["/contacts/v3/email/lee%40example.com", PATH]
    assert server.sent[2] == events({"contactIdentity": {"identifier": "email", "value": "lee@example.com"}})


def test_a_look_up_that_breaks_takes_no_other_event_with_it(server: DotdigitalServer) -> None:
    server.responds((201, {"contactId": 5001}), 503, 202)
    outcomes = record_all(server, CREATE, {"emailIdentifier": "lee@example.com"})
    assert [outcome.outcome for outcome in outcomes] == ["delivered", "retry"]


@pytest.mark.parametrize(
    ("bad", "statuses"), [({"eventData": {"price": float("nan")}}, [202]), ({"id": "m-2"}, [400, 202, 400])]
)
def test_an_event_that_is_refused_takes_no_other_with_it(
    server: DotdigitalServer, bad: dict[str, Any], statuses: list[int]
) -> None:
    server.responds(FOUND, *((status, {"errorCode": "events:badJson"}) for status in statuses))
    assert [outcome.outcome for outcome in record_all(server, {}, bad)] == ["delivered", "rejected"]
    assert events({}) in server.sent
