"""Insight data: putting one record, creating a collection, and listing all of them.

https://developer.dotdigital.com/reference/insight-data-1
"""

import re
from typing import Final, get_args

from pydantic import JsonValue, TypeAdapter

from dev.sandbox.account import Collection, Scope
from dev.sandbox.api import Problems, Refusal, Request, Response, Route, bad_request, v3_body, v3_error
from dev.sandbox.contacts import existing

STANDARD_TYPES: Final = (
    "cartInsight",
    "catalog",
    "consentInsight",
    "easyEditorExtensions",
    "nostoEmailCampaigns",
    "orders",
    "productCategories",
    "webInsight",
    "wishList",
)
_NAME: Final = re.compile(r"[-A-Za-z_][-A-Za-z0-9_]{1,254}")
_MOST_COLLECTIONS: Final = 1000
_RECORD: Final = TypeAdapter(dict[str, JsonValue])


def put_account_record(request: Request) -> Response:
    """Create (201) or replace (204) a record of the account."""
    return _put(request, _collection(request, "account"), "account")


def put_contact_record(request: Request) -> Response:
    """Create (201) or replace (204) a record of a contact that exists."""
    try:
        contact = existing(request)
    except Refusal as refusal:
        raise _as_insight(refusal) from None
    return _put(request, _collection(request, "contact"), str(contact.contact_id))


def post_collection(request: Request) -> Response:
    """Create a collection (201); one that is there already is no error (200)."""
    name = _name(request)
    scope, kind = request.query.get("collectionScope", ""), request.query.get("collectionType", "")
    if scope not in get_args(Scope) or kind not in (*STANDARD_TYPES, "custom"):
        raise bad_request([("collectionScope, collectionType", "Not one of those that there are")])
    collections = request.account.collections
    if name in collections:
        return Response(200)
    if len(collections) >= _MOST_COLLECTIONS:
        raise Refusal(412)
    collections[name] = Collection.model_validate({"scope": scope, "type": kind})
    request.effect("collection_created", collection=name, scope=scope, type=kind)
    return Response(201)


def _put(request: Request, collection: Collection, owner: str) -> Response:
    record = v3_body(request, _RECORD, _bad_json)
    if problem := collection.problem_of(record):
        raise v3_error(400, "insightData:badJson", "The record does not fit", [("json", problem)])
    key = request.params["recordId"]
    replaced = collection.put(owner, key, record)
    effect = "record_replaced" if replaced else "record_created"
    request.effect(effect, collection=request.params["collection"], owner=owner, key=key)
    return Response(204 if replaced else 201)


def _bad_json(_: Problems) -> Refusal:
    return v3_error(400, "insightData:badJson", "The request JSON is badly formed")


def _name(request: Request) -> str:
    name = request.params["collection"]
    if not _NAME.fullmatch(name):
        raise v3_error(400, "insightData:invalidId", f"The collectionName value '{name}' is invalid")
    return name


def _collection(request: Request, scope: Scope) -> Collection:
    name = _name(request)
    found = request.account.collections.get(name)
    if found is None or found.scope != scope:
        text = "The collection could not be found"
        raise v3_error(404, "insightData:collectionNotFound", text, [(name, "Not found")])
    return found


def _as_insight(refusal: Refusal) -> Refusal:
    """Return the refusal of a contact that cannot be found, under this service's own codes."""
    body = refusal.response.body
    assert isinstance(body, dict)
    code = str(body["errorCode"]).replace("contacts:", "insightData:")
    return Refusal(refusal.response.status, {**body, "errorCode": code})


_CONTACT: Final = "/insightData/v3/contacts/{identifier}/{value}/{collection}/{recordId}"


def get_collections(request: Request) -> Response:
    """List the collections with the number of their records."""
    collections = request.account.collections
    rows = [
        {
            "collectionName": name,
            "collectionType": collection.type,
            "collectionScope": collection.scope,
            "recordCount": sum(map(len, collection.records.values())),
        }
        for name, collection in collections.items()
    ]
    return Response(200, rows)


ROUTES: Final = (
    Route("GET", "/insightData/v3/collections", get_collections, "low"),
    Route("PUT", "/insightData/v3/account/{collection}/{recordId}", put_account_record, "medium"),
    Route("PUT", _CONTACT, put_contact_record, "medium"),
    Route("POST", "/insightData/v3/collections/{collection}", post_collection, "medium"),
)
