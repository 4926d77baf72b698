from typing import Any

import pytest

from cli.actions import load_action
from delivery.outcome import Outcome
from dev.sandbox.server import Sandbox
from tests.support.deliveries import NOW, deliver, deliver_to_sandbox, delivered, refused, wrong_fields
from tests.support.dotdigital_server import DotdigitalServer, Sent

ACTION = "upsert_insight_data"
PAYLOAD = {
    "scope": "contact",
    "channelIdentifier": "email",
    "emailIdentifier": "noor@example.com",
    "collection": "Purchases",
    "key": "o-7",
    "record": {"total": 67.2},
}
ACCOUNT = {"scope": "account", "channelIdentifier": None, "emailIdentifier": None}
BY_NUMBER = {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": "+44 7700 900123"}
NO_COLLECTION = (404, {"errorCode": "insightData:collectionNotFound", "description": "The collection is not found"})
NO_CONTACT = (404, {"errorCode": "insightData:contactNotFound", "description": "The contact is not found"})
NAME = "must be 2 to 255 letters, digits, _ or -, and begin with no digit"
KEY = "must have 1 to 256 characters, and be more than dots"


def upsert(server: DotdigitalServer, **differences: Any) -> Outcome:
    return deliver(server, ACTION, {**PAYLOAD, **differences})


def put(path: str = "contacts/email/noor%40example.com/Purchases/o-7", **record: Any) -> Sent:
    return Sent("PUT", f"/insightData/v3/{path}", "", record or {"total": 67.2})


def creation(name: str, kind: str, scope: str = "contact") -> Sent:
    query = f"collectionScope={scope}&collectionType={kind}"
    return Sent("POST", f"/insightData/v3/collections/{name}", query)


@pytest.mark.parametrize("status", [201, 204])
@pytest.mark.parametrize(
    ("differences", "sent"),
    [
        ({}, put()),
        ({"key": 7}, put("contacts/email/noor%40example.com/Purchases/7")),
        ({"key": "../x"}, put("contacts/email/noor%40example.com/Purchases/..%2Fx")),
        ({"emailIdentifier": "a/b@example.com"}, put("contacts/email/a%2Fb%40example.com/Purchases/o-7")),
        ({"record": {"lines": [{"n": None}]}}, put(lines=[{"n": None}])),
        (BY_NUMBER, put("contacts/mobileNumber/447700900123/Purchases/o-7")),
        (ACCOUNT, put("account/Purchases/o-7")),
        ({**ACCOUNT, "emptyIdentifier": "skip"}, put("account/Purchases/o-7")),
        ({**ACCOUNT, "channelIdentifier": "email", "emailIdentifier": "?"}, put("account/Purchases/o-7")),
        ({**ACCOUNT, "channelIdentifier": "fax"}, put("account/Purchases/o-7")),
    ],
)
def test_a_record_is_put_under_its_key_and_no_other(
    server: DotdigitalServer, differences: dict[str, Any], sent: Sent, status: int
) -> None:
    server.responds(status)
    assert upsert(server, **differences) == delivered(ACTION, collection="Purchases")
    assert server.sent == [sent]


@pytest.mark.parametrize(
    ("differences", "sent"),
    [
        ({}, creation("Purchases", "custom")),
        (ACCOUNT, creation("Purchases", "custom", "account")),
        ({"collection": "Orders"}, creation("Orders", "orders")),
        ({**ACCOUNT, "collection": "catalog"}, creation("catalog", "catalog", "account")),
        ({**ACCOUNT, "collection": "catalog_myStore"}, creation("catalog_myStore", "custom", "account")),
        ({"collectionType": "CartInsight "}, creation("Purchases", "cartInsight")),
        ({"collectionType": "orders"}, creation("Purchases", "orders")),
        ({"collection": "Orders", "collectionType": "custom"}, creation("Orders", "custom")),
    ],
)
@pytest.mark.parametrize("status", [200, 201])
def test_a_missing_collection_is_made_of_its_type(
    server: DotdigitalServer, differences: dict[str, Any], sent: Sent, status: int
) -> None:
    server.responds(NO_COLLECTION, status, 201)
    assert upsert(server, **differences).outcome == "delivered"
    assert server.sent[1] == sent
    assert server.sent[0] == server.sent[2]


def test_a_collection_is_of_the_type_that_the_mapping_names(sandbox: Sandbox) -> None:
    mapped = {**PAYLOAD, **ACCOUNT, "collection": "catalog_myStore", "collectionType": "catalog"}
    assert deliver_to_sandbox(sandbox, ACTION, mapped) == delivered(ACTION, collection="catalog_myStore")
    collection = sandbox.state.account.collections["catalog_myStore"]
    assert (collection.scope, collection.type) == ("account", "catalog")
    assert collection.records == {"account": {"o-7": {"total": 67.2}}}


def test_a_missing_contact_is_not_made(server: DotdigitalServer) -> None:
    server.responds(NO_CONTACT)
    reason = "insightData:contactNotFound: The contact is not found"
    assert upsert(server) == refused(ACTION, reason, 404, "insightData:contactNotFound")
    assert server.sent == [put()]


@pytest.mark.parametrize(
    ("response", "reason"),
    [
        (NO_CONTACT, "insightData:contactNotFound: The contact is not found"),
        (NO_COLLECTION, "the collection is there for the other scope, or not shown yet"),
    ],
)
def test_a_record_that_the_new_collection_does_not_take_is_rejected(
    server: DotdigitalServer, response: Any, reason: str
) -> None:
    server.responds(NO_COLLECTION, 200, response)
    outcome = upsert(server)
    assert (outcome.outcome, len(server.sent)) == ("rejected", 3)
    assert reason in str(outcome.reason)


@pytest.mark.parametrize(("status", "outcome"), [(400, "rejected"), (412, "retry"), (503, "retry")])
def test_a_collection_that_cannot_be_made_is_told(server: DotdigitalServer, status: int, outcome: str) -> None:
    server.responds(NO_COLLECTION, status)
    assert upsert(server).outcome == outcome
    assert server.sent == [put(), creation("Purchases", "custom")]


@pytest.mark.parametrize("body", [None, {"message": "Not found"}])
def test_a_404_that_names_nothing_makes_nothing(server: DotdigitalServer, body: Any) -> None:
    server.responds((404, body))
    assert upsert(server).outcome == "rejected"
    assert server.sent == [put()]


@pytest.mark.parametrize(
    ("differences", "fields"),
    [
        (
            {"scope": None, "collection": None, "key": "", "record": None},
            dict.fromkeys(("scope", "collection", "key", "record"), "is required"),
        ),
        ({"scope": "all"}, {"scope": "must be one of 'contact' or 'account'"}),
        ({"channelIdentifier": None}, {"channelIdentifier": "is required"}),
        ({"emailIdentifier": None}, {"emailIdentifier": "is required"}),
        ({"channelIdentifier": "mobileNumber"}, {"mobileNumberIdentifier": "is required"}),
        ({"collection": "1st"}, {"collection": NAME}),
        ({"collection": "a/b"}, {"collection": NAME}),
        ({"collection": "x" * 256}, {"collection": NAME}),
        ({"key": ".."}, {"key": KEY}),
        ({"key": "x" * 257}, {"key": KEY}),
        ({"record": [1]}, {"record": "must be an object"}),
        (
            {"collectionType": "products"},
            {"collectionType": "must be one of 'custom', 'orders', 'catalog' or 'cartInsight'"},
        ),
    ],
)
def test_a_wrong_field_is_told_and_nothing_is_sent(
    server: DotdigitalServer, differences: dict[str, Any], fields: dict[str, str]
) -> None:
    assert upsert(server, **differences) == wrong_fields(ACTION, **fields)
    assert server.sent == []


@pytest.mark.parametrize(
    ("differences", "person"),
    [
        ({"emailIdentifier": "Noor@example.com"}, "noor@example.com"),
        (BY_NUMBER, "447700900123"),
        (ACCOUNT, "Purchases/o-7"),
    ],
)
def test_records_of_one_contact_or_one_key_keep_their_order(differences: dict[str, Any], person: str) -> None:
    assert load_action(ACTION).payload.read({**PAYLOAD, **differences}, now=NOW).person == person
