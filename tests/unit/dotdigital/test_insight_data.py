from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dotdigital import ContactEvent, Identifier, InsightRecord, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

JSON = {"total": 67.2, "lines": [{"sku": "hat"}], "note": None}
RECORD = InsightRecord("Purchases", "m-1", JSON)
JANE = Identifier("email", "jane@example.com")


@pytest.mark.parametrize("status", [201, 204])
@pytest.mark.parametrize(
    ("record", "path"),
    [
        (RECORD, "account/Purchases/m-1"),
        (replace(RECORD, key="a/b#c %"), "account/Purchases/a%2Fb%23c%20%25"),
        (replace(RECORD, contact=JANE), "contacts/email/jane%40example.com/Purchases/m-1"),
        (
            replace(RECORD, contact=Identifier("mobileNumber", "447700900123")),
            "contacts/mobileNumber/447700900123/Purchases/m-1",
        ),
    ],
)
def test_a_record_is_put_where_it_belongs(
    server: DotdigitalServer, record: InsightRecord, path: str, status: int
) -> None:
    server.answers(status)
    server.client().insight_data.put(record)
    assert server.sent == [Sent("PUT", f"/insightData/v3/{path}", "", JSON)]


@pytest.mark.parametrize("key", ["", ".", "..", "x" * 257])
def test_a_key_that_no_path_carries_reaches_nothing(server: DotdigitalServer, key: str) -> None:
    with pytest.raises(RejectedError, match="an identifier must have 1 to 256 characters"):
        server.client().insight_data.put(replace(RECORD, key=key))
    assert server.sent == []


@pytest.mark.parametrize("name", ["", "a", "1a", "a b", "größe", "a/b", "a\n", "x" * 256])
def test_a_name_that_no_collection_has_reaches_nothing(server: DotdigitalServer, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a collection must be 2 to 255 letters"):
        server.client().insight_data.put(replace(RECORD, collection=name))
    with pytest.raises(RejectedError, match="the name of a collection must be 2 to 255 letters"):
        server.client().insight_data.create_collection(name, "account")
    assert server.sent == []


@pytest.mark.parametrize("status", [200, 201])
@pytest.mark.parametrize("scope", ["account", "contact"])
def test_a_collection_is_created_for_custom_data(server: DotdigitalServer, scope: object, status: int) -> None:
    server.answers(status)
    server.client().insight_data.create_collection("Purchases", scope)  # type: ignore[arg-type]
    query = f"collectionScope={scope}&collectionType=custom"
    assert server.sent == [Sent("POST", "/insightData/v3/collections/Purchases", query)]


@pytest.mark.parametrize(("name", "kind"), [("orders", "orders"), ("Orders", "orders"), ("WEBINSIGHT", "webInsight")])
def test_a_collection_under_the_name_of_one_of_dotdigitals_own_types_is_of_that_type(
    server: DotdigitalServer, name: str, kind: str
) -> None:
    server.answers(201)
    server.client().insight_data.create_collection(name, "contact")
    assert [sent.query for sent in server.sent] == [f"collectionScope=contact&collectionType={kind}"]


EVENT = ContactEvent(
    contact=JANE,
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


def test_5000_events_go_in_one_request(server: DotdigitalServer) -> None:
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
