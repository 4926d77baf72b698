from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest

from dotdigital import ContactEvent, Dotdigital, Identifier, InsightRecord, RejectedError
from tests.support.dotdigital_server import DotdigitalServer, Sent

JANE, NUMBER = Identifier("email", "jane@example.com"), Identifier("mobileNumber", "447700900123")
RECORD = InsightRecord("Purchases", "m-1", {"total": 67.2, "lines": [{"sku": "hat"}], "note": None})
OF_A_NUMBER = {"contactIdentity": {"identifier": "mobileNumber", "value": "447700900123"}}
IN_BERLIN = datetime(2026, 5, 14, 15, 1, 4, 5_900, timezone(timedelta(hours=2)))


@pytest.mark.parametrize(
    ("record", "path"),
    [
        (RECORD, "account/Purchases/m-1"),
        (replace(RECORD, key="a/b#c %"), "account/Purchases/a%2Fb%23c%20%25"),
        (replace(RECORD, contact=JANE), "contacts/email/jane%40example.com/Purchases/m-1"),
        (replace(RECORD, contact=NUMBER), "contacts/mobileNumber/447700900123/Purchases/m-1"),
    ],
)
def test_a_record_is_put_where_it_belongs(
    dotdigital: Dotdigital, server: DotdigitalServer, record: InsightRecord, path: str
) -> None:
    server.responds(204)
    dotdigital.insight_data.put(record)
    assert server.sent == [Sent("PUT", f"/insightData/v3/{path}", "", RECORD.json)]


@pytest.mark.parametrize("name", ["", "a", "1a", "a b", "größe", "a/b", "a\n", "x" * 256])
def test_a_name_that_no_collection_has_reaches_nothing(dotdigital: Dotdigital, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a collection must be 2 to 255 letters"):
        dotdigital.insight_data.put(replace(RECORD, collection=name))
    with pytest.raises(RejectedError, match="the name of a collection must be 2 to 255 letters"):
        dotdigital.insight_data.create_collection(name, "account")


@pytest.mark.parametrize(
    ("name", "scope", "kind"),
    [
        ("Purchases", "account", "custom"),
        ("Purchases", "contact", "custom"),
        ("orders", "contact", "orders"),
        ("Orders", "contact", "orders"),
        ("WEBINSIGHT", "contact", "webInsight"),
        ("_" + "x" * 254, "account", "custom"),
    ],
)
def test_a_collection_is_created_of_the_type_that_its_name_says(
    dotdigital: Dotdigital, server: DotdigitalServer, name: str, scope: Any, kind: str
) -> None:
    server.responds(201)
    dotdigital.insight_data.create_collection(name, scope)
    query = f"collectionScope={scope}&collectionType={kind}"
    assert server.sent == [Sent("POST", f"/insightData/v3/collections/{name}", query)]


EVENT = ContactEvent(JANE, "Search destination", "m-1", datetime(2026, 5, 14, 13, 1, 4, tzinfo=UTC))
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
        (replace(EVENT, contact=NUMBER), OF_A_NUMBER),
        (replace(EVENT, timestamp=IN_BERLIN), {"eventTimestamp": "2026-05-14T13:01:04.005Z"}),
        (replace(EVENT, type="x" * 80), {"type": "x" * 80}),
        (replace(EVENT, summary="Bali"), {"timelineDetails": {"summary": "Bali"}}),
        (replace(EVENT, data={}), {"eventData": {}}),
        (replace(EVENT, data={"a": [1, None], "b": {"c": "é"}}), {"eventData": {"a": [1, None], "b": {"c": "é"}}}),
    ],
)
def test_an_event_is_recorded(
    dotdigital: Dotdigital, server: DotdigitalServer, event: ContactEvent, change: dict[str, Any]
) -> None:
    server.responds(202)
    dotdigital.events.import_([event])
    assert server.sent == [Sent("POST", "/events/v3/import", "", [ITEM | change])]


def test_5000_events_go_in_one_request(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds(202)
    dotdigital.events.import_([replace(EVENT, id=str(number)) for number in range(5000)])
    assert [item["id"] for item in server.sent[0].body] == [str(number) for number in range(5000)]


@pytest.mark.parametrize("count", [0, 5001])
def test_an_import_takes_1_to_5000_events(dotdigital: Dotdigital, count: int) -> None:
    with pytest.raises(RejectedError, match="an import takes 1 to 5000 events"):
        dotdigital.events.import_([EVENT] * count)


@pytest.mark.parametrize(
    ("names", "problem"),
    [
        (["", " ", "x" * 81], "must have 1 to 80 characters"),
        (["orders", "Orders", " WISHLIST "], "must not be the name of one of Dotdigital's own"),
    ],
)
def test_a_type_that_cannot_be_stops_the_whole_import(dotdigital: Dotdigital, names: list[str], problem: str) -> None:
    for name in names:
        with pytest.raises(RejectedError, match=f"the event type {problem}"):
            dotdigital.events.import_([EVENT, replace(EVENT, type=name)])
