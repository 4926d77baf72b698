"""Which conditions decided: those that were not as wanted, whatever joins them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from segment_events import TriggerError, compile_trigger
from segment_events.fql.explanation import Finding, explain_trigger
from tests.unit.segment_events.fql.trees import events, rendered, trees

EVENT: dict[str, Any] = {"type": "track", "event": "Basket Viewed", "properties": {"total": 5}}
TRACK = Finding('type = "track"', True, "type", "track")
BOUGHT = Finding('event = "Bought"', False, "event", "Basket Viewed")
PLAN = Finding('traits.plan = "gold"', False, "traits.plan", None)
MUCH = Finding("properties.total > 9", False, "properties.total", 5)


@pytest.mark.parametrize(
    ("trigger", "findings"),
    [
        ("type = track and event = Bought", [BOUGHT]),
        ("type = track and event = Bought and traits.plan = gold", [BOUGHT, PLAN]),
        ("event = Bought or traits.plan = gold", [BOUGHT, PLAN]),
        ("type = track and (event = Bought or properties.total > 9)", [BOUGHT, MUCH]),
        ("type = track", [TRACK]),
        ("type = track or event = Bought", [TRACK]),
        ("!(type = track)", [Finding('type = "track"', True, "type", "track", negated=True)]),
        ("!(type = track and event = Bought)", [Finding(BOUGHT.condition, False, "event", "Basket Viewed", True)]),
        ("!(!(event = Bought))", [BOUGHT]),
        (
            '!match(event, "Basket*")',
            [Finding('!match(event, "Basket*")', False, "event", "Basket Viewed")],
        ),
        ("contains(traits.plan, old)", [Finding('contains(traits.plan, "old")', False, "traits.plan", None)]),
    ],
)
def test_the_conditions_that_decided(trigger: str, findings: list[Finding]) -> None:
    assert explain_trigger(trigger)(EVENT) == tuple(findings)


@given(st.data(), events())
def test_each_finding_is_for_or_against_as_the_trigger_is(data: st.DataObject, event: dict[str, Any]) -> None:
    fql = data.draw(trees().flatmap(rendered))
    takes = compile_trigger(fql)(event)
    findings = explain_trigger(fql)(event)
    assert findings
    assert {finding.holds != finding.negated for finding in findings} == {takes}
    assert all(compile_trigger(finding.condition)(event) is finding.holds for finding in findings)


def test_what_is_no_trigger_is_an_error() -> None:
    with pytest.raises(TriggerError, match="column 7"):
        explain_trigger("type =")
