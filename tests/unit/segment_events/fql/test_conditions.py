"""Fields, operators and values of one condition."""

import pytest

from segment_events.fql.errors import TriggerError
from segment_events.fql.fields import FIELDS
from segment_events.fql.parser import parse
from segment_events.fql.tree import Comparison, Contains, Match, Path, Value

TOTAL = Path(("properties", "total"))


@pytest.mark.parametrize("root", [root for root, field in FIELDS.items() if not field.nested])
def test_fields_without_parts(root: str) -> None:
    assert parse(f'{root} = "a"') == Comparison(Path((root,)), "=", "a")
    with pytest.raises(TriggerError) as caught:
        parse(f'{root}.part = "a"')
    assert caught.value.problems == (f"column 1: expected {root} alone: it has no parts",)


@pytest.mark.parametrize("root", ["properties", "traits", "context", "integrations"])
def test_fields_with_parts(root: str) -> None:
    assert parse(f'{root}.part = "a"') == Comparison(Path((root, "part")), "=", "a")
    with pytest.raises(TriggerError) as caught:
        parse(f"{root} = null")
    told = f"column 1: expected a name after {root}, such as {root}.plan"
    assert caught.value.problems == (told,)


@pytest.mark.parametrize(
    ("written", "path"),
    [
        ("properties.a.b", Path(("properties", "a", "b"))),
        ("properties . a", Path(("properties", "a"))),
        ("properties.items[0].sku", Path(("properties", "items", "0", "sku"))),
        ("properties.items[ 10 ][2]", Path(("properties", "items", "10", "2"))),
        ("properties.items.0.sku", Path(("properties", "items", "0", "sku"))),
        ("properties.1st", Path(("properties", "1st"))),
        ("properties.or.and.null.true", Path(("properties", "or", "and", "null", "true"))),
        ("properties.type", Path(("properties", "type"))),
        (r"properties.two\ words", Path(("properties", "two words"))),
        (r"properties.a\.b", Path(("properties", "a.b"), ("properties", "a", "b"))),
        (
            r"properties.items\[0\].sku",
            Path(("properties", "items[0]", "sku"), ("properties", "items", "0", "sku")),
        ),
    ],
)
def test_paths(written: str, path: Path) -> None:
    assert parse(f"{written} = null") == Comparison(path, "=", None)


@pytest.mark.parametrize("operator", ["=", "!=", "<", "<=", ">", ">="])
def test_operators(operator: str) -> None:
    assert parse(f"properties.total{operator}5") == Comparison(TOTAL, operator, 5)


@pytest.mark.parametrize(
    ("written", "value"),
    [
        ('"a b"', "a b"),
        ("'a b'", "a b"),
        (r'"a\"b"', 'a"b'),
        ("gold", "gold"),
        ("OR", "OR"),
        ("TRUE", "TRUE"),
        ('"true"', "true"),
        ("true", True),
        ("false", False),
        ("null", None),
        ("-2.5", -2.5),
        ('"5"', "5"),
    ],
)
def test_values(written: str, value: Value) -> None:
    assert parse(f"properties.total = {written}") == Comparison(TOTAL, "=", value)


def test_a_number_may_stand_in_quotes_after_an_ordering_operator() -> None:
    assert parse("properties.total > '40.5'") == Comparison(TOTAL, ">", 40.5)


@pytest.mark.parametrize(
    ("written", "search"),
    [
        ('contains(properties.total, "a*")', Contains(TOTAL, "a*")),
        ("contains(properties.total,gold)", Contains(TOTAL, "gold")),
        ("contains ( properties.total , 05 )", Contains(TOTAL, "5")),
        ("contains(properties.total, null)", Contains(TOTAL, "null")),
        ("match(properties.total, 'a*b')", Match(TOTAL, ("a", "b"))),
        ("match(properties.total, gold)", Match(TOTAL, ("gold",))),
        ("match(properties.total, 05)", Match(TOTAL, ("5",))),
    ],
)
def test_searches(written: str, search: Contains | Match) -> None:
    assert parse(written) == search


ONE_OF = "(a text in quotes, a number, true, false or null)"
FIELD = "a field such as event or properties.total"
OPERATOR = "an operator (=, !=, <, <=, > or >=)"


@pytest.mark.parametrize(
    ("fql", "problem"),
    [
        ("type =", f"7: expected a value {ONE_OF}, found the end of the trigger"),
        ("type = (a", f"8: expected a value {ONE_OF}, found ("),
        ("type", f"5: expected {OPERATOR}, found the end of the trigger"),
        ("type ! = a", f"6: expected {OPERATOR}, found !"),
        (
            "type in [a]",
            f"6: expected {OPERATOR} and, instead of in, one = for each value, joined by or, found a word",
        ),
        ("event = v1.2", "9: expected a value in quotes, as it is more than a word, found a word"),
        ("event = Signed Up", "16: expected and, or or the end, found a word"),
        ("properties.total > abc", "20: expected a number after >"),
        ('properties.total <= ""', "21: expected a number after <="),
        ("properties.total < true", "20: expected a number after <"),
        ("properties.total >= null", "21: expected a number after >="),
        ("properties. = 1", "13: expected a name after the dot, found ="),
        ("properties.a[b] = 1", "14: expected an index such as [0], found a word"),
        ('properties.a["0"] = 1', "14: expected an index such as [0], found a text in quotes"),
        ("properties.a[-1] = 1", "14: expected an index such as [0], found a number"),
        ("properties.a[0 = 1", "16: expected ], found ="),
        ("contains()", f"10: expected {FIELD}, found )"),
        ("contains(event)", "15: expected a comma and a text to look for, found )"),
        ('contains(event, "a", "b")', "20: expected ) at the end of contains(...), found ,"),
        ("Contains(event, a)", "1: expected contains or match, found Contains(...)"),
        (f"{'f' * 50}(event)", f"1: expected contains or match, found {'f' * 40}(...)"),
        ("messageID = a", "1: expected a field, found messageID; did you mean messageId?"),
        (f"{'f' * 50} = a", f"1: expected a field ({', '.join(FIELDS)}), found {'f' * 40}"),
    ],
)
def test_what_was_expected(fql: str, problem: str) -> None:
    with pytest.raises(TriggerError) as caught:
        parse(fql)
    first, *rest = caught.value.problems
    assert (first, rest) == (f"column {problem}", [])


def test_no_problem_repeats_a_value() -> None:
    with pytest.raises(TriggerError) as caught:
        parse('traits.email > "zoe@x.org" or "zoe@x.org" = a or type = zoe.example or 4155550100')
    assert len(caught.value.problems) == 4
    assert not any(secret in str(caught.value) for secret in ("zoe", "4155550100"))
