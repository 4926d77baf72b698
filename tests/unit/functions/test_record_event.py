from typing import Any

import pytest

from cli.actions import load_action
from delivery.batch import deliver_many
from delivery.outcome import Outcome
from delivery.pipeline import Delivery
from tests.support.dotdigital_server import DotdigitalServer, Sent
from tests.support.sends import Record
from tests.unit.functions.deliveries import NOW, SUBSCRIPTION, deliver, delivered, prepare_all, wrong_fields

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
GET = Sent("GET", "/contacts/v3/email/noor%40example.com")
MAKE = Sent("PATCH", "/contacts/v3/email/noor%40example.com", "", {"identifiers": {"email": "noor@example.com"}})
FOUND = {"contactId": 5001, "status": "subscribed"}
NOT_FOUND = {"errorCode": "contacts:contactNotFound"}
MISSING = Outcome(
    "rejected", ACTION, SUBSCRIPTION, "Dotdigital has no such contact; map missingContact to create to have it made"
)
OWN_NAME = "must not be the name of one of Dotdigital's own Insight data types, such as orders"


def record(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def record_all(server: DotdigitalServer, *differences: dict[str, Any]) -> list[Outcome]:
    delivery = Delivery(load_action(ACTION), server.client(), NOW, Record())
    return deliver_many(delivery, prepare_all(delivery, [{**PAYLOAD, **difference} for difference in differences]))


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
        ({"eventType": "x" * 80}, {"type": "x" * 80, "timelineDetails": {"summary": "x" * 80}}),
    ],
)
def test_an_event_of_a_contact_that_is_there_is_recorded(
    server: DotdigitalServer, differences: dict[str, Any], item: dict[str, Any]
) -> None:
    server.answers(200, FOUND)
    server.answers(202)
    assert record(server, **differences) == delivered(ACTION, contactId=5001)
    assert server.sent == [GET, events(item)]


@pytest.mark.parametrize(("status", "body"), [(404, NOT_FOUND), (200, {**FOUND, "status": "binned"})])
def test_nobody_is_made_unless_the_mapping_says_so(server: DotdigitalServer, status: int, body: Any) -> None:
    server.answers(status, body)
    assert record(server) == MISSING
    assert server.sent == [GET]


def test_a_contact_is_made_where_the_mapping_says_so(server: DotdigitalServer) -> None:
    server.answers(201, FOUND)
    server.answers(202)
    assert record(server, missingContact="create") == delivered(ACTION, contactId=5001)
    assert server.sent == [MAKE, events({})]


@pytest.mark.parametrize(
    ("differences", "fields"),
    [
        (
            {"eventType": None, "id": "", "timestamp": None},
            {"eventType": "is required", "id": "is required", "timestamp": "is required"},
        ),
        ({"eventType": "x" * 81}, {"eventType": "must have 1 to 80 characters"}),
        ({"eventType": " "}, {"eventType": "is required"}),
        ({"eventType": "Orders"}, {"eventType": OWN_NAME}),
        ({"eventType": "webinsight"}, {"eventType": OWN_NAME}),
        ({"eventData": ["a"]}, {"eventData": "must be an object"}),
        ({"summary": "x" * 161}, {"summary": "must have 1 to 160 characters"}),
        ({"missingContact": "ignore"}, {"missingContact": "must be one of 'reject' or 'create'"}),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, differences: dict[str, Any], fields: dict[str, str]
) -> None:
    assert record(server, **differences) == wrong_fields(ACTION, **fields)
    assert server.sent == []


@pytest.mark.parametrize(("status", "outcome"), [(503, "retry"), (429, "retry"), (400, "rejected")])
def test_an_import_that_fails_is_made_again_unless_it_is_refused(
    server: DotdigitalServer, status: int, outcome: str
) -> None:
    server.answers(200, FOUND)
    server.answers(status, {"errorCode": "events:badJson"})
    assert record(server).outcome == outcome


def test_events_go_in_one_call_and_each_contact_is_made_sure_of_once(server: DotdigitalServer) -> None:
    server.answers(200, FOUND)
    server.answers(202)
    outcomes = record_all(server, {}, {"id": "m-2"}, {"id": "m-3", "eventType": "Quilt washed"})
    assert outcomes == [delivered(ACTION, contactId=5001)] * 3
    washed = {"id": "m-3", "type": "Quilt washed", "timelineDetails": {"summary": "Quilt washed"}}
    assert server.sent == [GET, events({}, {"id": "m-2"}, washed)]


def test_a_missing_contact_takes_no_other_event_with_it(server: DotdigitalServer) -> None:
    lee = {"emailIdentifier": "lee@example.com", "missingContact": "create"}
    server.answers(201, {"contactId": 5002})
    server.answers(404, NOT_FOUND)
    server.answers(202)
    outcomes = record_all(server, {}, lee)
    assert outcomes == [MISSING, delivered(ACTION, contactId=5002)]
    identity = {"contactIdentity": {"identifier": "email", "value": "lee@example.com"}}
    assert [sent.path for sent in server.sent[:2]] == ["/contacts/v3/email/lee%40example.com", GET.path]
    assert server.sent[2] == events(identity)


def test_a_look_up_that_breaks_takes_no_other_event_with_it(server: DotdigitalServer) -> None:
    server.answers(201, FOUND)
    server.answers(503)
    server.answers(202)
    outcomes = record_all(server, {"missingContact": "create"}, {"emailIdentifier": "lee@example.com"})
    assert [outcome.outcome for outcome in outcomes] == ["delivered", "retry"]


@pytest.mark.parametrize(
    ("bad", "answers"), [({"eventData": {"price": float("nan")}}, [202]), ({"id": "m-2"}, [400, 202, 400])]
)
def test_an_event_that_is_refused_takes_no_other_with_it(
    server: DotdigitalServer, bad: dict[str, Any], answers: list[int]
) -> None:
    server.answers(200, FOUND)
    for status in answers:
        server.answers(status, {"errorCode": "events:badJson"})
    assert [outcome.outcome for outcome in record_all(server, {}, bad)] == ["delivered", "rejected"]
    assert events({}) in server.sent


def test_the_defaults() -> None:
    action = load_action(ACTION)
    assert action.trigger == 'type = "track"'
    assert action.payload.default_mapping() == {
        **load_action("enrol_contact").payload.default_mapping(),
        "eventType": {"@path": "$.event"},
        "eventData": {"@path": "$.properties"},
        "id": {"@path": "$.messageId"},
        "timestamp": {"@path": "$.timestamp"},
        "missingContact": "reject",
    }
    assert not action.is_send


def test_a_contact_that_was_made_and_is_not_told_has_its_event_recorded(server: DotdigitalServer) -> None:
    server.answers(201, raw=b"fine")
    server.answers(202, raw=b"fine")
    assert record(server, missingContact="create") == delivered(ACTION)
    assert server.sent == [MAKE, events({})]
