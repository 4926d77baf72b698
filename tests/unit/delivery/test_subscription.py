import json
from pathlib import Path
from typing import Any

import pytest

from cli.actions import load_action
from delivery.action import action_names
from delivery.subscription import Subscription, SubscriptionError, read_subscriptions, with_defaults
from dev import PROJECT, SUBSCRIPTIONS_FILE
from segment_events import MappingError, TriggerError, compile_mapping, compile_trigger

PHONE = {"to": {"@path": "$.properties.phone"}}
ENTRY = {"name": "Orders", "action": "send_sms", "subscribe": 'event = "Ordered"', "mapping": PHONE}
ACTIONS = ", ".join(action_names())
UNKNOWN_KEY = "is not a key of a subscription; correct its spelling or leave it out"


def without(key: str, **differences: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ENTRY, **differences}.items() if name != key}


def problems(entry: Any) -> tuple[str, ...]:
    with pytest.raises(SubscriptionError) as caught:
        Subscription.read(entry)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


@pytest.mark.parametrize("action", [{"action": "send_sms"}, {"action": "sendSms"}, {"partnerAction": "sendSms"}])
@pytest.mark.parametrize(
    ("enabled", "is_enabled"), [({}, True), ({"enabled": True}, True), ({"enabled": False}, False)]
)
def test_a_subscription_is_compiled(action: dict[str, str], enabled: dict[str, bool], is_enabled: bool) -> None:
    read = Subscription.read(without("action") | action | enabled)
    assert (read.name, read.enabled, read.action) == ("Orders", is_enabled, "send_sms")
    assert (read.matches({"event": "Ordered"}), read.matches({"event": "Paid"})) == (True, False)
    assert read.resolve({"properties": {"phone": "+447700900123"}}) == {"to": "+447700900123"}


def test_a_trigger_and_a_mapping_that_are_left_out_are_the_actions_own() -> None:
    own = Subscription.read({"name": "Texts", "action": "sendSms"})
    event = {"type": "track", "event": "Send SMS", "properties": {"phone": "+447700900123"}}
    assert (own.matches(event), own.matches(event | {"event": "Paid"})) == (True, False)
    assert own.resolve(event) == {"to": "+447700900123"}
    assert Subscription.read({"name": "None", "action": "send_sms", "mapping": {}}).resolve(event) == {}


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (None, "Input should be an object"),
        ([ENTRY], "Input should be an object"),
        ("send_sms", "Input should be an object"),
        (without("name"), "name: is required"),
        (without("action"), "partnerAction: is required"),
        (ENTRY | {"name": ""}, "name: String should have at least 1 character"),
        (ENTRY | {"name": 7}, "name: Input should be a valid string"),
        (ENTRY | {"enabled": "perhaps"}, "enabled: Input should be a valid boolean, unable to interpret input"),
        (ENTRY | {"action": "send_pigeon"}, f"action: no action 'send_pigeon'; the actions are {ACTIONS}"),
        (ENTRY | {"action": None}, "action: Input should be a valid string"),
        (ENTRY | {"subscribe": None}, "subscribe: Input should be text, a trigger in FQL"),
        (ENTRY | {"mapping": "x"}, "mapping: Input should be an object, from the fields of the action to their values"),
        (ENTRY | {"enable": False}, f"enable: {UNKNOWN_KEY}"),
        (ENTRY | {"partnerAction": "sendSms"}, f"action: {UNKNOWN_KEY}"),
    ],
)
def test_a_problem_has_its_place(entry: Any, expected: str) -> None:
    assert problems(entry) == (expected,)


def test_every_problem_is_told_at_once() -> None:
    trigger, mapping = "event = and (", {"to": {"@nope": 1}, "message": [{"@path": 3}]}
    with pytest.raises(TriggerError) as of_trigger:
        compile_trigger(trigger)
    with pytest.raises(MappingError) as of_mapping:
        compile_mapping(mapping)
    entry = {"enabled": 7, "action": "send_pigeon", "subscribe": trigger, "mapping": mapping, "trigger": "x"}
    assert problems(entry) == (
        "name: is required",
        "enabled: Input should be a valid boolean, unable to interpret input",
        f"action: no action 'send_pigeon'; the actions are {ACTIONS}",
        *(f"subscribe: {problem}" for problem in of_trigger.value.problems),
        *(f"mapping{problem}" for problem in of_mapping.value.problems),
        f"trigger: {UNKNOWN_KEY}",
    )
    assert (len(of_trigger.value.problems), len(of_mapping.value.problems)) == (3, 2)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "subscriptions.json"


def problems_of_file(file: Path, content: bytes) -> tuple[str, ...]:
    file.write_bytes(content)
    with pytest.raises(SubscriptionError) as caught:
        read_subscriptions(file)
    return caught.value.problems


@pytest.mark.parametrize("wrap", [lambda entries: {"subscriptions": entries}, lambda entries: entries])
def test_the_subscriptions_of_a_file_in_their_order(file: Path, wrap: Any) -> None:
    file.write_text(json.dumps(wrap([ENTRY, {**ENTRY, "name": "Größe", "action": "enrolContact"}])))
    read = [(each.name, each.action) for each in read_subscriptions(file)]
    assert read == [("Orders", "send_sms"), ("Größe", "enrol_contact")]
    file.write_text(json.dumps(wrap([])))
    assert read_subscriptions(file) == ()


def test_every_problem_of_every_subscription_has_its_place(file: Path) -> None:
    wrong = [
        {**ENTRY, "subscribe": "event =", "mapping": {"to": {"@nope": 1}}},
        ENTRY,
        7,
        {**ENTRY, "name": "Paid", "action": "send_pigeon"},
        {**ENTRY, "name": "Paid"},
    ]
    found = problems_of_file(file, json.dumps({"subscriptions": wrong}).encode())
    assert [problem.split(": ")[:2] for problem in found] == [
        ["subscriptions.json", "subscriptions[0].subscribe"],
        ["subscriptions.json", "subscriptions[0].mapping/to"],
        ["subscriptions.json", "subscriptions[2] Input should be an object"],
        ["subscriptions.json", "subscriptions[3].action"],
        ["subscriptions.json", "the name 'Orders' is used 2 times"],
        ["subscriptions.json", "the name 'Paid' is used 2 times"],
    ]


@pytest.mark.parametrize("content", [b"null", b"7", b"{}", b'{"subscriptions": {}}', b'{"subscription": []}'])
def test_a_file_without_a_list(file: Path, content: bytes) -> None:
    expected = f'{file} cannot be read: it must be {{"subscriptions": [...]}}, or the list alone'
    assert problems_of_file(file, content) == (expected,)


@pytest.mark.parametrize("content", [b"{", b"", b"\xff", b"[" * 100_000])
def test_a_file_that_is_not_json_or_not_there(file: Path, content: bytes) -> None:
    with pytest.raises(SubscriptionError, match=r"subscriptions\.json cannot be read: .*No such file"):
        read_subscriptions(file)
    [problem] = problems_of_file(file, content)
    assert problem.startswith(f"{file} cannot be read: ")


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


def test_the_file_that_is_deployed_loads_however_it_was_edited() -> None:
    read_subscriptions(PROJECT / "layers/subscriptions/subscriptions.json")
