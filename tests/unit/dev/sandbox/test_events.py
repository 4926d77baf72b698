"""POST /events/v3/import."""

from __future__ import annotations

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

PATH = "/events/v3/import"
EVENT = {
    "contactIdentity": {"identifier": "email", "value": "kim@example.com"},
    "type": "Quilt bought",
    "id": "m-1",
    "eventTimestamp": "2026-05-14T13:01:04.000Z",
    "eventData": {"price": 40},
}
IDS = {"type": "Quilt bought", "eventId": "m-1"}


@pytest.mark.parametrize(
    ("identifier", "value"),
    [("email", "KIM@example.com"), ("mobileNumber", "+447700900001"), ("contactId", "1001")],
)
def test_an_event_is_recorded_on_its_contact(api: Any, effects: Any, identifier: str, value: str) -> None:
    body = [{**EVENT, "contactIdentity": {"identifier": identifier, "value": value}}]
    assert api("POST", PATH, body) == (202, "")
    assert effects() == [("event_recorded", {"contactId": 1001, **IDS, "again": False})]


def test_an_event_that_comes_again_is_told(api: Any, effects: Any) -> None:
    api("POST", PATH, [EVENT])
    api("POST", PATH, [EVENT])
    assert [details["again"] for _, details in effects()] == [False, True]


@pytest.mark.parametrize(
    ("identifier", "value"),
    [("email", "x@example.com"), ("email", "deleted@example.org"), ("contactId", "x"), ("loyalty", "7")],
)
def test_an_event_of_nobody_is_dropped_without_a_word(api: Any, effects: Any, identifier: str, value: str) -> None:
    body = [{**EVENT, "contactIdentity": {"identifier": identifier, "value": value}}]
    assert api("POST", PATH, body) == (202, "")
    assert effects() == [("event_dropped", {**IDS, "reason": "contactNotFound"})]


@pytest.mark.parametrize(
    ("body", "place"),
    [
        ([], "body"),
        ([EVENT] * 5001, "body"),
        (EVENT, "body"),
        ([EVENT, {**EVENT, "type": "x" * 81}], "1.type"),
        ([{**EVENT, "type": "orders"}], "0.type"),
        ([{**EVENT, "eventTimestamp": "today"}], "0.eventTimestamp"),
        ([{**EVENT, "eventData": "x"}], "0.eventData"),
        ([{**EVENT, "timelineDetails": {"summary": ""}}], "0.timelineDetails.summary"),
        ([{"type": "x"}], "0.contactIdentity"),
    ],
)
def test_one_bad_event_refuses_them_all(api: Any, effects: Any, body: object, place: str) -> None:
    status, answer = api("POST", PATH, body)
    assert (status, answer["errorCode"]) == (400, "events:badJson")
    assert [detail["item"] for detail in answer["details"]] == [place]
    assert effects() == []
