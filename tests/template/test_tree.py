"""What may lie where: an action is one page, a layer nests nothing, requirements are pins."""

import re

import pytest

from tests.template.project import ACTIONS, ROOT


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_one_page(action: str) -> None:
    folder = ROOT / "functions" / action
    assert [path.name for path in folder.iterdir() if path.name != "__pycache__"] == ["app.py"]


def test_the_shared_layer_has_no_python_folder_which_sam_build_would_nest() -> None:
    assert not (ROOT / "layers/shared/python").exists()
    assert not (ROOT / "layers/shared/requirements.txt").exists()


@pytest.mark.parametrize("path", ["requirements.lock", "layers/dependencies/requirements.txt"])
def test_a_requirements_file_is_exact_pins_and_names_no_host_or_path(path: str) -> None:
    pin = re.compile(r"[a-z0-9-]+==[0-9a-z.]+( ; .+)?")
    lines = (ROOT / path).read_text().splitlines()
    assert [line for line in lines if not pin.fullmatch(line)] == []
