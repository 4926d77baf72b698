"""events/audiences and events/catalog: requests of API Gateway, signed by Segment's secret or let in by IAM."""

import hmac
import re

import pytest

from dev.expand import read_template
from dev.local_cloud.deployment import SHARED_SECRET
from tests.template.project import ASKED, QUESTION_FILES, read_event, resource_name

ROUTES = {
    (function, route["Properties"]["Path"], route["Properties"]["Method"].upper())
    for function in ASKED
    for route in read_template()["Resources"][f"{resource_name(function)}Function"]["Properties"]["Events"].values()
}


@pytest.mark.parametrize(("function", "name"), QUESTION_FILES)
def test_a_request_is_of_a_route_of_its_function(function: str, name: str) -> None:
    request = read_event(function, name)
    assert (function, request["resource"], request["httpMethod"]) in ROUTES
    assert re.fullmatch(re.sub(r"{\w+}", "[^/]+", request["resource"]), request["path"])


@pytest.mark.parametrize(("function", "name"), QUESTION_FILES)
def test_a_request_is_signed_with_the_local_secret_or_names_who_iam_let_in(function: str, name: str) -> None:
    request = read_event(function, name)
    of_body = hmac.new(SHARED_SECRET.encode(), (request["body"] or "").encode(), "sha1").hexdigest()
    named = request["requestContext"]["identity"]["userArn"]
    assert (request["headers"].get("X-Signature"), bool(named)) == (
        (None, True) if function == "catalog" else (of_body, False)
    )
