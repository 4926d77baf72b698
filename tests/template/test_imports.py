"""Imports run one way: functions -> lambda_runtime -> actions -> (dotdigital | segment_events); catalog as actions."""

import ast
from pathlib import Path

import pytest

from tests.template.project import ROOT

OURS = {"dotdigital", "segment_events", "actions", "catalog", "lambda_runtime"}
AWS = {"boto3", "botocore", "aws_lambda_powertools"}
MAY_IMPORT = {
    "layers/shared/dotdigital": {"dotdigital"},
    "layers/shared/segment_events": {"segment_events"},
    "layers/shared/actions": {"dotdigital", "segment_events", "actions"},
    "layers/shared/catalog": {"dotdigital", "catalog"},
    "layers/shared/lambda_runtime": OURS | AWS,
    "functions": {"lambda_runtime"},
}


def _imported(file: Path) -> set[str]:
    nodes = list(ast.walk(ast.parse(file.read_text())))
    names = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    names += [node.module or "" for node in nodes if isinstance(node, ast.ImportFrom)]
    return {name.split(".")[0] for name in names}


@pytest.mark.parametrize("package", MAY_IMPORT)
def test_a_package_imports_only_what_is_below_it(package: str) -> None:
    files = list((ROOT / package).rglob("*.py"))
    assert files
    wrong = {str(file.relative_to(ROOT)): _imported(file) & ((OURS | AWS) - MAY_IMPORT[package]) for file in files}
    assert {file: names for file, names in wrong.items() if names} == {}
