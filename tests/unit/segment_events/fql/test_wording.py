"""A tree as FQL: a person's spelling, and the same tree when it is read again."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment_events.fql.errors import TriggerError
from segment_events.fql.explanation import as_fql
from segment_events.fql.parser import parse
from tests.support.compatibility import recorded_cases
from tests.unit.segment_events.fql.trees import rendered, trees


@pytest.mark.parametrize(
    ("written", "worded"),
    [
        ("type='track' AND event = Bought", 'type = "track" and event = "Bought"'),
        ("properties.two\\ words >= 4.50", "properties.two\\ words >= 4.5"),
        ("userId != null or properties.gift = true", "userId != null or properties.gift = true"),
        (r'name = "a \"b\" \\"', r'name = "a \"b\" \\"'),
        ("!contains(event, 'a') and match(event, '*a\\*')", '!contains(event, "a") and match(event, "*a\\*")'),
        ("not (event = A or (name = B and name = C))", '!(event = "A" or (name = "B" and name = "C"))'),
        ("properties.items[0].sku = S", 'properties.items.0.sku = "S"'),
    ],
)
def test_one_spelling(written: str, worded: str) -> None:
    assert as_fql(parse(written)) == worded


@given(trees().flatmap(rendered))
def test_read_again_it_is_the_same(fql: str) -> None:
    tree = parse(fql)
    assert parse(as_fql(tree)) == tree


@given(st.sampled_from([case["fql"] for case in recorded_cases("fql") if isinstance(case.get("fql"), str)]))
def test_recorded_triggers_too(fql: str) -> None:
    try:
        tree = parse(fql)
    except TriggerError:
        return
    assert parse(as_fql(tree)) == tree
