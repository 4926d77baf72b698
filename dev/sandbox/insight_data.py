"""Insight data: putting one record, and creating a collection.

https://developer.dotdigital.com/reference/insight-data-1
"""

from __future__ import annotations

import re
from typing import Final, get_args

from pydantic import JsonValue, TypeAdapter, ValidationError

from dev.sandbox.answers import Answer, Refusal, bad_request, v3_error
from dev.sandbox.call import Call, Route
from dev.sandbox.contact_path import existing
from dev.sandbox.insight_collection import STANDARD, Collection, Scope

_NAME: Final = re.compile(r"[-A-Za-z_][-A-Za-z0-9_]{1,254}")
_MOST_COLLECTIONS: Final = 1000
_OBJECT: Final = TypeAdapter(dict[str, JsonValue])


def put_account_record(call: Call) -> Answer:
    """Create (201) or replace (204) a record of the account."""
    return _put(call, _collection(call, "account"), "account")


def put_contact_record(call: Call) -> Answer:
    """Create (201) or replace (204) a record of a contact that exists."""
    try:
        contact = existing(call)
    except Refusal as refusal:
        raise Refusal(_as_insight(refusal.answer)) from None
    return _put(call, _collection(call, "contact"), str(contact.contact_id))


def post_collection(call: Call) -> Answer:
    """Create a collection (201); one that is there already is no error (200)."""
    name = _name(call)
    scope, kind = call.query.get("collectionScope", ""), call.query.get("collectionType", "")
    if scope not in get_args(Scope) or kind not in (*STANDARD, "custom"):
        raise Refusal(bad_request([("collectionScope, collectionType", "Not one of those that there are")]))
    collections = call.account.collections
    if name in collections:
        return Answer(200)
    if len(collections) >= _MOST_COLLECTIONS:
        raise Refusal(Answer(412))
    collections[name] = Collection.model_validate({"scope": scope, "type": kind})
    call.effect("collection_created", collection=name, scope=scope, type=kind)
    return Answer(201)


def _put(call: Call, collection: Collection, owner: str) -> Answer:
    record = _record(call)
    if problem := collection.problem_of(record):
        raise Refusal(v3_error(400, "insightData:badJson", "The record does not fit", [("json", problem)]))
    key = call.params["recordId"]
    replaced = collection.put(owner, key, record)
    effect = "record_replaced" if replaced else "record_created"
    call.effect(effect, collection=call.params["collection"], owner=owner, key=key)
    return Answer(204 if replaced else 201)


def _record(call: Call) -> dict[str, JsonValue]:
    try:
        return _OBJECT.validate_json(call.body)
    except ValidationError:
        raise Refusal(v3_error(400, "insightData:badJson", "The request JSON is badly formed")) from None


def _name(call: Call) -> str:
    name = call.params["collection"]
    if not _NAME.fullmatch(name):
        text = f"The collectionName value '{name}' is invalid"
        raise Refusal(v3_error(400, "insightData:invalidId", text))
    return name


def _collection(call: Call, scope: Scope) -> Collection:
    name = _name(call)
    found = call.account.collections.get(name)
    if found is None or found.scope != scope:
        text = "The collection could not be found"
        raise Refusal(v3_error(404, "insightData:collectionNotFound", text, [(name, "Not found")]))
    return found


def _as_insight(answer: Answer) -> Answer:
    """The answer to a contact that cannot be found, under this service's own codes."""
    assert isinstance(answer.body, dict)
    code = str(answer.body["errorCode"]).replace("contacts:", "insightData:")
    return Answer(answer.status, {**answer.body, "errorCode": code})


_CONTACT: Final = "/insightData/v3/contacts/{identifier}/{value}/{collection}/{recordId}"
ROUTES: Final = (
    Route("PUT", "/insightData/v3/account/{collection}/{recordId}", put_account_record, "medium"),
    Route("PUT", _CONTACT, put_contact_record, "medium"),
    Route("POST", "/insightData/v3/collections/{collection}", post_collection, "medium"),
)
