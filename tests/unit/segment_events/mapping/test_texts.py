"""@template, @case and @replace."""

from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

TEMPLATE_EVENT = {
    "name": "Liv",
    "price": 1.0,
    "big": 1e21,
    "yes": True,
    "none": None,
    "list": [1, None, [2, "x"], {}],
    "nested": {"x y": "in"},
    "evil": "{{secret}} {{{secret}}}",
    "secret": "s3cr3t",
    "braces": "name",
    "money": "$& $1",
}


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("", ""),
        ("plain", "plain"),
        ("Hi {{name}}!", "Hi Liv!"),
        ("{{ name }}{{{ name }}}", "LivLiv"),
        ("[{{none}}{{gone}}]", "[]"),
        ("{{price}} {{big}} {{yes}}", "1 1e+21 true"),
        ("{{list}}", "1,,2,x,[object Object]"),
        ("{{nested}} {{nested['x y']}} {{ }}", "[object Object] in [object Object]"),
        ("{{list[0]}}{{list.length}}", "14"),
        ("{{money}}", "$& $1"),
        ("{{$.name}}", ""),
        ("{{name", "{{name"),
        ("{name}", "{name}"),
        ("{{a}b}}", "{{a}b}}"),
        ("{{{{name}}}}", "}"),
        ("{{\n name\ufeff}}", "Liv"),
    ],
)
def test_placeholders_become_texts(resolved: Resolved, template: str, expected: str) -> None:
    assert resolved({"@template": template}, TEMPLATE_EVENT) == {"v": expected}


def test_a_value_does_not_become_a_placeholder_of_the_text_around_it(resolved: Resolved) -> None:
    assert resolved({"@template": "{{ {{{braces}}} }}"}, TEMPLATE_EVENT) == {"v": "{{ name }}"}


def test_a_template_may_come_from_a_directive(resolved: Resolved) -> None:
    assert resolved({"@template": {"@path": "$.evil"}}, TEMPLATE_EVENT) == {"v": "s3cr3t s3cr3t"}


def test_a_template_from_the_event_must_be_a_text(failure: Failure) -> None:
    found = failure({"@template": {"@path": "$.gone"}}, TEMPLATE_EVENT)
    assert found == ("/v/@template", "the template should be a text but is nothing")


@pytest.mark.parametrize(
    ("argument", "problem"),
    [
        (5, "/v/@template: should be a text or a directive but is a number"),
        ({"@literal": None}, "/v/@template: should be a text but is null"),
        ({"@path": 1}, "/v/@template/@path: should be a text or a directive but is a number"),
    ],
)
def test_a_template_that_is_no_text_is_a_problem(problems: Problems, argument: Any, problem: str) -> None:
    assert problems({"@template": argument}) == (problem,)


@pytest.mark.parametrize(
    ("operator", "text", "expected"),
    [
        ("lower", "Liv.DAHL@Nordlys.NO", "liv.dahl@nordlys.no"),
        ("upper", "straße ünï", "STRASSE ÜNÏ"),
        ("lower", "ΟΔΟΣ", "οδος"),
        ("upper", "", ""),
    ],
)
def test_texts_change_case(resolved: Resolved, operator: str, text: str, expected: str) -> None:
    directive = {"@case": {"operator": operator, "value": {"@path": "text"}}}
    assert resolved(directive, {"text": text}) == {"v": expected}


@pytest.mark.parametrize("operator", ["upper", "title"])
@pytest.mark.parametrize("value", [99.5, None, True, [3, "a"], {"a": "b"}])
def test_other_values_stay_whatever_the_operator(resolved: Resolved, operator: str, value: Any) -> None:
    directive = {"@case": {"operator": operator, "value": {"@path": "x"}}}
    assert resolved(directive, {"x": value}) == {"v": value}


@pytest.mark.parametrize("rest", [{}, {"value": ""}, {"value": {"@path": "gone"}}])
def test_nothing_stays_nothing(resolved: Resolved, rest: dict[str, Any]) -> None:
    assert resolved({"@case": {"operator": "upper", **rest}}) == {}


def test_an_operator_that_is_not_known_fails_for_texts(failure: Failure) -> None:
    directive = {"@case": {"operator": "UPPER", "value": {"@path": "x"}}}
    assert failure(directive, {"x": "secret"}) == ("/v/@case", 'the operator should be "lower" or "upper"')


@pytest.mark.parametrize(
    ("argument", "expected"),
    [
        ({"operator": "title", "value": "x"}, '/v/@case: the operator should be "lower" or "upper"'),
        ({"value": "x"}, "/v/@case/operator: should be a text of 1 or more characters"),
        ({"operator": {"@path": "x"}, "value": "x"}, "/v/@case/operator: should be a text but is a directive"),
        ({"operator": "lower", "value": 5}, "/v/@case/value: should be a text or a directive but is a number"),
        ("lower", "/v/@case: should be an object of arguments but is a text"),
    ],
)
def test_arguments_of_case_are_checked(problems: Problems, argument: Any, expected: str) -> None:
    assert problems({"@case": argument}) == (expected,)


REPLACE_EVENT = {"code": "a-b-c A.b.c", "total": 99.5, "yes": True, "none": None, "list": ["a"], "object": {"a": 1}}


