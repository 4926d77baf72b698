"""What is told of the differences: those that the subscriptions meet, and no other."""

from typing import Any

import pytest

from cli.subscriptions.differences import TABLE, Difference, Used, differences_of
from tests.support.compatibility import differences

FROM_EVENT = {"@path": "$.x"}


def told(action: str = "send_triggered_campaign", trigger: str = "type = track", **mapping: Any) -> set[str]:
    """What is told of a subscription: faults, each with what is so here."""
    return {f"{each.fault} {each.here}" for each in differences_of({"One": Used(action, trigger, mapping)})}


def are_told(said: set[str], *starts: str) -> bool:
    return all(any(text.startswith(start) for text in said) for start in starts)


@pytest.mark.parametrize(
    ("action", "mapping", "some", "none"),
    [
        ("add_contact_to_list", {}, [], ["A", "V", "U", "D"]),
        ("add_contact_to_list", {"mobileNumberIdentifier": "4477"}, ["A3"], ["A4"]),
        ("add_contact_to_list", {"channelIdentifier": "mobileNumber", "emailIdentifier": "a@b.cd"}, ["A4"], ["A3"]),
        ("add_contact_to_list", {"channelIdentifier": FROM_EVENT, "emailIdentifier": "a@b.cd"}, ["A4"], ["V5"]),
        ("add_contact_to_list", {"emailIdentifier": FROM_EVENT}, ["V5", "U1", "U2"], ["A"]),
        ("add_contact_to_list", {"channelIdentifier": "mobileNumber", "emailIdentifier": FROM_EVENT}, [], ["V5", "U"]),
        ("add_contact_to_list", {"listId": FROM_EVENT}, ["V1"], ["D"]),
        ("add_contact_to_list", {"listId": 3}, [], ["V1"]),
        ("add_contact_to_list", {"dataFields": {"A": 1}}, ["D3", "D4", "D5", "D6", "D7"], ["V1"]),
        ("remove_contact_from_list", {"emailIdentifier": FROM_EVENT}, ["E1", "U1", "U2"], ["U3"]),
        (
            "remove_contact_from_list",
            {"channelIdentifier": "mobileNumber", "mobileNumberIdentifier": FROM_EVENT},
            ["U3"],
            ["A3"],
        ),
        ("enrol_contact", {}, ["rule The program", "U5"], ["E1"]),
        ("send_sms", {"to": FROM_EVENT}, ["V3 A number", "V3 The (0)"], ["V11"]),
        ("send_sms", {"to": "+447700900123"}, [], ["V3"]),
        ("send_transactional_sms", {"message": "Hi"}, ["V11"], ["V3"]),
        ("send_email_campaign", {}, ["A6", "U5"], ["V4", "V10"]),
        ("send_email_campaign", {"email": FROM_EVENT, "sendDate": FROM_EVENT}, ["V4", "V10"], []),
        ("send_transactional_email", {"toAddresses": FROM_EVENT}, ["V6"], ["V8", "rule"]),
        ("send_transactional_email", {"ccAddresses": FROM_EVENT}, ["V6", "V8 A list"], ["V8 A subject"]),
        ("send_transactional_email", {"subject": FROM_EVENT, "htmlContent": FROM_EVENT}, ["V8 A sub", "rule"], ["V6"]),
        ("sync_audience", {}, ["A1", "A2", "V2", "V9", "V13", "E10"], ["U"]),
    ],
)
def test_actions(action: str, mapping: dict[str, Any], some: list[str], none: list[str]) -> None:
    said = told(action, **mapping)
    assert are_told(said, *some)
    assert not any(text.startswith(tuple(none)) for text in said)


@pytest.mark.parametrize(
    ("value", "some", "none"),
    [
        ("x", [], ["M"]),
        (FROM_EVENT, ["M7 Integers"], ["M1", "M5", "M6", "M11"]),
        ({"@path": "$.x.constructor.name"}, ["M1 A path"], []),
        ({"@path": "$.x.constructors"}, [], ["M1 "]),
        ({"@replace": {"value": "x", "pattern": "a"}}, ["M6"], []),
        ({"@template": "{{{x}}}"}, ["M5"], []),
        ({"@template": "{{x}}"}, [], ["M5"]),
        ({"@json": {"value": 1, "mode": "ENCODE"}}, ["M7 @json"], []),
        ({"@json": {"value": 1, "mode": "encode"}}, [], ["M7 @json"]),
        ({"a": [{"@merge": {"objects": [], "direction": "LEFT"}}]}, ["M7 @merge", "M7 In @merge"], []),
        ({"@merge": {"objects": [], "direction": "left"}}, ["M7 In @merge"], ["M7 @merge"]),
        ({"@liquid": "{{ x | date: '%Y' }}"}, ["M11 python-liquid", "M11 The date"], []),
        ({"@liquid": "{{ x | upcase }}"}, ["M11 python-liquid"], ["M11 The date"]),
    ],
)
def test_mappings(value: Any, some: list[str], none: list[str]) -> None:
    said = told(message=value)
    assert are_told(said, *some)
    assert not any(text.startswith(tuple(none)) for text in said)


def test_a_directive_for_the_whole_mapping() -> None:
    assert are_told(told(**{"@path": "$.properties"}), "M9")


@pytest.mark.parametrize(
    ("trigger", "said"),
    [
        ("type = a", set()),
        ("type = a or type = b and event = c", {"F1 `and`"}),
        ("(type = a or type = b) and event = c", set()),
        ("(type = a or type = b) or (type = c and event = d)", set()),
        ('type = a and event = "or" and name = OR', set()),
        ("!(type = a and type = b)", {"F3 `!`"}),
        ("!contains(event, a)", set()),
        ("type = a OR type = b", {"F4 OR"}),
        ("type = a or event = OR or properties.AND = 1", set()),
        ('match(event, "a*b")', {"F7 A star"}),
        ('match(event, "*b") and match(event, "b*") and match(event, "*")', set()),
        ('type = a and !(match(event, "ab"))', {"F3 `!`", "F7 A pattern"}),
        ("event = 'a'", {"F8 Single"}),
        ('event = "a"', set()),
        (r'event = "a\"b"', {'F8 `\\"`'}),
        (r'event = "a\\b"', {"F8 `\\\\`"}),
        ("properties.items[0].sku = a", {"F8 An index"}),
        (r"properties.items\[0\].sku = a", {"F8 An index"}),
        ("properties.items.sku = 0", set()),
        ("properties.1st = a", {"F8 A name"}),
        ("properties.constructor != null", {"M1 A trigger"}),
    ],
)
def test_triggers(trigger: str, said: set[str]) -> None:
    found = told(trigger=trigger)
    assert len(found) == len(said)
    assert are_told(found, *said)


def test_what_several_subscriptions_meet_is_told_once() -> None:
    enrolment, text = Used("enrol_contact", "type = track", {}), Used("send_sms", "type = track", {})
    first, *_ = differences_of({"One": enrolment, "Other": text, "Two": enrolment})
    assert first == Difference(
        "rule", "The program's id is sent as a number, as Dotdigital documents it.", ["One", "Two"]
    )


@pytest.mark.parametrize("section", ["actions", "mapping", "triggers"])
def test_every_fault_that_is_listed_is_in_the_table(section: str) -> None:
    assert {each.fault for each in differences(section)} <= {fault for fault, _, _ in TABLE}
