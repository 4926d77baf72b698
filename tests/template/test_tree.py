"""What may lie where: a door is only a door, a layer nests nothing, requirements are pins."""

import re

import pytest

from tests.template.project import FUNCTIONS, ROOT


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_folder_holds_a_door_of_10_to_25_lines_and_nothing_else(function: str) -> None:
    folder = ROOT / "functions" / function
    assert [path.name for path in folder.iterdir() if path.name != "__pycache__"] == ["app.py"]
    assert 10 <= len((folder / "app.py").read_text().splitlines()) <= 25


def test_the_shared_layer_has_no_python_folder_which_sam_build_would_nest() -> None:
    assert not (ROOT / "layers/shared/python").exists()
    assert not (ROOT / "layers/shared/requirements.txt").exists()


@pytest.mark.parametrize("path", ["requirements.lock", "layers/dependencies/requirements.txt"])
def test_a_requirements_file_is_exact_pins_and_names_no_host_or_path(path: str) -> None:
    pin = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; .+)?")
    lines = (ROOT / path).read_text().splitlines()
    assert [line for line in lines if not pin.fullmatch(line)] == []
