"""The lock pins all that pyproject.toml asks for, and the layer's file is the lock's part for AWS Lambda."""

import re
import tomllib
from importlib.metadata import requires

from packaging.requirements import Requirement

from tests.template.project import ROOT

PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text())
IN_THE_RUNTIME = {"boto3", "botocore", "s3transfer"}


def _pins(path: str) -> dict[str, str]:
    """Return the lines of a requirements file by package name."""
    return {line.split("==")[0]: line for line in (ROOT / path).read_text().splitlines()}


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
    asked = PROJECT["project"]["dependencies"] + PROJECT["project"]["optional-dependencies"]["dev"]
    assert {_name(Requirement(line)) for line in asked} - set(_pins("requirements.lock")) == set()


def test_the_layer_holds_what_the_functions_need_and_the_runtime_lacks() -> None:
    needed = set().union(*(_needed(Requirement(line)) for line in PROJECT["project"]["dependencies"]))
    here = {name for name, line in _pins("layers/dependencies/requirements.txt").items() if " ; " not in line}
    assert here == needed


def test_the_layer_has_the_versions_of_the_lock() -> None:
    lock = _pins("requirements.lock")
    layer = _pins("layers/dependencies/requirements.txt")
    assert {name: line for name, line in layer.items() if lock.get(name) != line} == {}
