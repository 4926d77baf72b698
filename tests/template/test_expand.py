"""template.yaml without its loops makes the same, and each loop has every name that it is for."""

import re

import pytest

from cli.actions import load_action
from dev.expand import expanded
from tests.template.project import ACTIONS, ASKED, EVENTBRIDGE, ROOT, WEBHOOK, resource_name

TEXT = (ROOT / "template.yaml").read_text()
LOOPS = re.findall(r"^  Fn::ForEach::(\w+):.*\n    - \w+\n    - \[(.*)\]$", TEXT, re.MULTILINE)
FOR_ACTIONS = list(map(resource_name, ACTIONS))


@pytest.mark.parametrize(
    ("loop", "names"),
    [
        ("Actions", FOR_ACTIONS),
        ("FunctionNames", FOR_ACTIONS),
        ("Sends", [resource_name(action) for action in ACTIONS if load_action(action).is_send]),
        ("Queues", [*FOR_ACTIONS, resource_name(WEBHOOK), resource_name(EVENTBRIDGE)]),
        ("LogGroups", [*FOR_ACTIONS, *map(resource_name, (WEBHOOK, *ASKED))]),
    ],
)
def test_a_loop_has_every_name_that_it_is_for_and_no_other(loop: str, names: list[str]) -> None:
    assert sorted(dict(LOOPS)[loop].split(", ")) == sorted(names)


def test_the_table_has_a_row_for_every_name_of_the_loops() -> None:
    rows = re.findall(r"^    (\w+): \{Name: ", TEXT, re.MULTILINE)
    assert sorted(rows) == sorted({name for _, names in LOOPS for name in names.split(", ")})


def test_nothing_of_the_loops_is_left() -> None:
    without = expanded(TEXT)
    assert re.findall(r"Fn::ForEach|\$\{(?:Action|Queue|Function)\}|!FindInMap|LanguageExtensions", without) == []
    assert len(re.findall(r"^  \w+Function:$", without, re.MULTILINE)) == len(ACTIONS) + 3
