"""samconfig.toml: a development and a production stack, of parameters that the template has."""

import tomllib

import pytest

from tests.template.project import ROOT, read_template

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


def test_production_shows_its_changes_before_it_makes_them() -> None:
    assert CONFIG["prod"]["deploy"]["parameters"]["confirm_changeset"] is True
