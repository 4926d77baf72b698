"""samconfig.toml: a development and a production stack, of parameters that the template has."""

import tomllib

import pytest

from dev.expand import read_template
from tests.template.project import ROOT

CONFIG = tomllib.loads((ROOT / "samconfig.toml").read_text())


@pytest.mark.parametrize(
    ("environment", "stack"), [("default", "segment-dotdigital-dev"), ("prod", "segment-dotdigital")]
)
def test_an_environment_names_its_stack_and_its_parameters(environment: str, stack: str) -> None:
    settings = CONFIG[environment]
    chosen = [pair.split("=")[0] for pair in settings["deploy"]["parameters"]["parameter_overrides"]]
    assert settings["global"]["parameters"] == {"stack_name": stack}
    assert settings["build"]["parameters"] == {"language_extensions": True, "cached": True, "parallel": True}
    commands = [each["parameters"] for name, each in settings.items() if name != "global"]
    assert [each["language_extensions"] for each in commands] == [True] * 5
    assert set(chosen) <= set(read_template()["Parameters"])


def test_no_deploy_asks_a_question() -> None:
    assert [
        name for name in CONFIG if name != "version" and "confirm_changeset" in CONFIG[name]["deploy"]["parameters"]
    ] == []
