from typing import Any

import pytest

from delivery.action import action_names
from delivery.incoming import segment_event
from delivery.subscription import Problem, Subscription, SubscriptionError
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
    told = tuple(map(str, caught.value.problems))
    assert str(caught.value) == "\n".join(told)
    return told


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
        (ENTRY | {"action": "sendSmss"}, "action: no action 'sendSmss'; did you mean sendSms?"),
        ({"name": "Texts", "action": "sendSmss"}, "action: no action 'sendSmss'; did you mean sendSms?"),
        ({"name": "Texts"}, "partnerAction: is required"),
        (ENTRY | {"action": None}, "action: Input should be a valid string"),
        (ENTRY | {"subscribe": None}, "subscribe: Input should be text, a trigger in FQL"),
        (ENTRY | {"mapping": "x"}, "mapping: Input should be an object, from the fields of the action to their values"),
        (ENTRY | {"labels": []}, f"labels: {UNKNOWN_KEY}"),
        (ENTRY | {"enable": False}, "enable: is not a key of a subscription; did you mean enabled?"),
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


def test_a_problem_of_a_trigger_or_a_template_has_its_place_in_it() -> None:
    trigger, template = 'type = "track" and event "Sent"', "{{ properties.total > 50 }}"
    with pytest.raises(SubscriptionError) as caught:
        Subscription.read(ENTRY | {"subscribe": trigger, "mapping": {"message": {"@liquid": template}}})
    of_trigger, of_template = caught.value.problems
    assert (of_trigger.place, of_trigger.source, of_trigger.offset) == ("subscribe", trigger, trigger.index('"Sent"'))
    expected = ("mapping/message/@liquid", template, template.index(">"))
    assert (of_template.place, of_template.source, of_template.offset) == expected


EVENT = segment_event({"type": "track", "messageId": "m-1", "event": "Ordered"})
WRONG = Problem("mapping/to", "is wrong")


def unusable(entry: Any) -> Subscription:
    return Subscription.unusable(entry, "subscriptions[7]", [WRONG])


def reason_against(subscription: Subscription) -> str | None:
    return subscription.reason_against(EVENT.event, EVENT.raw)


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (ENTRY, None),
        (without("mapping", mapping={"to": {"@nope": 1}}), None),
        (ENTRY | {"enabled": "perhaps"}, None),
        (ENTRY | {"labels": []}, None),
        (ENTRY | {"subscribe": 'event = "Paid"'}, "the trigger does not match"),
        (ENTRY | {"enabled": "false"}, "the subscription is disabled"),
        ({"name": "Texts", "action": "send_sms"}, "the trigger does not match"),
    ],
)
def test_of_one_that_cannot_be_used_the_events_are_known_where_its_trigger_can_be_read(
    entry: dict[str, Any], reason: str | None
) -> None:
    read = unusable(entry)
    assert (read.name, read.action, reason_against(read)) == (entry["name"], "send_sms", reason)


@pytest.mark.parametrize(
    ("entry", "name", "action"),
    [
        (ENTRY | {"subscribe": "event ="}, "Orders", "send_sms"),
        (ENTRY | {"action": "sendSmss"}, "Orders", ""),
        ({"name": "Texts", "action": "sendSmss"}, "Texts", ""),
        (without("name"), "subscriptions[7]", "send_sms"),
        (ENTRY | {"name": ""}, "subscriptions[7]", "send_sms"),
        ("text", "subscriptions[7]", ""),
    ],
)
def test_of_others_it_is_not_known_which_events_are_for_them(entry: Any, name: str, action: str) -> None:
    read = unusable(entry)
    told = "the subscription cannot be used, and which events it wants cannot be read"
    assert (read.name, read.action, reason_against(read)) == (name, action, told)
    assert [read.concerns(each) for each in ("send_sms", "enrol_contact")] == [True, not action]


@pytest.mark.parametrize(
    ("entry", "reason"),
    [
        (ENTRY, None),
        (ENTRY | {"subscribe": "event ="}, None),
        (ENTRY | {"action": "sendSmss"}, None),
        (ENTRY | {"enabled": False}, "the subscription was disabled while the event waited: "),
        (ENTRY | {"action": "enrol_contact"}, "the subscription has another action by now: "),
    ],
)
def test_what_waits_for_it_waits_on_unless_it_is_disabled_or_of_another_action(
    entry: dict[str, Any], reason: str | None
) -> None:
    found = unusable(entry).reason_against_waiting("send_sms")
    assert found == (reason and f"{reason}mend that and replay it, or drop it")


def test_the_reason_to_wait_has_the_first_problem_and_counts_the_others() -> None:
    start = "the subscription cannot be used until it is mended: mapping/to: is wrong"
    assert Subscription.read(ENTRY).reason_to_wait is None
    assert unusable(ENTRY).reason_to_wait == start
    assert Subscription.unusable(ENTRY, "", [WRONG, WRONG, WRONG]).reason_to_wait == f"{start}, and 2 more"
