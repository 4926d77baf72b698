import json
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cli.actions import load_action
from delivery.action import action_names
from delivery.fields.payload import DependsOn, EmptyIdentifierError, PayloadError, RequiredWhen, declared
from delivery.subscription_check import check_subscriptions, problems_of_fields
from dev import SUBSCRIPTIONS_FILE
from segment_events import compile_mapping
from tests.support.deliveries import NOW

PATH = {"@path": "$.properties.x"}
IDENTIFIED = {"channelIdentifier": "email", "emailIdentifier": PATH}
TEXT = {"to": PATH, "message": PATH}
LACKING = "is required, and the mapping gives nothing for it"
NO_ADDRESS = "must be one e-mail address without a name, such as noor@example.com"
NO_ID = "must be a whole number above 0, an id as Dotdigital shows it"


def problems(action: str, mapping: dict[str, Any], **differences: Any) -> list[str]:
    """The problems of a subscription of the action, each with what is shown below it."""
    entry = {"name": "A", "action": action, "subscribe": "type != null", "mapping": mapping, **differences}
    [checked] = check_subscriptions([entry], lambda name: load_action(name).payload, NOW)
    return [f"{each}{f' [{each.source}]' if each.source else ''}" for each in checked.problems]


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        (TEXT, []),
        ({**TEXT, "numberCountry": "gb", "_metadata": {"label": "x"}}, []),
        (
            {"too": PATH, "message": PATH},
            ["mapping/too: is no field of the action; did you mean to?", f"mapping/to: {LACKING}"],
        ),
        ({**TEXT, "enable_batching": True, "batch_size": 100, "__segment_internal_sync_mode": "upsert"}, []),
        ({**TEXT, "a/b~c": 1}, ["mapping/a~1b~0c: is no field of the action; leave it out: it has no effect"]),
        ({"to": None, "message": " "}, [f"mapping/to: {LACKING}", f"mapping/message: {LACKING}"]),
        ({**TEXT, "message": {"a": PATH}}, ["mapping/message: must be text"]),
        ({**TEXT, "message": [PATH]}, []),
        ({**TEXT, "to": "07700 900123", "numberCountry": PATH}, []),
        ({**TEXT, "to": "07700 900123", "numberCountry": "GB"}, []),
        ({**TEXT, "to": {"@pth": "$.x"}}, ["mapping/to: @pth is no directive; did you mean @path?"]),
        ({"@merge": {"objects": [PATH], "direction": "left"}}, []),
        ({"__segment_internal_directive": {"@transform": {"apply": {"a": PATH}}}, "nope": PATH}, []),
    ],
)
def test_the_fields_of_a_text(mapping: dict[str, Any], expected: list[str]) -> None:
    assert problems("send_sms", mapping) == expected


@pytest.mark.parametrize(
    ("mapping", "expected"),
    [
        ({**IDENTIFIED, "listId": 7, "dataFields": {"NAME": PATH}}, []),
        ({**IDENTIFIED, "listId": "x"}, [f'mapping/listId: {NO_ID} ["x"]']),
        ({**IDENTIFIED, "listId": {"@literal": [7]}}, [f"mapping/listId: {NO_ID} [[7]]"]),
        (
            {**IDENTIFIED, "emailIdentifier": {"@if": {"exists": PATH, "then": PATH, "else": "noor@"}}},
            [f'mapping/emailIdentifier/@if/else: {NO_ADDRESS} ["noor@"]'],
        ),
        (
            {"emailIdentifier": "noor@"},
            [f'mapping/emailIdentifier: {NO_ADDRESS} ["noor@"]', f"mapping/channelIdentifier: {LACKING}"],
        ),
        ({"channelIdentifier": "email"}, [f"mapping/emailIdentifier: {LACKING}"]),
        ({"channelIdentifier": "mobileNumber", "emailIdentifier": "noor@", "mobileNumberIdentifier": PATH}, []),
        ({"channelIdentifier": PATH}, []),
        ({**IDENTIFIED, "emailResubscribe": 2}, ["mapping/emailResubscribe: must be true or false [2]"]),
        ({**IDENTIFIED, "updateEmailSubscription": False, "emailSubscriptionStatus": "gone"}, []),
        ({**IDENTIFIED, "dataFields": "x"}, ['mapping/dataFields: must be an object ["x"]']),
    ],
)
def test_the_fields_of_a_contact(mapping: dict[str, Any], expected: list[str]) -> None:
    assert problems("add_contact_to_list", mapping) == expected


