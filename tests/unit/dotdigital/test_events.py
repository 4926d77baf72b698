from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dotdigital import ContactEvent, DotdigitalError, Identifier, RejectedError, UnavailableError
from tests.support.dotdigital_server import DotdigitalServer, Sent

EVENT = ContactEvent(
    contact=Identifier("email", "jane@example.com"),
    type="Search destination",
    id="m-1",
    timestamp=datetime(2026, 5, 14, 13, 1, 4, tzinfo=UTC),
)
ITEM = {
    "contactIdentity": {"identifier": "email", "value": "jane@example.com"},
    "type": "Search destination",
    "id": "m-1",
    "eventTimestamp": "2026-05-14T13:01:04.000Z",
}


@pytest.mark.parametrize(
    ("event", "change"),
    [
        (EVENT, {}),
        (
            replace(EVENT, contact=Identifier("mobileNumber", "447700900123")),
            {"contactIdentity": {"identifier": "mobileNumber", "value": "447700900123"}},
        ),
        (
            replace(EVENT, timestamp=datetime(2026, 5, 14, 15, 1, 4, 5_900, timezone(timedelta(hours=2)))),
            {"eventTimestamp": "2026-05-14T13:01:04.005Z"},
        ),
        (replace(EVENT, summary="Bali"), {"timelineDetails": {"summary": "Bali"}}),
        (replace(EVENT, data={}), {"eventData": {}}),
        (replace(EVENT, data={"a": [1, None], "b": {"c": "é"}}), {"eventData": {"a": [1, None], "b": {"c": "é"}}}),
    ],
)
def test_an_event_is_recorded(server: DotdigitalServer, event: ContactEvent, change: dict[str, Any]) -> None:
    server.answers(202)
    server.client().events.import_([event])
    assert server.sent == [Sent("POST", "/events/v3/import", "", [ITEM | change])]


def test_5000_events_go_in_one_call(server: DotdigitalServer) -> None:
    server.answers(202)
    server.client().events.import_([replace(EVENT, id=str(number)) for number in range(5000)])
    assert [item["id"] for item in server.sent[0].body] == [str(number) for number in range(5000)]


@pytest.mark.parametrize("count", [0, 5001])
def test_an_import_of_nothing_or_of_too_much_is_not_asked_for(server: DotdigitalServer, count: int) -> None:
    with pytest.raises(RejectedError, match="an import takes 1 to 5000 events"):
        server.client().events.import_([EVENT] * count)
    assert server.sent == []


@pytest.mark.parametrize(
    ("name", "problem"),
    [
        ("", "must have 1 to 80 characters"),
        (" ", "must have 1 to 80 characters"),
        ("x" * 81, "must have 1 to 80 characters"),
        ("orders", "must not be the name of one of Dotdigital's own"),
        ("Orders", "must not be the name of one of Dotdigital's own"),
        (" WISHLIST ", "must not be the name of one of Dotdigital's own"),
    ],
)
def test_a_type_that_cannot_be_stops_the_whole_import(server: DotdigitalServer, name: str, problem: str) -> None:
    with pytest.raises(RejectedError, match=f"the event type {problem}"):
        server.client().events.import_([EVENT, replace(EVENT, type=name)])
    assert server.sent == []


@pytest.mark.parametrize(("status", "kind"), [(400, RejectedError), (503, UnavailableError)])
def test_a_refusal_is_told(server: DotdigitalServer, status: int, kind: type[DotdigitalError]) -> None:
    server.answers(status, {"errorCode": "events:badJson", "description": "The request JSON is badly formed"})
    with pytest.raises(kind) as caught:
        server.client().events.import_([EVENT])
    assert (caught.type, caught.value.code) == (kind, "events:badJson")
