import json
from pathlib import Path
from typing import Any

import pytest

from cli.actions import load_action
from delivery.action import action_names
from delivery.subscription import SubscriptionError, with_defaults
from delivery.subscriptions_file import read_subscriptions, read_usable
from dev import PROJECT, SUBSCRIPTIONS_FILE

ENTRY = {"name": "Orders", "action": "send_sms", "subscribe": 'event = "Ordered"', "mapping": {}}


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "subscriptions.json"


def problems_of_file(file: Path, content: bytes) -> tuple[str, ...]:
    file.write_bytes(content)
    with pytest.raises(SubscriptionError) as caught:
        read_usable(file)
    return tuple(map(str, caught.value.problems))


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
        ["subscriptions.json", "subscriptions[0].name"],
        ["subscriptions.json", "subscriptions[1].name"],
        ["subscriptions.json", "subscriptions[2]"],
        ["subscriptions.json", "subscriptions[3].action"],
        ["subscriptions.json", "subscriptions[3].name"],
        ["subscriptions.json", "subscriptions[4].name"],
    ]


def test_one_that_cannot_be_used_stops_no_other_and_keeps_its_place(file: Path) -> None:
    wrong = {**ENTRY, "name": "Wrong", "mapping": {"to": {"@nope": 1}}}
    file.write_text(json.dumps([ENTRY, wrong, 7, {**ENTRY, "name": "Last"}]))
    read = read_subscriptions(file)
    assert [each.name for each in read] == ["Orders", "Wrong", "subscriptions[2]", "Last"]
    assert [len(each.problems) for each in read] == [0, 1, 1, 0]


def test_names_that_are_used_twice_stop_those_alone_and_each_has_a_name_to_wait_under(file: Path) -> None:
    names = ["Orders", "Paid", "Orders", "Orders (2)", "Orders"]
    file.write_text(json.dumps([{**ENTRY, "name": name} for name in names]))
    read = read_subscriptions(file)
    assert [each.name for each in read] == ["Orders", "Paid", "Orders (3)", "Orders (2)", "Orders (4)"]
    told = "name: 3 subscriptions are named 'Orders': give each its own name"
    assert [list(map(str, each.problems)) for each in read] == [[told], [], [told], [], [told]]


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
    read_usable(PROJECT / "layers/subscriptions/subscriptions.json")
