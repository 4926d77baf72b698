from typing import Any

import pytest

from delivery.action import action_names
from delivery.subscription import Subscription, SubscriptionError
from segment_events import MappingError, TriggerError, compile_mapping, compile_trigger

ENTRY = {
    "name": "Orders",
    "action": "send_sms",
    "subscribe": 'event = "Ordered"',
    "mapping": {"to": {"@path": "$.properties.phone"}},
}
ACTIONS = ", ".join(action_names())


def without(key: str, **differences: Any) -> dict[str, Any]:
    return {name: value for name, value in {**ENTRY, **differences}.items() if name != key}


def problems(entry: Any) -> tuple[str, ...]:
    with pytest.raises(SubscriptionError) as caught:
        Subscription.read(entry)
    assert str(caught.value) == "\n".join(caught.value.problems)
    return caught.value.problems


def test_a_subscription_is_compiled() -> None:
    read = Subscription.read(ENTRY)
    assert (read.name, read.enabled, read.action) == ("Orders", True, "send_sms")
    assert (read.matches({"event": "Ordered"}), read.matches({"event": "Paid"})) == (True, False)
    assert read.resolve({"properties": {"phone": "+447700900123"}}) == {"to": "+447700900123"}


@pytest.mark.parametrize("enabled", [True, False])
def test_it_is_enabled_or_not(enabled: bool) -> None:
    assert Subscription.read({**ENTRY, "enabled": enabled}).enabled is enabled


@pytest.mark.parametrize("action", [{"action": "send_sms"}, {"action": "sendSms"}, {"partnerAction": "sendSms"}])
def test_the_action_by_name_or_slug_under_our_key_or_segments(action: dict[str, str]) -> None:
    assert Subscription.read({**without("action"), **action}).action == "send_sms"


@pytest.mark.parametrize("entry", [None, [], "send_sms", 7])
def test_what_is_no_object(entry: Any) -> None:
    assert problems(entry) == ("Input should be an object",)


@pytest.mark.parametrize(
    ("entry", "expected"),
    [
        (without("name"), "name: is required"),
        (without("action"), "partnerAction: is required"),
        ({**ENTRY, "name": ""}, "name: String should have at least 1 character"),
        ({**ENTRY, "name": 7}, "name: Input should be a valid string"),
        ({**ENTRY, "enabled": "perhaps"}, "enabled: Input should be a valid boolean, unable to interpret input"),
        ({**ENTRY, "action": "send_pigeon"}, f"action: no action 'send_pigeon'; the actions are {ACTIONS}"),
        ({**ENTRY, "action": None}, "action: Input should be a valid string"),
        ({**ENTRY, "subscribe": None}, "subscribe: Input should be text, a trigger in FQL"),
        (
            {**ENTRY, "mapping": "text"},
            "mapping: Input should be an object, from the fields of the action to their values",
        ),
        (
            {**ENTRY, "enable": False},
            "enable: is not a key of a subscription; correct its spelling or leave it out",
        ),
        (
            {**ENTRY, "partnerAction": "sendSms"},
            "action: is not a key of a subscription; correct its spelling or leave it out",
        ),
    ],
)
def test_a_problem_has_its_place(entry: Any, expected: str) -> None:
    assert problems(entry) == (expected,)


def test_every_problem_of_a_trigger_is_told() -> None:
    with pytest.raises(TriggerError) as caught:
        compile_trigger("event = and (")
    assert len(caught.value.problems) > 1
    expected = tuple(f"subscribe: {problem}" for problem in caught.value.problems)
    assert problems({**ENTRY, "subscribe": "event = and ("}) == expected


def test_every_problem_of_a_mapping_is_told() -> None:
    mapping = {"to": {"@nope": 1}, "message": {"@path": 3}}
    with pytest.raises(MappingError) as caught:
        compile_mapping(mapping)
    assert len(caught.value.problems) == 2
    assert problems({**ENTRY, "mapping": mapping}) == tuple(f"mapping{problem}" for problem in caught.value.problems)


def test_every_problem_is_told_at_once() -> None:
    entry = {
        "enabled": 7,
        "action": "send_pigeon",
        "subscribe": "event = and (",
        "mapping": {"to": {"@nope": 1}, "message": [{"@path": 3}]},
        "trigger": "x",
    }
    places = [problem.split(":")[0] for problem in problems(entry)]
    assert places == [
        "name",
        "enabled",
        "action",
        "subscribe",
        "subscribe",
        "subscribe",
        "mapping/to",
        "mapping/message/0/@path",
        "trigger",
    ]
