"""Where mappings do better than Segment's: one test for each row of docs/compatibility."""

from typing import Any

import pytest

from segment_events.mapping import MappingResolutionError, compile_mapping
from tests.unit.segment_events.mapping.conftest import Problems, Resolved

EVENT: dict[str, Any] = {"userId": "u-9", "list": [3, 1, 2], "object": {}, "none": None, "big": 12345678901234567891}


def test_a_mapping_that_gives_a_text_is_an_error() -> None:
    with pytest.raises(MappingResolutionError, match="the mapping should give an object but gives a text"):
        compile_mapping({"@path": "$.userId"})(EVENT)


@pytest.mark.parametrize(
    "path",
    ["constructor.name", "__proto__", "userId.toString", "list.push", "object.hasOwnProperty", "userId.constructor"],
)
def test_inherited_names_are_not_there(resolved: Resolved, path: str) -> None:
    assert resolved({"@path": f"$.{path}"}, EVENT) == {}
    assert resolved({"@template": f"[{{{{{path}}}}}]"}, EVENT) == {"v": "[]"}


@pytest.mark.parametrize("path", ["$.list", "$.object", "$.none", "$.gone"])
def test_replace_gives_nothing_where_there_is_no_text(resolved: Resolved, path: str) -> None:
    assert resolved({"@replace": {"pattern": "a", "replacement": "b", "value": {"@path": path}}}, EVENT) == {}


@pytest.mark.parametrize("braces", ["{{%s}}", "{{{%s}}}"])
def test_a_value_is_never_a_template(resolved: Resolved, braces: str) -> None:
    event = {"name": "{{userId}}{{{userId}}}", "userId": "u-9"}
    assert resolved({"@template": braces % "name"}, event) == {"v": event["name"]}


def test_a_second_pattern_that_is_too_long_is_a_problem(problems: Problems) -> None:
    directive = {"@replace": {"pattern": "a", "pattern2": "a" * 11, "value": {"@path": "x"}}}
    assert problems(directive) == ("/v/@replace/pattern2: should be a text of at most 10 characters",)


def test_modes_and_directions_are_read_in_any_letter_case(resolved: Resolved) -> None:
    assert resolved({"@json": {"mode": "ENCODE", "value": {"@path": "list"}}}, EVENT) == {"v": "[3,1,2]"}
    assert resolved({"@merge": {"direction": "LEFT", "objects": [{"a": 1}, {"a": 2}]}}) == {"v": {"a": 1}}


def test_a_merged_member_that_is_not_there_takes_nothing_away(resolved: Resolved) -> None:
    objects = [{"a": 1, "b": 1}, {"a": {"@path": "gone"}, "b": None}]
    assert resolved({"@merge": {"direction": "right", "objects": objects}}) == {"v": {"a": 1, "b": None}}


def test_integers_keep_their_digits(resolved: Resolved) -> None:
    digits = "12345678901234567891"
    assert resolved({"@template": "{{big}}"}, EVENT) == {"v": digits}
    assert resolved({"@json": {"mode": "encode", "value": {"@path": "big"}}}, EVENT) == {"v": digits}
    assert resolved({"@json": {"mode": "decode", "value": digits}}) == {"v": int(digits)}


def test_problems_are_found_in_lists_and_branches(problems: Problems) -> None:
    bad = {"@case": {"operator": "lower", "value": 1}}
    found = problems([bad, {"@if": {"exists": {"@path": "x"}, "then": {"a": [bad]}}}])
    assert [problem.split(":")[0] for problem in found] == ["/v/0/@case/value", "/v/1/@if/then/a/0/@case/value"]


def test_filters_that_are_off_are_found_where_they_are_not_reached(problems: Problems) -> None:
    expected = '/v/@liquid: should be a Liquid template: filter "map" is disabled'
    assert problems({"@liquid": "{% if false %}{{ x | map: 'a' }}{% endif %}"}) == (expected,)


def test_nothing_is_left_to_chance(problems: Problems) -> None:
    assert problems({"@liquid": "{{ list | sample }}"}) == (
        '/v/@liquid: should be a Liquid template: filter "sample" is disabled',
    )


@pytest.mark.parametrize("text", ["Room 12", "ORD-7", "03/04/2024", "2024-02-30"])
def test_dates_are_not_guessed(resolved: Resolved, text: str) -> None:
    assert resolved({"@liquid": "{{ x | date: '%Y' }}"}, {"x": text}) == {"v": text}


OBJECT = {
    "list": [{"a.b": 1}, [1, [2]], None],
    "object": {},
    "one": {"a": 1, "b": 2},
    "text": "it's!",
    "null": None,
    "twin": {"a.b": 1},
}


@pytest.mark.parametrize(
    ("template", "printed"),
    [
        ("{{ '😀' | size }}", "1"),
        ("{{ one | size }}{{ list.length }}{{ text.length }}", "2"),
        ("{{ 'a,b,,' | split: ',' | size }}{{ 'a  b' | split: ' ' | size }}", "42"),
        ("{{ 'ab' | replace: '', '-' }}", "-a-b-"),
        ("{{ 'ab' | remove_last: 'a' }}{{ 'ab' | replace_last: 'a', 'c' }}", "abab"),
        ("{{ text | url_encode }}{{ '%zz' | url_decode }}", "it%27s%21%zz"),
        ("{{ 'abcdef' | truncate: 2 }}", "abcde..."),
        ("{{ list | where: 'a.b', 1 | size }}{{ list | compact | json }}", '1[{"a.b":1},1,2]'),
        ("{{ object | default: 'x' }}", "x"),
        (
            "{{ 0 | date: '%x %c %X %F %D %T' }}",
            "01/01/70 Thu Jan  1 00:00:00 1970 00:00:00 1970-01-01 01/01/70 00:00:00",
        ),
        ("{{ 0 | date: '%N' }}{{ '2024-02' | date: '%B' }}", "%N2024-02"),
        ("{{ '&copy;' | escape_once }}", "©"),
        ("{% if missing == null and list[0] == twin %}true{% endif %}", "true"),
    ],
)
def test_what_liquid_prints_otherwise(resolved: Resolved, template: str, printed: str) -> None:
    assert resolved({"@liquid": template}, OBJECT) == {"v": printed}
