"""template.yaml without its loops makes the same, and each loop has every action."""

import re

from dev.expand import expanded
from tests.template.project import ACTIONS, ROOT, resource_name

TEXT = (ROOT / "template.yaml").read_text()


def test_the_table_and_both_loops_have_every_action_in_one_order() -> None:
    rows = re.findall(r"^    (\w+): \{Name: ", TEXT, re.MULTILINE)
    loops = [names.split(", ") for names in re.findall(r"^    - \[(.*)\]$", TEXT, re.MULTILINE)]
    assert loops == [rows, rows]
    assert sorted(rows) == sorted(map(resource_name, ACTIONS))


def test_nothing_of_the_loops_is_left() -> None:
    without = expanded(TEXT)
    assert re.findall(r"Fn::ForEach|\$\{Action\}|!FindInMap|LanguageExtensions", without) == []
    assert len(re.findall(r"^  \w+Function:$", without, re.MULTILINE)) == len(ACTIONS) + 3
