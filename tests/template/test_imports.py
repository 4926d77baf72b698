"""Imports run one way: functions -> aws -> delivery -> (dotdigital | segment_events), and never in a circle."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from dev import PROJECT
from tests.template.project import FUNCTIONS

SHARED = PROJECT / "layers/shared"
PACKAGES = {"aws", "delivery", "dotdigital", "segment_events"}
AWS = {"boto3", "botocore", "aws_lambda_powertools"}
BELOW = {
    "layers/shared/dotdigital": set(),
    "layers/shared/segment_events": set(),
    "layers/shared/delivery": {"dotdigital", "segment_events"},
    "layers/shared/aws": {"delivery", "dotdigital", "segment_events"} | AWS,
} | {f"functions/{name}": PACKAGES | {"aws_lambda_powertools"} for name in FUNCTIONS}
OURS = PACKAGES | set(FUNCTIONS) | {"cli", "dev", "tests"}


def _imported(file: Path, *, at_start: bool = False) -> set[str]:
    """Give the names of the modules that a file imports; `at_start`, without what only types and functions import."""
    tree = ast.parse(file.read_text())
    nodes = list(tree.body) if at_start else list(ast.walk(tree))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    for node in nodes:
        if isinstance(node, ast.ImportFrom) and node.module:
            names |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return names


@pytest.mark.parametrize("folder", BELOW)
def test_a_package_imports_only_itself_and_what_is_below_it(folder: str) -> None:
    files = list((PROJECT / folder).rglob("*.py"))
    assert files
    forbidden = (OURS | AWS) - BELOW[folder] - {Path(folder).name}
    wrong = {str(file): {name.split(".")[0] for name in _imported(file)} & forbidden for file in files}
    assert {file: names for file, names in wrong.items() if names} == {}


def _modules() -> dict[str, Path]:
    files = {file: file.relative_to(SHARED).with_suffix("").parts for file in SHARED.rglob("*.py")}
    return {".".join(parts).removesuffix(".__init__"): file for file, parts in files.items()}


def test_no_module_imports_itself_by_way_of_others() -> None:
    modules = _modules()
    graph = {name: (_imported(file, at_start=True) & modules.keys()) - {name} for name, file in modules.items()}
    TopologicalSorter(graph).prepare()


def test_no_package_inside_a_package_imports_itself_by_way_of_others() -> None:
    modules = _modules()
    folder = {name: name if file.name == "__init__.py" else name.rpartition(".")[0] for name, file in modules.items()}
    graph: dict[str, set[str]] = {}
    for name, file in modules.items():
        imported = {folder[each] for each in _imported(file) & modules.keys()}
        graph.setdefault(folder[name], set()).update(each for each in imported if each != folder[name])
    TopologicalSorter(graph).prepare()