@pytest.mark.parametrize(
    ("value", "arguments", "expected"),
    [
        ("a-b-a", {"pattern": "a", "replacement": "X"}, "X-b-X"),
        ("a-b-a", {"pattern": "a"}, "-b-"),
        ("a-b-a", {"pattern": "a", "replacement": "X", "global": False}, "X-b-a"),
        ("aAbB", {"pattern": "a", "replacement": "X", "ignorecase": True}, "XXbB"),
        ("a.b|c", {"pattern": ".b|", "replacement": "\\1"}, "a\\1c"),
        ("a-b", {"pattern": "-", "replacement": "$$"}, "a$b"),
        ("a-b", {"pattern": "-", "replacement": "$&$&"}, "a--b"),
        ("a-b", {"pattern": "-", "replacement": "$`"}, "aab"),
        ("a-b", {"pattern": "-", "replacement": "$'"}, "abb"),
        ("a-b", {"pattern": "-", "replacement": "$1$<x>"}, "a$1$<x>b"),
        ("a-b-", {"pattern": "-", "replacement": "$&$&", "global": False}, "a--b-"),
        ("1.234,5", {"pattern": ".", "pattern2": ",", "replacement2": "."}, "1234.5"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": "b", "replacement2": None}, "c"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": 5}, "bbc"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": "b", "replacement2": 5}, "bbc"),
        ("abc", {"pattern": "a", "replacement": "b", "pattern2": ""}, "bbc"),
        ("Órg", {"pattern": "ó", "replacement": "o", "ignorecase": True}, "org"),
        ("\u212aK", {"pattern": "k", "replacement": "-", "ignorecase": True}, "\u212a-"),
        ("\u017fS", {"pattern": "s", "replacement": "-", "ignorecase": True}, "\u017f-"),
        ("µμΜ", {"pattern": "µ", "replacement": "-", "ignorecase": True}, "---"),
        ("ßẞ", {"pattern": "ß", "replacement": "-", "ignorecase": True}, "-ẞ"),
        ("a😀b", {"pattern": "😀", "replacement": "-", "ignorecase": True}, "a-b"),
        ("a😀b", {"pattern": "\ud83d", "replacement": "?"}, "a?\ude00b"),
        ("a😀b😀", {"pattern": "x", "replacement": "?"}, "a😀b😀"),
    ],
)
def test_a_pattern_is_replaced_as_it_stands(
    resolved: Resolved, value: str, arguments: dict[str, Any], expected: str
) -> None:
    directive = {"@replace": {"value": {"@path": "text"}, **arguments}}
    assert resolved(directive, {"text": value}) == {"v": expected}


@pytest.mark.parametrize(("key", "expected"), [("total", "99,5"), ("yes", "true")])
def test_numbers_and_booleans_become_texts(resolved: Resolved, key: str, expected: str) -> None:
    directive = {"@replace": {"pattern": ".", "replacement": ",", "value": {"@path": key}}}
    assert resolved(directive, REPLACE_EVENT) == {"v": expected}


def test_an_empty_literal_gives_nothing(resolved: Resolved) -> None:
    assert resolved({"@replace": {"pattern": "a", "value": ""}}) == {}


@pytest.mark.parametrize(
    ("arguments", "place"),
    [
        ({"value": "x"}, "pattern: should be a text of 1 or more characters"),
        ({"value": "x", "pattern": "12345678901"}, "pattern: should be a text of at most 10 characters"),
        ({"value": "x", "pattern": "😀😀😀😀😀a"}, "pattern: should be a text of at most 10 characters"),
        ({"value": "x", "pattern": {"@path": "a"}}, "pattern: should be a text but is a directive"),
        ({"value": "x", "pattern": "a", "replacement": None}, "replacement: should be a text but is null"),
        (
            {"value": "x", "pattern": "a", "replacement": "12345678901"},
            "replacement: should be a text of at most 10 characters",
        ),
        ({"value": "x", "pattern": "a", "ignorecase": None}, "ignorecase: should be true or false but is null"),
        ({"value": "x", "pattern": "a", "global": "yes"}, "global: should be true or false but is a text"),
        ({"pattern": "a"}, "value: should be a text or a directive but is null"),
    ],
)
def test_arguments_of_replace_are_checked(problems: Problems, arguments: dict[str, Any], place: str) -> None:
    assert problems({"@replace": arguments}) == (f"/v/@replace/{place}",)


def test_replace_needs_arguments(problems: Problems) -> None:
    assert problems({"@replace": []}) == ("/v/@replace: should be an object of arguments but is a list",)


def test_every_bad_argument_is_told_at_once(problems: Problems) -> None:
    found = problems({"@replace": {"pattern": "", "global": 1, "value": 5}})
    assert [problem.split(":")[0] for problem in found] == [
        "/v/@replace/global",
        "/v/@replace/pattern",
        "/v/@replace/value",
    ]


@pytest.mark.parametrize("replacement", ["$`", "$'", "aaaaaaaaaa"])
def test_a_text_that_grows_too_long_fails(failure: Failure, replacement: str) -> None:
    directive = {"@replace": {"pattern": "a", "replacement": replacement, "value": {"@path": "x"}}}
    found = failure(directive, {"x": "a" * 200_000})
    assert found == ("/v/@replace", "the text would be longer than 1000000 characters")
