"""An expression as a person says it, and the branch that an event takes."""

from typing import Any

import pytest

from cli.preview.fields import taken, wording

A, B = {"@path": "$.traits.email"}, {"@path": "$.properties.email"}
COALESCE = {"@if": {"exists": A, "then": A, "else": B}}
EVENT = {"properties": {"email": "ada@example.com", "name": ""}}


@pytest.mark.parametrize(
    ("expression", "said"),
    [
        (A, "$.traits.email"),
        ("html", '"html"'),
        (7, "7"),
        (None, "nothing"),
        ({"@literal": A}, "$.traits.email"),
        ({"@template": "Hi {{traits.name}}"}, 'template "Hi {{traits.name}}"'),
        (COALESCE, "$.traits.email, else $.properties.email"),
        ({"@if": {"exists": A, "then": B}}, "$.properties.email if $.traits.email exists, else nothing"),
        ({"@if": {"blank": A, "then": "a", "else": "b"}}, '"a" if $.traits.email is not blank, else "b"'),
        ({"@arrayPath": ["$.a"]}, '{"@arrayPath": ["$.a"]}'),
    ],
)
def test_an_expression_in_short(expression: Any, said: str) -> None:
    assert wording(expression) == said


@pytest.mark.parametrize(
    ("expression", "branch"),
    [
        (A, A),
        (COALESCE, B),
        ({"@if": {"exists": B, "then": COALESCE, "else": A}}, B),
        ({"@if": {"blank": {"@path": "$.properties.name"}, "then": A, "else": "none"}}, "none"),
        ({"@if": {"exists": A, "then": A}}, None),
        ({"@literal": COALESCE}, B),
    ],
)
def test_the_branch_that_is_taken(expression: Any, branch: Any) -> None:
    assert taken(expression, EVENT) == branch
