"""The examples of docs/mapping.md give the results that stand beside them."""

import json
import re
from pathlib import Path

import pytest

from segment_events.mapping import DIRECTIVES, compile_mapping
from segment_events.mapping.liquid import TAGS_OFF
from segment_events.mapping.liquid_filters import FILTERS_OFF

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


def test_what_liquid_has_not_is_named() -> None:
    table = re.findall(r"^\| .*", PAGE.partition("| switched off |")[2].partition("\n\n")[0], re.M)[1:]
    tags, filters = (set(re.findall(r"`(\w+)`", "".join(rows))) for rows in (table[:2], table[2:]))
    assert tags == {*TAGS_OFF, "layout"}
    assert all(FILTERS_OFF.fullmatch(name) for name in filters)
