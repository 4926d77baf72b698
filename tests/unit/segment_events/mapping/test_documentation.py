"""The examples of docs/mapping.md give the results that stand beside them."""

import json
import re
from pathlib import Path

import pytest

from segment_events.mapping import compile_mapping
from segment_events.mapping.directives import DIRECTIVES
from segment_events.mapping.liquid_templates.expressions import DISABLED_FILTERS
from segment_events.mapping.liquid_templates.tags import DISABLED_TAGS

PAGE = (Path(__file__).parents[4] / "docs/mapping.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"^```json\n(.*?)^```", PAGE, re.M | re.S)
SECTIONS = re.findall(r"^### (@\w+)\n(.*?)(?=^##)", PAGE, re.M | re.S)


@pytest.mark.parametrize("text", EXAMPLES)
def test_each_example_gives_its_result(text: str) -> None:
    example = json.loads(text)
    assert example.keys() == {"event", "mapping", "result"}
    assert compile_mapping(example["mapping"])(example["event"]) == example["result"]


def test_each_directive_has_a_section_with_an_example() -> None:
    assert {name for name, _ in SECTIONS} == DIRECTIVES.keys()
    assert all("```json" in text for _, text in SECTIONS)


def test_all_that_liquid_switches_off_is_named() -> None:
    kin = {"find_exp", "find_index", "find_index_exp"}
    for name in [*DISABLED_TAGS, *(DISABLED_FILTERS - kin)]:
        assert f"`{name}`" in PAGE
