import json
from pathlib import Path

import pytest
from jsonschema import Draft202012Validator

from dev import PROJECT, SUBSCRIPTIONS_FILE
from dev.generate import FILES


@pytest.mark.parametrize("path", FILES)
def test_a_generated_file_is_fresh(path: Path) -> None:
    assert (PROJECT / path).read_text(encoding="utf-8") == FILES[path](), "make generate writes it anew"


@pytest.fixture
def schema() -> Draft202012Validator:
    content = json.loads((PROJECT / "layers/subscriptions/subscriptions.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(content)
    return Draft202012Validator(content)


def test_the_shipped_subscriptions_fit_the_schema(schema: Draft202012Validator) -> None:
    schema.validate(json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8")))


@pytest.mark.parametrize(
    "difference",
    [{"partnerAction": "sendPigeon"}, {"name": ""}, {"mapping": []}, {"subscribe": None}, {"enabled": "perhaps"}],
)
def test_what_is_not_right_does_not_fit_the_schema(schema: Draft202012Validator, difference: dict[str, object]) -> None:
    subscription = {"name": "Text", "partnerAction": "sendSms", "subscribe": 'type = "track"', "mapping": {}}
    assert schema.is_valid({"subscriptions": [subscription]})
    assert not schema.is_valid({"subscriptions": [subscription | difference]})


def test_an_action_is_named_once(schema: Draft202012Validator) -> None:
    subscription = {"name": "Text", "subscribe": 'type = "track"', "mapping": {}}
    assert schema.is_valid({"subscriptions": [subscription | {"action": "send_sms"}]})
    assert not schema.is_valid({"subscriptions": [subscription]})
