import json
from pathlib import Path
from typing import Any

import pytest

from cli.actions import load_action
from delivery.action import action_names
from delivery.subscription import SubscriptionError, SubscriptionsFile, read_subscriptions, with_defaults
from dev import PROJECT, SUBSCRIPTIONS_FILE

ENTRY = {"name": "Orders", "action": "send_sms", "subscribe": 'event = "Ordered"', "mapping": {}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "subscriptions.json"


def problems(file: Path, content: Any) -> tuple[str, ...]:
    file.write_text(json.dumps(content))
    with pytest.raises(SubscriptionError) as caught:
        read_subscriptions(file)
    return caught.value.problems


@pytest.mark.parametrize("wrap", [lambda entries: {"subscriptions": entries}, lambda entries: entries])
def test_the_subscriptions_in_their_order(file: Path, wrap: Any) -> None:
    file.write_text(json.dumps(wrap([ENTRY, {**ENTRY, "name": "Größe", "action": "enrolContact"}])))
    assert [(read.name, read.action) for read in read_subscriptions(file)] == [
        ("Orders", "send_sms"),
        ("Größe", "enrol_contact"),
    ]


def test_no_subscriptions(file: Path) -> None:
    file.write_text('{"subscriptions": []}')
    assert read_subscriptions(file) == ()


def test_every_problem_of_every_subscription_has_its_place(file: Path) -> None:
    wrong = [
        {**ENTRY, "subscribe": "event =", "mapping": {"to": {"@nope": 1}}},
        ENTRY,
        7,
        {**ENTRY, "name": "Paid", "action": "send_pigeon"},
        {**ENTRY, "name": "Paid"},
    ]
    found = problems(file, {"subscriptions": wrong})
    assert [problem.split(": ")[:2] for problem in found] == [
        ["subscriptions.json", "subscriptions[0].subscribe"],
        ["subscriptions.json", "subscriptions[0].mapping/to"],
        ["subscriptions.json", "subscriptions[2] Input should be an object"],
        ["subscriptions.json", "subscriptions[3].action"],
        ["subscriptions.json", "the name 'Orders' is used 2 times"],
        ["subscriptions.json", "the name 'Paid' is used 2 times"],
    ]


@pytest.mark.parametrize("content", [None, 7, {}, {"subscriptions": {}}, {"subscription": []}])
def test_a_file_without_a_list(file: Path, content: Any) -> None:
    assert problems(file, content) == (
        f'{file} cannot be read: it must be {{"subscriptions": [...]}}, or the list alone',
    )


def test_a_file_that_is_not_there(file: Path) -> None:
    with pytest.raises(SubscriptionError, match=r"subscriptions\.json cannot be read: .*No such file"):
        read_subscriptions(file)


@pytest.mark.parametrize("content", [b"{", b"", b"\xff", b"[" * 100_000])
def test_a_file_that_is_not_json(file: Path, content: bytes) -> None:
    file.write_bytes(content)
    with pytest.raises(SubscriptionError, match=r"subscriptions\.json cannot be read: "):
        read_subscriptions(file)


def test_the_schema_of_the_file() -> None:
    schema = SubscriptionsFile.model_json_schema()
    assert (schema["required"], schema["properties"]["subscriptions"]["type"]) == (["subscriptions"], "array")
    subscription = schema["$defs"]["SubscriptionSettings"]
    assert (subscription["title"], subscription["additionalProperties"]) == ("Subscription", False)
    assert {key: field["type"] for key, field in subscription["properties"].items()} == {
        "name": "string",
        "enabled": "boolean",
        "partnerAction": "string",
        "subscribe": "string",
        "mapping": "object",
    }


@pytest.mark.parametrize("name", action_names())
def test_each_action_has_its_default_mapping_and_trigger_or_a_narrower_one_before_the_file_is_edited(name: str) -> None:
    action = load_action(name)
    entries = json.loads(SUBSCRIPTIONS_FILE.read_text())["subscriptions"]
    (entry,) = (entry for entry in entries if entry["partnerAction"] == action.slug)
    assert entry["name"] == action.title
    own = {"subscribe": action.trigger, "mapping": action.payload.default_mapping()}
    assert not [key for key in own.keys() & entry.keys() if entry[key] == own[key]], "it says only what differs"
    entry = with_defaults(entry)
    assert action.trigger in entry["subscribe"]
    assert own["mapping"].items() <= entry["mapping"].items()
    assert entry["mapping"].keys() <= {field.alias or key for key, field in action.payload.model_fields.items()}


def test_a_subscription_without_trigger_and_mapping_has_its_actions_own(file: Path) -> None:
    file.write_text(
        json.dumps([{"name": "Texts", "action": "sendSms"}, {"name": "None", "action": "send_sms", "mapping": {}}])
    )
    own, without_mapping = read_subscriptions(file)
    event = {"type": "track", "event": "Send SMS", "properties": {"phone": "+447700900123"}}
    assert (own.matches(event), own.matches(event | {"event": "Paid"})) == (True, False)
    assert (own.resolve(event), without_mapping.resolve(event)) == ({"to": "+447700900123"}, {})


def test_the_file_that_is_deployed_loads_however_it_was_edited() -> None:
    read_subscriptions(PROJECT / "layers/subscriptions/subscriptions.json")
