"""@template."""

from typing import Any

import pytest

from tests.unit.segment_events.mapping.conftest import Failure, Problems, Resolved

EVENT = {
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
    assert resolved({"@template": template}, EVENT) == {"v": expected}


@pytest.mark.parametrize("template", ["{{evil}}", "{{{evil}}}"])
def test_what_a_placeholder_brings_in_is_not_read_again(resolved: Resolved, template: str) -> None:
    assert resolved({"@template": template}, EVENT) == {"v": EVENT["evil"]}


def test_a_value_does_not_become_a_placeholder_of_the_text_around_it(resolved: Resolved) -> None:
    assert resolved({"@template": "{{ {{{braces}}} }}"}, EVENT) == {"v": "{{ name }}"}


def test_a_template_may_come_from_a_directive(resolved: Resolved) -> None:
    assert resolved({"@template": {"@path": "$.evil"}}, EVENT) == {"v": "s3cr3t s3cr3t"}


def test_a_template_from_the_event_must_be_a_text(failure: Failure) -> None:
    found = failure({"@template": {"@path": "$.gone"}}, EVENT)
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
