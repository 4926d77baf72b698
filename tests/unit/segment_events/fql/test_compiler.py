"""compile_trigger against a naive evaluator, on odd events, and at its bounds."""

from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from segment_events.fql import TriggerError, compile_trigger
from tests.unit.segment_events.fql import trees

# A busy machine is no fault of the code under test.
UNHURRIED = settings(deadline=None, suppress_health_check=[HealthCheck.too_slow])
SIGNED_UP = {"type": "track", "event": "Signed Up", "properties": {"plan": "gold"}}

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=10,
)
ODD_EVENTS = JSON | st.dictionaries(st.sampled_from((*trees.SCALARS, *trees.OBJECTS, "integrations")), JSON)
FRAGMENTS = (
    *("type", "event", "properties.a", "traits.", "context[0]", "foo", "contains(", "match(", "and"),
    *("or", "not", "!", "(", ")", "=", "!=", "<", "==", "&&", '"a*"', "'b'", '"', "'", "\\", "5"),
    *("5.", "1e999", "null", "true", "[", "]", ",", ".", ";", "“", "\u00a0", "\n", " ", " ", "é"),
)


@UNHURRIED
@given(st.data(), trees.trees(), trees.events())
def test_decides_as_a_naive_evaluator_does(data: st.DataObject, tree: trees.Tree, event: dict[str, Any]) -> None:
    fql = data.draw(trees.rendered(tree))
    assert compile_trigger(fql)(event) is trees.evaluate(tree, event)


@UNHURRIED
@given(st.data(), trees.trees(), trees.events())
def test_space_quotes_case_and_needless_parentheses_change_nothing(
    data: st.DataObject, tree: trees.Tree, event: dict[str, Any]
) -> None:
    one, other = (compile_trigger(data.draw(trees.rendered(tree))) for _ in range(2))
    assert one(event) is other(event)


@UNHURRIED
@given(st.data(), trees.trees(), trees.trees(), trees.events())
def test_de_morgan(data: st.DataObject, left: trees.Tree, right: trees.Tree, event: dict[str, Any]) -> None:
    a, b = (data.draw(trees.rendered(tree)) for tree in (left, right))
    assert compile_trigger(f"!(({a}) and ({b}))")(event) is compile_trigger(f"!({a}) or !({b})")(event)
    assert compile_trigger(f"!(({a}) or ({b}))")(event) is compile_trigger(f"!({a}) and !({b})")(event)


@UNHURRIED
@given(st.data(), trees.trees(), ODD_EVENTS)
def test_raises_for_no_json(data: st.DataObject, tree: trees.Tree, event: Any) -> None:
    assert compile_trigger(data.draw(trees.rendered(tree)))(event) in (True, False)


@UNHURRIED
@given(st.text() | st.lists(st.sampled_from(FRAGMENTS)).map("".join))
def test_any_text_compiles_or_tells_every_problem_by_column(fql: str) -> None:
    outcome = compiled_or_problems(fql)
    if isinstance(outcome, tuple):
        assert outcome
        assert all(text.startswith(("column ", "line ", "and ")) for text in outcome)
    else:
        assert outcome(SIGNED_UP) in (True, False)


def compiled_or_problems(fql: str) -> Callable[[Any], bool] | tuple[str, ...]:
    try:
        return compile_trigger(fql)
    except TriggerError as error:
        return error.problems


@pytest.mark.parametrize("fql", [7, None, b'type = "track"', ["type"]])
def test_a_trigger_that_is_no_text(fql: Any) -> None:
    with pytest.raises(TriggerError, match=r"column 1: expected a text, found \w+$"):
        compile_trigger(fql)


def test_a_trigger_may_have_100_000_characters() -> None:
    fql = 'type = "track"'.ljust(100_000)
    assert compile_trigger(fql)(SIGNED_UP) is True
    with pytest.raises(TriggerError) as caught:
        compile_trigger(fql + " ")
    assert caught.value.problems == ("column 1: expected at most 100,000 characters, found 100,001",)


@pytest.mark.parametrize(("opening", "closing"), [("(", ")"), ("!", ""), ("!(", ")"), ("not ", "")])
def test_nesting_has_a_bound(opening: str, closing: str) -> None:
    levels = 50 // len(opening.replace("not ", "!"))
    at_most = opening * levels + 'type = "track"' + closing * levels
    assert compile_trigger(at_most)(SIGNED_UP) is (levels % 2 == 0 or opening == "(")
    for deeper in (f"!{at_most}", opening * 9_000):
        with pytest.raises(TriggerError) as caught:
            compile_trigger(deeper)
        assert len(caught.value.problems) == 1
        assert "expected at most 50 parentheses and negations" in caught.value.problems[0]


def test_thousands_of_conditions_side_by_side() -> None:
    names = " or ".join(f'event = "E{number}"' for number in range(5_000))
    predicate = compile_trigger(names)
    assert predicate({"event": "E4999"}) is True
    assert predicate({"event": "E5000"}) is False


def test_two_and_three_conditions_joined() -> None:
    signed_up = 'type = "track" {0} event = "Signed Up"'
    events: list[dict[str, Any]] = [SIGNED_UP, {"type": "track"}, {"type": "page"}]
    for word, expected in (("and", [True, False, False]), ("or", [True, True, False])):
        pair = compile_trigger(signed_up.format(word))
        assert [pair(event) for event in events] == expected
    three = compile_trigger(signed_up.format("and") + " and properties.plan = gold")
    assert three(SIGNED_UP) is True
    assert three(SIGNED_UP | {"properties": {}}) is False


@pytest.mark.parametrize(
    "pattern",
    [
        "*a" * 20_000 + "*b*",
        "*" + "a" * 10_000 + "b*" + "a" * 10_000 + "c*",
        "a*" * 20_000 + "b",
        "*" * 50_000 + "b*",
    ],
)
def test_a_pattern_of_many_stars_is_decided_and_not_tried_in_every_way(pattern: str) -> None:
    predicate = compile_trigger(f'match(event, "{pattern}")')
    assert predicate({"event": "a" * 200_000}) is False
