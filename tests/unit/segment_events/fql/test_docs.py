"""Every example of docs/triggers.md does what the page says."""

import json
import re
from pathlib import Path

import pytest

from segment_events.fql import TriggerError, compile_trigger
from segment_events.fql.fields import FIELDS
from segment_events.fql.parser import DEEPEST_NESTING, LONGEST_TRIGGER
from segment_events.fql.tree import LONGEST_NUMBER

PAGE = (Path(__file__).parents[4] / "docs/triggers.md").read_text(encoding="utf-8")
EVENT = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])
DECISIONS = re.findall(r"^\| `(.+)` \| (yes|no) \|$", PAGE, re.M)
ERRORS = re.findall(r"^\| `(.+)` \| (column .+) \|$", PAGE, re.M)


def test_there_are_examples() -> None:
    assert (len(DECISIONS), len(ERRORS)) == (19, 8)


@pytest.mark.parametrize(("fql", "answer"), DECISIONS)
def test_decisions(fql: str, answer: str) -> None:
    assert compile_trigger(fql)(EVENT) is (answer == "yes")


@pytest.mark.parametrize(("fql", "error"), ERRORS)
def test_errors(fql: str, error: str) -> None:
    with pytest.raises(TriggerError) as caught:
        compile_trigger(fql)
    assert caught.value.problems == (error,)


def test_the_negations_that_the_page_explains() -> None:
    assert compile_trigger('!contains(properties.note, "x")')(EVENT) is False
    assert compile_trigger('!(contains(properties.note, "x"))')(EVENT) is True


def test_fields_and_bounds_are_those_of_the_code() -> None:
    listed = PAGE.partition("**Fields**")[2].partition("Any other")[0]
    assert re.findall(r"`(\w+)`", listed) == list(FIELDS)
    assert f"at most {LONGEST_TRIGGER:,} characters" in PAGE
    assert f"at most {DEEPEST_NESTING} parentheses" in PAGE
    assert f"at most {LONGEST_NUMBER} characters" in PAGE
