"""The checkout around the template: its loops, what lies where, samconfig.toml, what is required and pinned."""

import re
import tomllib
from importlib.metadata import requires

import pytest
from packaging.requirements import Requirement

from cli.actions import load_action
from dev import PROJECT
from dev.expand import expanded
from tests.support.functions import ACTIONS
from tests.template.project import EVENTBRIDGE, FUNCTIONS, QUEUES, TEMPLATE, WEBHOOK, resource_name

TEXT = (PROJECT / "template.yaml").read_text()
LOOPS = {
    loop: names.split(", ")
    for loop, names in re.findall(r"^  Fn::ForEach::(\w+):.*\n    - \w+\n    - \[(.*)\]$", TEXT, re.MULTILINE)
}
PYPROJECT = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]
SAMCONFIG = tomllib.loads((PROJECT / "samconfig.toml").read_text())
IN_THE_RUNTIME = {"boto3", "botocore", "s3transfer"}
LOCK, LAYER = "requirements.lock", "layers/dependencies/requirements.txt"


def test_a_loop_and_the_table_have_every_name_that_they_are_for_and_no_other() -> None:
    sends = [action for action in ACTIONS if load_action(action).is_send]
    expected = {"Actions": ACTIONS, "FunctionNames": ACTIONS, "Sends": sends, "Queues": QUEUES, "Functions": FUNCTIONS}
    expected["Webhook"] = (WEBHOOK, EVENTBRIDGE)
    loops = {loop: sorted(names) for loop, names in LOOPS.items()}
    causes = loops.pop("Causes")
    assert loops == {loop: sorted(map(resource_name, names)) for loop, names in expected.items()}
    for column, names in (("Name", sorted(map(resource_name, {*FUNCTIONS, *QUEUES}))), ("Description", causes)):
        assert sorted(re.findall(rf"^    (\w+): \{{{column}: ", TEXT, re.MULTILINE)) == names


def test_nothing_of_the_loops_is_left() -> None:
    without = expanded(TEXT)
    assert re.findall(r"Fn::ForEach|\$\{(?:Action|Queue|Function|Cause)\}|!FindInMap|LanguageExtensions", without) == []
    assert len(re.findall(r"^  \w+Function:$", without, re.MULTILINE)) == len(FUNCTIONS)


def test_an_action_is_one_page_and_the_shared_layer_has_nothing_that_sam_build_would_nest() -> None:
    for action in ACTIONS:
        folder = PROJECT / "functions" / action
        assert [path.name for path in folder.iterdir() if path.name != "__pycache__"] == ["app.py"]
    assert not (PROJECT / "layers/shared/python").exists()
    assert not (PROJECT / "layers/shared/requirements.txt").exists()


@pytest.mark.parametrize(
    ("environment", "stack"), [("default", "segment-dotdigital-dev"), ("prod", "segment-dotdigital")]
)
def test_an_environment_names_its_stack_and_its_parameters_and_asks_nothing(environment: str, stack: str) -> None:
    settings = SAMCONFIG[environment]
    deploy = settings["deploy"]["parameters"]
    assert settings["global"]["parameters"] == {"stack_name": stack}
    assert settings["build"]["parameters"] == {"language_extensions": True, "cached": True, "parallel": True}
    commands = [each["parameters"] for name, each in settings.items() if name != "global"]
    assert [each["language_extensions"] for each in commands] == [True] * 5
    assert {pair.split("=")[0] for pair in deploy["parameter_overrides"]} <= set(TEMPLATE["Parameters"])
    assert "confirm_changeset" not in deploy


def _pins(path: str) -> dict[str, str]:
    """Return the lines of a requirements file by package name."""
    return {line.split("==")[0]: line for line in (PROJECT / path).read_text().splitlines()}


def _name(requirement: Requirement) -> str:
    return re.sub(r"[-_.]+", "-", requirement.name).lower()


def _needed(requirement: Requirement) -> set[str]:
    """Return the names of a package and of what it needs here, but for what the Lambda runtime has."""
    name = _name(requirement)
    if name in IN_THE_RUNTIME:
        return set()
    needs = [Requirement(line) for line in requires(name) or []]
    extras = requirement.extras or {""}
    wanted = [need for need in needs if not need.marker or any(need.marker.evaluate({"extra": e}) for e in extras)]
    return {name}.union(*map(_needed, wanted))


def test_the_lock_pins_everything_that_the_project_asks_for() -> None:
    asked = PYPROJECT["dependencies"] + PYPROJECT["optional-dependencies"]["dev"]
    assert {_name(Requirement(line)) for line in asked} - set(_pins(LOCK)) == set()


def test_the_layer_holds_what_the_functions_need_and_the_runtime_lacks_in_the_versions_of_the_lock() -> None:
    needed = set().union(*(_needed(Requirement(line)) for line in PYPROJECT["dependencies"]))
    lock, layer = _pins(LOCK), _pins(LAYER)
    assert {name for name, line in layer.items() if " ; " not in line} == needed
    assert {name: line for name, line in layer.items() if lock.get(name) != line} == {}


@pytest.mark.parametrize("path", [LOCK, LAYER])
def test_a_requirements_file_is_exact_pins_and_names_no_host_or_path(path: str) -> None:
    pin = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; .+)?")
    assert [line for line in (PROJECT / path).read_text().splitlines() if not pin.fullmatch(line)] == []
