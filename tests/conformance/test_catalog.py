"""Recorded pickers, account checks and audiences of Segment's destinations, matched or listed in differences.json.

A listed case that starts to match, or another that stops, fails: nothing drifts in silence. How pages are asked for is
no part of a request here: Dotdigital's rows are given in the pages that ours ask for.
"""

import json
import re
from typing import Any
from urllib.parse import urlencode

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from audiences.app import AudiencesFunction
from catalog.app import CatalogFunction
from tests.support.aws import ENVIRONMENT, SECRET, Aws
from tests.support.compatibility import different_cases, recorded_cases
from tests.support.segment import rest_event

CASES = recorded_cases("catalog")
DIFFERENT = different_cases("catalog")
NAMES = {"listId": "lists", "programId": "programs", "campaignId": "campaigns", "dataFields.__keys__": "data-fields"}
INSTEAD_OF = {"/v2/account-info": "/v2/data-fields/", "/v2/campaigns/filtered": "/v2/campaigns"}
"""What ours asks, and what of the recorded answers it is given for that."""
A_PAGE = 200
"""The rows that Segment asks for at once."""
Exchange = tuple[str, str, Any]


def entry(case: dict[str, Any], method: str, path: str) -> dict[str, Any] | None:
    """What the case has Dotdigital say to a request."""
    return next(
        (each for each in case["upstream"] if each["method"] == method and re.search(each["pathRegex"], path)), None
    )


def all_rows(case: dict[str, Any], path: str) -> dict[str, Any] | None:
    """What Dotdigital says to all the pages that Segment asks for: their rows together, or the first refusal."""
    first = entry(case, "GET", f"{path}?select={A_PAGE}&skip=0") or entry(case, "GET", path)
    if first is None or not isinstance(first["body"], list):
        return first
    found, page = list(first["body"]), first
    while len(page["body"]) == A_PAGE:
        following = entry(case, "GET", f"{path}?{urlencode({'select': A_PAGE, 'skip': len(found)})}")
        if following is None or following["body"] == page["body"]:
            break
        page = following
        found += page["body"]
    return {**first, "body": found}


def answer(case: dict[str, Any], request: Request) -> Response:
    """What the case has Dotdigital say, in the pages that are asked for here."""
    asked = INSTEAD_OF.get(request.path, request.path)
    said = all_rows(case, asked) if request.method == "GET" else entry(case, request.method, asked)
    status, body = (said["status"], said["body"]) if said else (404, {"message": "nothing is here"})
    if request.path == "/v2/account-info" and status == 200:
        body = {"id": 1, "properties": []}
    elif isinstance(body, list) and "select" in request.args:
        skip, select = (request.args.get(name, 0, int) for name in ("skip", "select"))
        body = body[skip : skip + select]
    return Response(json.dumps(body), status, {"content-type": "application/json"})


def ask(case: dict[str, Any], environment: dict[str, str]) -> dict[str, Any]:
    """Ask ours what the case asks Segment's."""
    if case["kind"] in ("createAudience", "getAudience"):
        settings = case.get("audienceSettings") or {}
        given = {**settings, "name": settings.get("audienceName"), "audienceName": case.get("audienceName")}
        asked = {"externalId": case["externalId"]} if case["kind"] == "getAudience" else given
        return AudiencesFunction(environment).respond(rest_event(asked, "/audiences"), None)
    name = "account" if case["kind"] == "testAuthentication" else NAMES.get(case["field"], case["field"])
    query = {"queryStringParameters": {"format": "choices"}}
    return CatalogFunction(environment).respond({"path": f"/catalog/{name}", **query}, None)


def meaning(method: str, path: str, body: Any) -> Exchange:
    """A request as it is compared: without the page that it asks for."""
    return method, path.partition("?")[0], body


@pytest.mark.parametrize("case", CASES, ids=lambda case: case["name"])
def test_does_as_segment_does_unless_listed(case: dict[str, Any], aws: Aws, httpserver: HTTPServer) -> None:
    aws.put_secret(SECRET)
    httpserver.expect_request(re.compile(".*")).respond_with_handler(lambda request: answer(case, request))
    answered = ask(case, ENVIRONMENT | {"DOTDIGITAL_BASE_URL": httpserver.url_for("").rstrip("/")})
    httpserver.check()
    content = json.loads(answered["body"])
    found = "ok" if answered["statusCode"] == 200 or "choices" in content else "error"
    sent = [
        meaning(request.method, request.path, json.loads(request.get_data() or b"null"))
        for request, _ in httpserver.log
    ]
    expected = case["expected"]
    recorded = [meaning(request["method"], request["path"], request["body"]) for request in expected["requests"]]
    # A page that is not asked for is no difference.
    same = found == expected["outcome"] and sent == [
        each for place, each in enumerate(recorded) if each not in recorded[:place]
    ]
    if found == "ok" and case["kind"] != "testAuthentication":
        same = same and content == expected["results"]
    assert same is (case["name"] not in DIFFERENT)
