"""The examples of docs/mapping.md give the results that stand beside them."""

import json
import re
from pathlib import Path

import pytest

from segment_events.mapping import DIRECTIVES, compile_mapping
from segment_events.mapping.liquid import TAGS_OFF
from segment_events.mapping.liquid_filters import FILTERS_OFF

PAGE = (Path(__file__).parents[4] / "docs/mapping.md").read_text(encoding="utf-8")
EVENT = json.loads(PAGE.partition("```json\n")[2].partition("```")[0])
EXAMPLES = re.findall(r"- `(\{.+\})`\s+gives\s+(?:`(.+)`|nothing)$", PAGE, re.M)
NOTHING = ""


@pytest.mark.parametrize(("written", "result"), EXAMPLES)
def test_each_example_gives_its_result(written: str, result: str) -> None:
    mapping = {"v": json.loads(written)}
    assert compile_mapping(mapping)(EVENT) == ({} if result == NOTHING else {"v": json.loads(result)})


def test_each_directive_is_described_with_an_example() -> None:
    described = re.findall(r"^- \*\*`(@\w+)`\*\* (?:.+\n)(?:  [^-].*\n)*  - `\{\"(@\w+)", PAGE, re.M)
    assert {name for name, _ in described} == DIRECTIVES.keys()
    assert all(name == used for name, used in described)


def test_what_liquid_has_not_is_named() -> None:
    off = PAGE.partition("is a problem of the mapping:\n\n")[2].partition("\n\n")[0].split("\n- ")
    tags, filters = (set(re.findall(r"`(\w+)`", "".join(some))) for some in (off[:2], off[2:]))
    assert tags == {*TAGS_OFF, "layout"}
    assert all(FILTERS_OFF.fullmatch(name) for name in filters)
