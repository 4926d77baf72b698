"""Recorded deliveries of Segment's destination, each matched or listed in differences.json.

A listed case that starts to match, or another that stops, fails: nothing drifts in silence. The cases of the audience
destination are left out by name.
"""

import json
import re
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from cli.actions import load_action
from delivery.incoming import segment_event
from delivery.pipeline import Delivery
from delivery.subscription import Subscription
from dotdigital import Account, Dotdigital, base_url_of
from dotdigital.transport import Transport
from tests.support.compatibility import different_cases, recorded_cases
from tests.support.deliveries import Record

CASES = recorded_cases("actions")
DIFFERENT = different_cases("actions")

NOW = datetime(2024, 11, 5, 10, 20, 31, tzinfo=UTC)
SETTINGS: dict[str, dict[str, str]] = {
    "add/settings/api host outside the list": {"region": "r9"},
    "add/settings/r2 host": {"region": "r2"},
    "add/settings/empty password passes": {"password": ""},
}
"""What the names of cases say of the settings, which are not recorded."""
TYPES = ("emailType", "optInType")
DATA_FIELDS = ("GET", "/v2/data-fields/", None)
Exchange = tuple[str, str, Any]


def meaning(method: str, path: str, body: Any) -> Exchange:
    """A request as it is compared."""
    return method, unquote(path), body


def asked_for(body: Any, case: dict[str, Any]) -> Any:
    """What Segment sends of an e-mail channel, without the types that it adds to what the mapping names."""
    email = ((body or {}).get("channelProperties") or {}).get("email") if isinstance(body, dict) else None
    if not email:
        return body
    kept = {name: value for name, value in email.items() if name not in TYPES or name in subscription(case)["mapping"]}
    channels = {**body["channelProperties"], "email": kept}
    return {**body, "channelProperties": {name: value for name, value in channels.items() if value}}


def answer(case: dict[str, Any], request: Request) -> Response:
    """What the first entry of `upstream` that fits says; there is no contact that the case does not know."""
    path = str(request.environ["RAW_URI"])
    unknown: dict[str, Any] = {"status": 404, "body": {"errorCode": "contacts:contactNotFound"}}
    fitting = (
        entry
        for entry in case["upstream"]
        if entry["method"] == request.method and re.search(entry.get("pathRegex") or "", path)
    )
    entry = next(fitting, unknown)
    body = entry.get("body")
    text = body if isinstance(body, str) else "" if body is None else json.dumps(body)
    headers = {"content-type": "application/json", **(entry.get("headers") or {})}
    return Response(text, entry["status"], headers)


def subscription(case: dict[str, Any]) -> dict[str, Any]:
    """The subscription that the case is about."""
    action = load_action(case["action"])
    defaults = action.payload.default_mapping() if case["useDefaultMappings"] else {}
    return {
        "name": case["name"],
        "partnerAction": case["action"],
        "subscribe": {"(default)": action.trigger, None: "type != null"}.get(case["subscribe"], case["subscribe"]),
        # Segment takes a number without + for one that begins with its country code; here a mapping says so.
        "mapping": {**defaults, **case.get("mapping", {}), "numberCountry": "international"},
    }


def outcome(case: dict[str, Any], url: str) -> str:
    """What becomes of the case's event with us: ok or error, as the cases have it."""
    settings = {"region": "r1", "password": "password", **SETTINGS.get(case["name"], {})}
    try:
        assert base_url_of(settings["region"])
        client = Dotdigital(Transport(Account(url, "apiuser", settings["password"])))
        delivery = Delivery(load_action(case["action"]), client, NOW, Record())
        read = Subscription.read(subscription(case))
    except ValueError:
        return "error"
    found = delivery.event(segment_event(case["event"]), read).outcome
    return "ok" if found in ("delivered", "skipped") else "error"


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_does_as_segment_does_unless_listed(case: dict[str, Any], httpserver: HTTPServer) -> None:
    httpserver.expect_request(re.compile(".*")).respond_with_handler(lambda request: answer(case, request))
    found = outcome(case, httpserver.url_for("").rstrip("/"))
    httpserver.check()
    sent = [
        meaning(request.method, str(request.environ["RAW_URI"]), json.loads(request.get_data() or b"null"))
        for request, _ in httpserver.log
    ]
    recorded = [
        meaning(request["method"], request["path"], asked_for(request["body"], case)) for request in case["requests"]
    ]
    if DATA_FIELDS not in sent:  # A look-up that is saved is no difference.
        recorded = [exchange for exchange in recorded if exchange != DATA_FIELDS]
    if case["name"] in DIFFERENT:
        assert (found, sent) != (case["outcome"], recorded)
    else:
        assert (found, sent) == (case["outcome"], recorded)
