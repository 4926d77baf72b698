from dataclasses import replace

import pytest

from dotdigital import Identifier, InsightRecord, NotFoundError, RejectedError
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


@pytest.mark.parametrize("code", ["insightData:collectionNotFound", "insightData:contactNotFound"])
def test_what_is_missing_is_told(server: DotdigitalServer, code: str) -> None:
    server.answers(404, {"errorCode": code, "description": "Not found"})
    with pytest.raises(NotFoundError) as caught:
        server.client().insight_data.put(RECORD)
    assert caught.value.code == code


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
