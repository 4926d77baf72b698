"""The bounds of records and events; tests/unit/functions has what goes out for each action."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

import pytest

from dotdigital import ContactEvent, Dotdigital, Identifier, InsightRecord, RejectedError
from tests.support.dotdigital_server import DotdigitalServer

IN_BERLIN = datetime(2026, 5, 14, 15, 1, 4, 5_900, timezone(timedelta(hours=2)))
EVENT = ContactEvent(Identifier("email", "jane@example.com"), "Search destination", "m-1", IN_BERLIN)


@pytest.mark.parametrize("name", ["", "a", "1a", "a b", "größe", "a/b", "a\n", "x" * 256])
def test_a_name_that_no_collection_has_reaches_nothing(dotdigital: Dotdigital, name: str) -> None:
    with pytest.raises(RejectedError, match="the name of a collection must be 2 to 255 letters"):
        dotdigital.insight_data.put(InsightRecord(name, "m-1", {}))
    with pytest.raises(RejectedError, match="the name of a collection must be 2 to 255 letters"):
        dotdigital.insight_data.create_collection(name, "account")


@pytest.mark.parametrize(("name", "kind"), [("WEBINSIGHT", "webInsight"), ("_" + "x" * 254, "custom")])
def test_a_collection_is_created_of_the_type_that_its_name_says(
    dotdigital: Dotdigital, server: DotdigitalServer, name: str, kind: str
) -> None:
    server.responds(201)
    dotdigital.insight_data.create_collection(name, "contact")
    assert server.sent[0].query == f"collectionScope=contact&collectionType={kind}"


def test_5000_events_go_in_one_request(dotdigital: Dotdigital, server: DotdigitalServer) -> None:
    server.responds(202)
    dotdigital.events.import_([replace(EVENT, id=str(number)) for number in range(5000)])
    [sent] = server.sent
    assert [item.pop("id") for item in sent.body] == [str(number) for number in range(5000)]
    assert sent.body[0] == {
        "contactIdentity": {"identifier": "email", "value": "jane@example.com"},
        "type": "Search destination",
        "eventTimestamp": "2026-05-14T13:01:04.005Z",
    }


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
