"""POST /catalog/data-fields: off unless the stack allows it, and checked before any call."""

import json
from typing import Any

import pytest

from dev.sandbox.server import Sandbox
from tests.support.catalog import answer_of
from tests.support.functions import Context, event_file, load_handler

pytestmark = pytest.mark.usefixtures("environment")

BLUE = {"name": "BLUE", "type": "String"}


def create(content: Any) -> tuple[int, Any]:
    event = {"httpMethod": "POST", "path": "/catalog/data-fields", "body": json.dumps(content)}
    return answer_of(load_handler("catalog")(event, Context()))


@pytest.fixture
def allowed(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CATALOG_MAY_CREATE_DATA_FIELDS", "true")


def test_no_data_field_is_created_unless_the_stack_allows_it(sandbox: Sandbox) -> None:
    message = (
        "creating data fields is off: create it in Dotdigital itself, or set the stack's parameter "
        "CatalogMayCreateDataFields to true"
    )
    assert create(BLUE) == (403, {"message": message})
    assert sandbox.requests == ()


@pytest.mark.usefixtures("allowed")
def test_a_data_field_is_created_and_listed(sandbox: Sandbox) -> None:
    handler = load_handler("catalog")
    assert handler({"path": "/catalog/data-fields"}, Context())["statusCode"] == 200
    assert answer_of(handler(event_file("catalog", "new_data_field"), Context())) == (
        200,
        {"name": "FAVOURITE_PLANT", "type": "String"},
    )
    _, content = answer_of(handler({"path": "/catalog/data-fields"}, Context()))
    assert content["dataFields"][-1] == {"name": "FAVOURITE_PLANT", "type": "String"}
    assert [effect.effect for effect in sandbox.journal] == ["data_field_created"]


@pytest.mark.usefixtures("allowed")
@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        (BLUE | {"name": "MUCH TOO BLUE"}, 400, "name: the name of a data field must be 1 to 20 letters"),
        (BLUE | {"type": "Colour"}, 400, "type: Input should be 'String', 'Numeric', 'Date' or 'Boolean'"),
        ("BLUE", 400, "the body must be one JSON object"),
        (BLUE | {"name": "points"}, 409, "name: the account has a data field of that name, of type Numeric"),
    ],
)
def test_what_cannot_be_created_is_told(content: Any, status: int, message: str, sandbox: Sandbox) -> None:
    found, answer = create(content)
    assert (found, answer["message"][: len(message)]) == (status, message)
    assert sandbox.journal == ()


@pytest.mark.usefixtures("allowed")
def test_a_body_that_is_no_json_is_told() -> None:
    event = {"httpMethod": "POST", "path": "/catalog/data-fields", "body": "{"}
    assert load_handler("catalog")(event, Context())["statusCode"] == 400
