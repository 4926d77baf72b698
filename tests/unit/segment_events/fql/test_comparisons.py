"""What each comparison says of each type of value: Segment's rules, kept."""

from typing import Any

import pytest

from segment_events.fql import compile_trigger

MISSING = object()
ACTUALS = {
    "missing": MISSING,
    "null": None,
    "true": True,
    "false": False,
    "5": 5,
    "5.0": 5.0,
    "1": 1,
    '"5"': "5",
    '"true"': "true",
    '"null"': "null",
    '""': "",
    "[]": [],
    '["5"]': ["5"],
    "{}": {},
}


def holds_for(fql: str, *where: str) -> set[str]:
    """The names of the values, put at a path of an event, for which a trigger holds."""
    predicate = compile_trigger(fql)
    return {name for name, actual in ACTUALS.items() if predicate(event_with(where, actual))}


def event_with(where: tuple[str, ...], actual: Any) -> dict[str, Any]:
    event = {} if actual is MISSING else {where[-1]: actual}
    for key in reversed(where[:-1]):
        event = {key: event}
    return event


def all_but(*names: str) -> set[str]:
    return set(ACTUALS) - set(names)


@pytest.mark.parametrize("root", ["properties", "traits", "context", "integrations"])
@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ('= "5"', {'"5"'}),
        ('!= "5"', all_but('"5"')),
        ('= "true"', {'"true"'}),
        ('= ""', {'""'}),
        ("= 5", {"5", "5.0"}),
        ("!= 5", {"1"}),
        ("= 1", {"1"}),
        ("= true", {"true"}),
        ("!= true", all_but("true")),
        ("= false", {"false"}),
        ("!= false", all_but("false")),
        ("= null", {"missing", "null"}),
        ("!= null", all_but("missing", "null")),
        ("< 5", {"1"}),
        ("<= 5", {"1", "5", "5.0"}),
        ("> 1", {"5", "5.0"}),
        (">= 1", {"1", "5", "5.0"}),
        ('> "1"', {"5", "5.0"}),
    ],
)
def test_parts_of_objects(root: str, condition: str, names: set[str]) -> None:
    assert holds_for(f"{root}.x {condition}", root, "x") == names


@pytest.mark.parametrize("root", ["userId", "anonymousId", "messageId", "groupId", "previousId"])
@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("= 5", {'"5"'}),
        ("= 05.0", {'"5"'}),
        ("!= 5", all_but('"5"')),
        ("= true", {"true"}),
        ("!= true", all_but("true")),
        ("= null", {"missing", "null"}),
        ("!= null", all_but("missing", "null")),
        ("> 1", {"5", "5.0"}),
    ],
)
def test_identifiers_compare_numbers_as_text(root: str, condition: str, names: set[str]) -> None:
    assert holds_for(f"{root} {condition}", root) == names


@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("= 5", {'"5"'}),
        ("= true", {'"true"'}),
        ("!= true", all_but('"true"')),
        ("= null", {"missing", "null"}),
        ("!= null", all_but("missing", "null")),
    ],
)
def test_name_compares_booleans_as_text_too(condition: str, names: set[str]) -> None:
    assert holds_for(f"name {condition}", "name") == names


@pytest.mark.parametrize("root", ["type", "event"])
@pytest.mark.parametrize(
    ("condition", "names"),
    [
        ("= 5", {'"5"'}),
        ("= true", {'"true"'}),
        ("= null", {'"null"'}),
        ("!= null", all_but('"null"')),
        ("> 1", {"5", "5.0"}),
    ],
)
def test_type_and_event_compare_everything_as_text(root: str, condition: str, names: set[str]) -> None:
    assert holds_for(f"{root} {condition}", root) == names


def test_large_numbers_are_compared_exactly() -> None:
    predicate = compile_trigger("properties.id = 9007199254740993")
    assert predicate({"properties": {"id": 9007199254740993}}) is True
    assert predicate({"properties": {"id": 9007199254740992}}) is False
    assert compile_trigger("properties.id < 1e300")({"properties": {"id": 10**400}}) is False
    assert compile_trigger("userId = 12345678901234567890")({"userId": "12345678901234567890"})
