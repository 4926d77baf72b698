"""Precedence, nesting, negation, and going on after a problem to find the next."""

import re

import pytest

from segment_events.fql.errors import TriggerError
from segment_events.fql.parser import parse
from segment_events.fql.tree import AllOf, AnyOf, Comparison, Contains, Node, Not, Path

A, B, C, D = (Comparison(Path(("event",)), "=", letter) for letter in "ABCD")
HAS = Contains(Path(("event",)), "x")
HAS_NOT = Contains(Path(("event",)), "x", negated=True)
CONDITION = 'a condition such as event = "Signed Up", contains(...) or match(...)'


def short(text: str) -> str:
    """`A` stands for `event = "A"`, so that the shape of a trigger can be seen."""
    return re.sub(r"\b[ABCD]\b", r'event="\g<0>"', text).replace("has", 'contains(event, "x")')


@pytest.mark.parametrize(
    ("shape", "tree"),
    [
        ("A", A),
        ("A or B and C", AnyOf((A, AllOf((B, C))))),
        ("A and B or C", AnyOf((AllOf((A, B)), C))),
        ("A and B and C", AllOf((A, B, C))),
        ("A or B or C", AnyOf((A, B, C))),
        ("(A or B) and C", AllOf((AnyOf((A, B)), C))),
        ("A and (B or (C and D))", AllOf((A, AnyOf((B, AllOf((C, D))))))),
        ("((A))", A),
        ("A and(B)or(C)", AnyOf((AllOf((A, B)), C))),
        ("A AND B Or C", AnyOf((AllOf((A, B)), C))),
        ("!A and B", AllOf((Not(A), B))),
        ("!(A and B)", Not(AllOf((A, B)))),
        ("! ! A", Not(Not(A))),
        ("not A or NOT (B)", AnyOf((Not(A), Not(B)))),
        ("!has", HAS_NOT),
        ("not has", HAS_NOT),
        ("!(has)", Not(HAS)),
        ("!!has", Not(HAS_NOT)),
        ("!(!has)", Not(HAS_NOT)),
        ("and A", A),
        ("A or (and B)", AnyOf((A, B))),
    ],
)
def test_trees(shape: str, tree: Node) -> None:
    assert parse(short(shape)) == tree


@pytest.mark.parametrize(
    ("fql", "problems"),
    [
        ("", [f"column 1: expected {CONDITION}, found the end of the trigger"]),
        ("  ", [f"column 3: expected {CONDITION}, found the end of the trigger"]),
        ("()", [f"column 2: expected {CONDITION}, found )"]),
        ("type = a and", [f"column 13: expected {CONDITION}, found the end of the trigger"]),
        ("type = a and or type = b", [f"column 14: expected {CONDITION}, found or"]),
        ("or and type = a", [f"column 4: expected {CONDITION}, found and"]),
        ("!", [f"column 2: expected {CONDITION}, found the end of the trigger"]),
        ('"track" = type', [f"column 1: expected {CONDITION}, found a text in quotes"]),
        ("5 = type", [f"column 1: expected {CONDITION}, found a number"]),
        ("type = )", ["column 8: expected a value", "column 8: expected an opening ( for this )"]),
        ("type = or type = b", ["column 8: expected a value"]),
        ("type = a type = b", ["column 10: expected and, or or the end, found a word"]),
        ("(type = a", ["column 1: expected a closing ) for this ("]),
        ("type = a)", ["column 9: expected an opening ( for this )"]),
        (
            "type = a) and foo = b) or bar = c",
            [
                "column 9: expected an opening ( for this )",
                "column 15: expected a field",
                "column 22: expected an opening ( for this )",
                "column 27: expected a field",
            ],
        ),
        (
            "type @ a or (event = 5. and ;) or userId ! b and name = ",
            [
                "column 6: expected no '@' here",
                "column 22: expected a number such as",
                "column 29: expected no ';' here",
                "column 42: expected an operator",
                "column 57: expected a value",
            ],
        ),
        (
            "contains(event and (type)) and type ( a) and name =",
            [
                "column 16: expected a comma",
                "column 32: expected contains or match, found type(...)",
                "column 52: expected a value",
            ],
        ),
        (
            "(contains(event) or foo = 1",
            [
                "column 1: expected a closing )",
                "column 16: expected a comma",
                "column 21: expected a field",
            ],
        ),
    ],
)
def test_every_problem_is_told_with_its_column(fql: str, problems: list[str]) -> None:
    with pytest.raises(TriggerError) as caught:
        parse(fql)
    told = caught.value.problems
    assert len(told) == len(problems)
    assert [text[: len(start)] for text, start in zip(told, problems, strict=True)] == problems


@pytest.mark.parametrize("sign", ["(", ")", "or", "and", "!"])
def test_a_text_in_quotes_is_never_a_sign(sign: str) -> None:
    with pytest.raises(TriggerError) as caught:
        parse(f'event "{sign}" and foo( "{sign}" ) or type = a "{sign}" type = b')
    told = [text.partition(": ")[2] for text in caught.value.problems]
    assert [text[:30] for text in told] == [
        "expected an operator (=, !=, <",
        "expected contains or match, fo",
        "expected and, or or the end, f",
    ]


def test_what_follows_a_condition_that_cannot_be_read_is_passed_over_with_its_parentheses() -> None:
    with pytest.raises(TriggerError) as caught:
        parse("lowercase(event, (a and b)) = x or type = ")
    assert [text.split(":")[0] for text in caught.value.problems] == ["column 1", "column 43"]
