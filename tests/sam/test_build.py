from pathlib import Path

import pytest

from local.cloud.deployment import machine_architecture
from tests.sam.conftest import ROOT, Sam
from tests.template.project import FUNCTIONS, resource_name

pytestmark = pytest.mark.sam
PROCESSOR = {"arm64": "aarch64", "x86_64": "x86_64"}


def _compiled(folder: Path) -> list[str]:
    found = (folder / "DependenciesLayer/python").glob("pydantic_core/_pydantic_core.*.so")
    return [path.name.split(".")[1] for path in found]


def test_a_function_is_its_door_alone(build_folder: Path) -> None:
    functions = {f"{resource_name(name)}Function" for name in FUNCTIONS}
    assert {path.name for path in build_folder.glob("*Function")} == functions
    assert {path.name for name in functions for path in (build_folder / name).iterdir()} == {"app.py"}


def test_the_packages_of_the_shared_layer_lie_where_lambda_looks_for_them(build_folder: Path) -> None:
    packages = {path.name for path in (build_folder / "SharedLayer/python").iterdir() if path.name != "__pycache__"}
    assert packages == {"actions", "dotdigital", "lambda_runtime", "segment_events"}


def test_the_dependencies_are_for_this_machine_and_leave_out_what_the_runtime_has(build_folder: Path) -> None:
    assert _compiled(build_folder) == [f"cpython-313-{PROCESSOR[machine_architecture()]}-linux-gnu"]
    assert not (build_folder / "DependenciesLayer/python/boto3").exists()


def test_the_default_build_is_for_arm64(sam: Sam) -> None:
    answer = sam.run("build", "--build-dir", ".local/build-arm64", "--cache-dir", ".local/build-cache")
    assert answer.returncode == 0, answer.stderr
    assert _compiled(ROOT / ".local/build-arm64") == ["cpython-313-aarch64-linux-gnu"]