def test_what_a_subscription_leaves_out_is_its_actions_own() -> None:
    [checked] = check_subscriptions(
        [{"name": "A", "action": "enrolContact"}], lambda name: load_action(name).payload, NOW
    )
    assert list(map(str, checked.problems)) == [f"mapping/programId: {LACKING}"]


def test_one_that_is_disabled_may_be_unfinished_and_not_wrong() -> None:
    told = "must be mapped to true to delete contacts; nothing was deleted"
    assert problems("delete_contact", IDENTIFIED) == [f"mapping/confirm: {told}"]
    assert problems("delete_contact", IDENTIFIED, enabled=False) == []
    assert problems("delete_contact", {**IDENTIFIED, "confirm": "maybe", "x": 1}, enabled=False) == [
        "mapping/x: is no field of the action; leave it out: it has no effect",
        'mapping/confirm: must be true or false ["maybe"]',
    ]


def test_every_problem_of_every_subscription_is_told_at_once() -> None:
    entries = [
        {"name": "A", "action": "sendSms", "subscribe": "event =", "mapping": {"to": {"@liquid": "{{"}, "x": 1}},
        {"name": "A", "action": "sendSms"},
        {"name": "B", "action": "sendSmss", "mapping": {}},
        7,
    ]
    checked = check_subscriptions(entries, lambda name: load_action(name).payload, NOW)
    assert [(each.name, each.place, [problem.place for problem in each.problems]) for each in checked] == [
        ("A", "subscriptions[0]", ["subscribe", "mapping/to/@liquid", "name", "mapping/x", "mapping/message"]),
        ("A (2)", "subscriptions[1]", ["name", "mapping/message"]),
        ("B", "subscriptions[2]", ["action"]),
        ("subscriptions[3]", "subscriptions[3]", [""]),
    ]


def test_the_subscriptions_that_ship_have_no_problem() -> None:
    entries = json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8"))["subscriptions"]
    checked = check_subscriptions(entries, lambda name: load_action(name).payload, NOW)
    assert [each for each in checked if each.problems] == []


TEXTS = ["email", "mobileNumber", "noor@example.com", "+447700900123", "07700 900123", "GB", "x", "", "contact", "skip"]
OTHERS = [None, True, False, 0, 7, -1, 1.5, [], [7], {}, {"a": 1}, "2026-05-31", "html", "retry", "https://example.com"]
LITERALS = st.sampled_from([*TEXTS, *OTHERS])


def rules_of(action: str) -> tuple[set[str], set[str]]:
    """The fields of an action, and those of them that decide about others."""
    fields = {field.alias or name: field for name, field in load_action(action).payload.model_fields.items()}
    deciding = {"numberCountry"}
    for field in fields.values():
        for rule in (declared(field, DependsOn), declared(field, RequiredWhen)):
            deciding |= (rule.values if rule else {}).keys() | (getattr(rule, "otherwise", None) or {}).keys()
    return set(fields), deciding & set(fields)


def wrong_fields(action: str, mapped: dict[str, Any]) -> dict[str, str]:
    try:
        load_action(action).payload.read(mapped, now=NOW)
    except PayloadError as error:
        return error.fields
    except EmptyIdentifierError:
        return {"emptyIdentifier": "skip"}
    return {}


@pytest.mark.parametrize("action", action_names())
@given(data=st.data())
def test_what_is_wrong_before_an_event_comes_is_wrong_for_each_event(action: str, data: st.DataObject) -> None:
    fields, deciding = rules_of(action)
    values = {field: LITERALS if field in deciding else LITERALS | st.just({"@path": f"$.{field}"}) for field in fields}
    mapping = data.draw(st.fixed_dictionaries({}, optional=values))
    event = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(fields), LITERALS)))
    found = {
        each.place.removeprefix("mapping/") for each in problems_of_fields(mapping, load_action(action).payload, NOW)
    }
    wrong = wrong_fields(action, compile_mapping(mapping)(event))
    assert found <= wrong.keys() or "emptyIdentifier" in wrong


@pytest.mark.parametrize("action", action_names())
@given(data=st.data())
def test_of_a_mapping_of_literals_every_field_that_is_wrong_by_itself_is_told(action: str, data: st.DataObject) -> None:
    mapping = data.draw(st.fixed_dictionaries({}, optional=dict.fromkeys(sorted(rules_of(action)[0]), LITERALS)))
    model = load_action(action).payload
    found = {each.place.removeprefix("mapping/") for each in problems_of_fields(mapping, model, NOW)}
    assert found == model.wrong_fields(mapping, NOW).keys()
