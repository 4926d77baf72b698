"""What is told of docs/compatibility.md: what the subscriptions come near, and nothing else."""

from pathlib import Path
from typing import Any

import pytest

from cli.subscriptions import mapping_rules, trigger_rules
from cli.subscriptions.action_rules import action_of_case
from cli.subscriptions.compatibility_page import Difference, read_differences
from cli.subscriptions.differences import Met, comes_near, differences_met
from cli.subscriptions.used import Used
from tests.support.compatibility import listed, rows

SECTIONS = ("Actions", "Mapping", "Triggers")
PAGE = [difference for difference in read_differences() if difference.section in SECTIONS]
TEXT = Used("send_sms", 'type = "track"', {"to": "+447700900123", "message": "Hi"})
CONTACT = Used("add_contact_to_list", 'type = "track"', {"channelIdentifier": "email", "emailIdentifier": "a@b.cd"})


def test_the_page_is_read_as_the_tests_of_conformance_read_it() -> None:
    expected = [Difference(each, *row[:3]) for each in SECTIONS for row in rows(listed(each)) if len(row) == 4]
    assert expected == PAGE
    assert len(expected) > 60


@pytest.mark.parametrize("difference", PAGE, ids=lambda each: each.case)
def test_every_row_of_the_page_has_a_rule(difference: Difference) -> None:
    rules: dict[str, Any] = {
        "Actions": action_of_case,
        "Mapping": mapping_rules.rule_of,
        "Triggers": trigger_rules.rule_of,
    }
    assert rules[difference.section](difference.case)


def near(section: str, case: str, used: Used) -> bool:
    return comes_near(Difference(section, case, "F", "ours"), used)


@pytest.mark.parametrize(
    ("case", "mapping", "is_near"),
    [
        ("remove/contact 404 is an error", {}, False),
        ("add/upstream/202", {}, True),
        ("add/data/date US slashes", {}, False),
        ("add/data/date US slashes", {"dataFields": {"A": 1}}, True),
        ("add/email/list id hex string", {"listId": ""}, False),
        ("add/email/list id hex string", {"listId": 3}, False),
        ("add/email/list id hex string", {"listId": {"@path": "$.properties.list"}}, True),
        ("add/defaults/track email and phone subscribes SMS too", {}, False),
        ("add/defaults/track email and phone subscribes SMS too", {"mobileNumberIdentifier": "4477"}, True),
        ("add/mobile/with email also mapped", {}, False),
        ("add/mobile/with email also mapped", {"channelIdentifier": {"@path": "$.x"}}, True),
        ("add/email value/percent raw", {}, False),
        ("add/email value/percent raw", {"emailIdentifier": {"@path": "$.x"}}, True),
        (
            "add/email value/percent raw",
            {"channelIdentifier": "mobileNumber", "emailIdentifier": {"@path": "$.x"}},
            False,
        ),
        ("add/subscription/dangling operator compares with the text eos", {}, False),
    ],
)
def test_actions(case: str, mapping: dict[str, Any], is_near: bool) -> None:
    used = Used(CONTACT.action, CONTACT.trigger, {**CONTACT.mapping, **mapping})
    assert near("Actions", case, used) is is_near


@pytest.mark.parametrize(
    ("case", "value", "is_near"),
    [
        ("raw/directive at the root to a text", {"@path": "$.x"}, False),
        ("path/constructor", {"@path": "$.x.constructor.name"}, True),
        ("path/constructor", {"@path": "$.x.constructors"}, False),
        ("replace/array value gives empty text", {"@replace": {"value": "x", "pattern": "a"}}, True),
        ("replace/array value gives empty text", {"@path": "$.x"}, False),
        ("A value that a placeholder in three braces brings in", {"@template": "{{{x}}}"}, True),
        ("A value that a placeholder in three braces brings in", {"@template": "{{x}}"}, False),
        ("`@json` with the mode ENCODE passes", {"@json": {"value": 1, "mode": "ENCODE"}}, True),
        ("`@json` with the mode ENCODE passes", {"@json": {"value": 1, "mode": "encode"}}, False),
        ("`@merge` with the direction LEFT", {"a": [{"@merge": {"objects": [], "direction": "LEFT"}}]}, True),
        ("In `@merge` a member", {"@merge": {"objects": [], "direction": "left"}}, True),
        ("Integers past 2^53 lose digits.", {"@path": "$.x"}, True),
        ("Integers past 2^53 lose digits.", "x", False),
        ("The Liquid filter `sample`", {"@liquid": "{{ x | sample }}"}, True),
        ("The date filters of Liquid guess", {"@liquid": "{{ x | date: '%Y' }}"}, True),
        ("The date filters of Liquid guess", {"@liquid": "{{ x | upcase }}"}, False),
        ("A bad directive in a list", {"@path": "$.x"}, False),
        ("a row that no rule knows", "x", True),
    ],
)
def test_mappings(case: str, value: Any, is_near: bool) -> None:
    assert near("Mapping", case, Used("send_sms", "type = track", {"message": value})) is is_near


@pytest.mark.parametrize(
    ("case", "trigger", "is_near"),
    [
        ("mixed: last operator rules all", "type = a or type = b and event = c", True),
        ("mixed: last operator rules all", "(type = a or type = b) and event = c", False),
        ("mixed: last operator rules all", "(type = a or type = b) or (type = c and event = d)", False),
        ("mixed: last operator rules all", 'type = a and event = "or" and name = OR', False),
        ("negated group is not negated", "!(type = a and type = b)", True),
        ("negated group is not negated", "!contains(event, a)", False),
        ("upper case OR is read as and", "type = a OR type = b", True),
        ("upper case OR is read as and", "type = a or event = OR or properties.AND = 1", False),
        ("match star in the middle", 'match(event, "a*b")', True),
        ("match star in the middle", 'match(event, "*b") and match(event, "b*") and match(event, "*")', False),
        ("match no star cuts first letter", 'type = a and !(match(event, "ab"))', True),
        ("match single quotes", "event = 'a'", True),
        ("match single quotes", 'event = "a"', False),
        ("value escaped double quote", r'event = "a\"b"', True),
        ("value with backslash", r'event = "a\\b"', True),
        ("prop array index is never true", "properties.items[0].sku = a", True),
        ("prop array index is never true", r"properties.items\[0\].sku = a", True),
        ("prop array index is never true", "properties.items.sku = 0", False),
        ("prop with digit first", "properties.1st = a", True),
        ("prop constructor exists through prototype", "properties.constructor != null", True),
        ("no value compares with eos", "type = a", False),
    ],
)
def test_triggers(case: str, trigger: str, is_near: bool) -> None:
    assert near("Triggers", case, Used("send_sms", trigger, {})) is is_near


def test_what_has_no_subscription_is_not_told() -> None:
    assert not near("Catalog", "Of programs one page is read.", TEXT)


def test_what_is_alike_is_told_once() -> None:
    page = [Difference("Actions", f"sms/to {each}", "V3", "ours") for each in "ab"]
    assert differences_met({"One": TEXT, "Two": TEXT, "Contact": CONTACT}, page) == [
        Met("Actions", "ours", "V3", ["sms/to a", "sms/to b"], ["One", "Two"])
    ]


def test_a_page_is_read_row_by_row(tmp_path: Path) -> None:
    page = tmp_path / "page.md"
    page.write_text(
        "## Triggers\n\n| a | b | c | d |\n| --- | --- | --- | --- |\n| `x \\| y` | F1 | we | t |\n| e | f |\n"
    )
    assert read_differences(page) == (Difference("Triggers", "`x \\| y`", "F1", "we"),)
