"""POST /events/v3/import."""

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
