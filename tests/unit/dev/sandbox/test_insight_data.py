"""Records of Insight data, and their collections."""

from typing import Any

import pytest

pytestmark = pytest.mark.asks_wrongly("the sandbox is asked what it must refuse")

BASE = "/insightData/v3"
CONTACT = f"{BASE}/contacts/email/kim%40example.com/Orders_2/m-1"
ACCOUNT = f"{BASE}/account/Stock/a%2Fb"
RECORD = {"total": 40, "lines": [{"sku": "hat"}], "note": None}


@pytest.fixture
def collections(api: Any) -> None:
    for name, scope in (("Orders_2", "contact"), ("Stock", "account")):
        created = api("POST", f"{BASE}/collections/{name}?collectionScope={scope}&collectionType=custom")
        assert created == (201, "")


@pytest.mark.usefixtures("collections")
@pytest.mark.parametrize(
    ("path", "kept"),
    [
        (CONTACT, {"collection": "Orders_2", "owner": "1001", "key": "m-1"}),
        (ACCOUNT, {"collection": "Stock", "owner": "account", "key": "a/b"}),
    ],
)
def test_a_record_is_created_and_replaced(api: Any, effects: Any, path: str, kept: dict[str, str]) -> None:
    assert api("PUT", path, RECORD) == (201, "")
    assert api("PUT", path, {"total": 41.5}) == (204, "")
    assert effects()[2:] == [("record_created", kept), ("record_replaced", kept)]


@pytest.mark.usefixtures("collections")
@pytest.mark.parametrize(
    ("path", "code"),
    [
        (f"{BASE}/contacts/email/x%40example.com/Orders_2/m-1", "contactNotFound"),
        (f"{BASE}/contacts/email/kim%40example.com/Nothing/m-1", "collectionNotFound"),
        (f"{BASE}/contacts/email/kim%40example.com/Stock/m-1", "collectionNotFound"),
        (f"{BASE}/account/Orders_2/m-1", "collectionNotFound"),
    ],
)
def test_what_is_not_found(api: Any, path: str, code: str) -> None:
    status, answer = api("PUT", path, RECORD)
    assert (status, answer["errorCode"]) == (404, f"insightData:{code}")


@pytest.mark.usefixtures("collections")
@pytest.mark.parametrize("body", [[], "x", {"lines": [[1]]}, {"a": {"b": [{"c": [[]]}]}}, {"total": "40"}])
def test_a_record_that_does_not_fit(api: Any, effects: Any, body: object) -> None:
    assert api("PUT", CONTACT, RECORD)[0] == 201
    status, answer = api("PUT", CONTACT, body)
    assert (status, answer["errorCode"]) == (400, "insightData:badJson")
    assert len(effects()) == 3


@pytest.mark.parametrize("name", ["1st", "a%20b", "a"])
def test_a_name_that_no_collection_has(api: Any, name: str) -> None:
    for method, path in (("POST", f"{BASE}/collections/{name}"), ("PUT", f"{BASE}/account/{name}/m-1")):
        status, answer = api(method, path, RECORD)
        assert (status, answer["errorCode"]) == (400, "insightData:invalidId")


@pytest.mark.usefixtures("collections")
def test_a_collection_that_is_there_already(api: Any, effects: Any) -> None:
    path = f"{BASE}/collections/Stock?collectionScope=account&collectionType=custom"
    assert api("POST", path) == (200, "")
    assert [effect for effect, _ in effects()] == ["collection_created"] * 2


def test_a_thousand_collections_are_all_there_can_be(api: Any, sandbox: Any) -> None:
    made = sandbox.state.account.collections
    query = "?collectionScope=account&collectionType=custom"
    api("POST", f"{BASE}/collections/Stock{query}")
    made |= {f"c{number}": made["Stock"] for number in range(999)}
    assert api("POST", f"{BASE}/collections/One_more{query}") == (412, "")
