"""One name runs through everything: folder, action, tests, events, route."""

from pathlib import Path

import pytest

from cli.actions import load_action
from dev.expand import read_template
from tests.template.project import (
    ACTIONS,
    ASKED,
    EVENT_FILES,
    FUNCTIONS,
    QUESTION_FILES,
    ROOT,
    WEBHOOK,
    WEBHOOK_FILES,
    resource_name,
)


def _names(folder: str, pattern: str) -> set[str]:
    return {path.stem.removeprefix("test_") for path in (ROOT / folder).glob(pattern)}


def test_the_function_folders_are_the_actions_the_webhook_and_those_that_are_asked() -> None:
    assert set(FUNCTIONS) == {*ACTIONS, WEBHOOK, *ASKED}


def test_each_action_has_tests_of_its_name() -> None:
    assert set(ACTIONS) <= _names("tests/unit/functions", "test_*.py")


def test_each_action_has_an_event_for_each_source_and_no_other_file_is_there() -> None:
    found = {path.relative_to(ROOT / "events") for path in (ROOT / "events").rglob("*") if path.is_file()}
    files = {Path(function, f"{source}.json") for function, source in EVENT_FILES + WEBHOOK_FILES + QUESTION_FILES}
    assert found == files | {Path("expectations.json"), Path("subscriptions.json")}


@pytest.mark.parametrize("action", ACTIONS)
def test_the_route_of_the_template_is_the_actions_own(action: str) -> None:
    function = read_template()["Resources"][f"{resource_name(action)}Function"]
    assert function["Properties"]["Events"]["Route"]["Properties"]["Path"] == load_action(action).route


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_has_the_name_of_its_folder(action: str) -> None:
    assert load_action(action).name == action
