"""`sam validate` and `sam build`: what is deployed, and that every checkout builds the same."""

import shutil
from pathlib import Path

import pytest

from dev import PROJECT
from dev.local_cloud.deployment import machine_architecture
from tests.sam.conftest import Sam
from tests.template.project import FUNCTIONS, resource_name

pytestmark = pytest.mark.sam
MEGABYTE = 1_000_000
SHARED = PROJECT / "layers/shared"


def _files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.is_file()]


def test_the_template_is_valid_and_lint_finds_nothing(sam: Sam) -> None:
    done = sam.run("validate", "--lint")
    assert (done.returncode, done.stderr) == (0, "")
    assert "is a valid SAM Template" in done.stdout


def _size(folder: Path) -> int:
    return sum(path.stat().st_size for path in _files(folder))


def test_the_folder_of_functions_is_built_for_each_and_holds_nothing_else(build_folder: Path) -> None:
    functions = {f"{resource_name(name)}Function" for name in FUNCTIONS}
    assert {path.name for path in build_folder.glob("*Function")} == functions
    sources = {str(path.relative_to(PROJECT / "functions")) for path in (PROJECT / "functions").rglob("*.py")}
    built = [{str(path.relative_to(build_folder / name)) for path in _files(build_folder / name)} for name in functions]
    assert built == [sources] * len(FUNCTIONS)


def test_the_packages_of_the_shared_layer_lie_where_lambda_looks_for_them(build_folder: Path) -> None:
    packages = {path.name for path in (build_folder / "SharedLayer/python").iterdir()}
    assert packages == {"aws", "delivery", "dotdigital", "segment_events"}


def test_the_dependencies_are_for_both_processors_and_leave_out_what_the_runtime_has(build_folder: Path) -> None:
    packages = build_folder / "DependenciesLayer/python"
    compiled = {path.name.split(".")[1] for path in packages.glob("pydantic_core/_pydantic_core.*.so")}
    assert compiled == {"cpython-313-aarch64-linux-gnu", "cpython-313-x86_64-linux-gnu"}
    assert not (packages / "boto3").exists()


# A pyc's flags follow its magic number: 1 is a hash that is not checked. https://peps.python.org/pep-0552/
def test_the_dependencies_are_compiled_and_not_checked_against_their_source(build_folder: Path) -> None:
    modules = [path for path in _files(build_folder / "DependenciesLayer") if path.suffix == ".py"]
    bytecode = [path for path in _files(build_folder / "DependenciesLayer") if path.name.endswith(".cpython-313.pyc")]
    assert len(modules) == len(bytecode) > 0
    assert {path.read_bytes()[4] for path in bytecode} == {1}


def test_the_shared_layer_is_bytecode_in_place_of_its_sources(build_folder: Path) -> None:
    layer = build_folder / "SharedLayer/python"
    sources = {str(path.relative_to(SHARED).with_suffix("")) for path in SHARED.rglob("*.py")}
    files = {f"{source}.pyc" for source in sources} | {"delivery/default_subscriptions.json"}
    assert {str(path.relative_to(layer)) for path in _files(layer)} == files
    assert {path.read_bytes()[4] for path in _files(layer) if path.suffix == ".pyc"} == {1}


def test_the_layers_stay_small(build_folder: Path) -> None:
    assert _size(build_folder / "DependenciesLayer") < 45 * MEGABYTE
    assert _size(build_folder / "SharedLayer") < MEGABYTE


def test_a_checkout_elsewhere_builds_the_same_bytes_so_that_a_deploy_of_it_changes_nothing(
    sam: Sam, build_folder: Path, tmp_path: Path
) -> None:
    checkout = tmp_path / "elsewhere"
    for folder in ("functions", "layers"):
        shutil.copytree(PROJECT / folder, checkout / folder, copy_function=shutil.copyfile)
    shutil.copy(PROJECT / "template.yaml", checkout)
    options = ["--parameter-overrides", f"Architecture={machine_architecture()}", "--language-extensions"]
    built = sam.run("build", "--parallel", *options, folder=checkout)
    assert built.returncode == 0, built.stderr
    resources = [path.name for path in build_folder.iterdir() if path.name.endswith(("Function", "Layer"))]
    assert len(resources) > len(FUNCTIONS)
    for resource in resources:
        here, there = (
            {str(path.relative_to(folder)): path.read_bytes() for path in _files(folder)}
            for folder in (build_folder / resource, checkout / ".aws-sam/build" / resource)
        )
        assert here == there, resource
