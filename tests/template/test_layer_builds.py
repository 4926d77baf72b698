"""The layers' makefiles: what `sam build` runs. They need no GNU tool, and every folder builds the same bytes."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from dev import PROJECT
from tests.support import bsd_tools

MAKE = shutil.which("make") or "make"
DEPENDENCIES = "dependencies", "DependenciesLayer"
SHARED = "shared", "SharedLayer"
PIP = """#!/bin/sh
# Python 3.13, whose pip installs these files and asks no package index.
case "$*" in *"-m pip"*) ;; *) exec {python} "$@";; esac
for target; do :; done
case "$*" in *aarch64*) arch=aarch64;; *) arch=x86_64;; esac
/bin/mkdir -p "$target/bin" "$target/babel/locale-data" "$target/one-1.0.dist-info" "$target/one/tests" "$target/dns"
/bin/mkdir -p "$target/pytz/zoneinfo"
for file in bin/one one/__init__.pyi one/tests/test_one.py dns/x.py pytz/zoneinfo/UTC babel/locale-data/de.dat \\
  babel/locale-data/root.dat babel/locale-data/en_GB.dat one-1.0.dist-info/RECORD one-1.0.dist-info/METADATA; do
  case "$file" in bin/*|*/RECORD) echo "# $target";; *) echo "# $file";; esac > "$target/$file"
done
echo "x = 1" > "$target/one/__init__.py"
echo $arch > "$target/one/one.$arch.so"
echo $arch > "$target/one-1.0.dist-info/WHEEL"
"""
"""Stands in for python3.13 on PATH."""
KEPT_DEPENDENCIES = {
    "babel/locale-data/en_GB.dat",
    "babel/locale-data/root.dat",
    "one/__init__.py",
    "one/__pycache__/__init__.cpython-313.pyc",
    "one/one.aarch64.so",
    "one/one.x86_64.so",
    "one-1.0.dist-info/METADATA",
    "one-1.0.dist-info/WHEEL",
}


def _build(layer: tuple[str, str], folder: Path, path: str) -> dict[str, bytes]:
    """Build a layer in a folder as SAM does: in a copy of its sources. Give what it made."""
    source, resource = layer
    sources, artifacts = folder / "sources" / source, folder / "artifacts"
    if not sources.exists():
        shutil.copytree(PROJECT / "layers" / source, sources)
    artifacts.mkdir(exist_ok=True)
    command = [MAKE, "--silent", f"build-{resource}", f"ARTIFACTS_DIR={artifacts}"]
    environment = {"PATH": path, "HOME": str(folder)}
    made = subprocess.run(
        command, cwd=sources, env=environment, capture_output=True, text=True, check=False, timeout=300
    )
    assert (made.returncode, made.stderr) == (0, "")
    assert [each.name for each in artifacts.iterdir()] == ["python"]
    packages = artifacts / "python"
    return {str(file.relative_to(packages)): file.read_bytes() for file in packages.rglob("*") if file.is_file()}


@pytest.fixture
def bsd_path(tmp_path: Path) -> str:
    """A PATH with the tools of macOS and Python 3.13 alone."""
    folder = tmp_path / "bsd"
    bsd_tools.install(folder)
    (folder / "python3.13").write_text(PIP.format(python=sys.executable))
    (folder / "python3.13").chmod(0o755)
    return str(folder)


def _modules() -> set[str]:
    shared = PROJECT / "layers/shared"
    return {str(path.relative_to(shared).with_suffix(".pyc")) for path in shared.rglob("*.py")}


def test_the_shared_layer_is_built_with_the_tools_of_macos(tmp_path: Path, bsd_path: str) -> None:
    assert set(_build(SHARED, tmp_path, bsd_path)) == _modules() | {"delivery/default_subscriptions.json"}


def test_the_dependencies_are_built_with_the_tools_of_macos(tmp_path: Path, bsd_path: str) -> None:
    built = _build(DEPENDENCIES, tmp_path, bsd_path)
    assert set(built) == KEPT_DEPENDENCIES
    assert built["one-1.0.dist-info/WHEEL"] == b"aarch64\n"


@pytest.mark.parametrize(
    ("tool", "arguments"),
    [
        ("cp", ["--recursive", "a", "b"]),
        ("cp", ["a", "b", "-R"]),
        ("cp", ["-u", "a", "b"]),
        ("mkdir", ["--parents", "a"]),
        ("rm", ["--recursive", "a"]),
        ("sed", ["-i", "s/a/b/", "a"]),
        ("find", ["-name", "a"]),
        ("find", ["a", "-printf", "%p"]),
    ],
)
def test_the_tools_of_macos_refuse_what_is_gnus(tmp_path: Path, bsd_path: str, tool: str, arguments: list[str]) -> None:
    (tmp_path / "a").touch()
    refused = subprocess.run(
        [f"{bsd_path}/{tool}", *arguments], cwd=tmp_path, capture_output=True, check=False, timeout=300
    )
    assert refused.returncode == 64


@pytest.mark.parametrize("layer", [SHARED, DEPENDENCIES])
def test_every_folder_builds_the_same_bytes(tmp_path: Path, bsd_path: str, layer: tuple[str, str]) -> None:
    here, there = tmp_path / "here", tmp_path / "over/there"
    for folder in (here, there):
        folder.mkdir(parents=True)
    first = _build(layer, here, f"{bsd_path}:{os.defpath}")
    shutil.copytree(PROJECT / "layers" / layer[0], there / "sources" / layer[0])
    for file in there.rglob("*.py"):
        os.utime(file, (0, 1_000_000_000))
    (there / "sources" / layer[0] / ".DS_Store").touch()
    assert _build(layer, there, f"{bsd_path}:{os.defpath}") == first
    assert [name for name, content in first.items() if str(tmp_path).encode() in content] == []


def test_a_build_over_an_old_one_leaves_nothing_of_it(tmp_path: Path, bsd_path: str) -> None:
    first = _build(SHARED, tmp_path, bsd_path)
    (tmp_path / "artifacts/python/aws/gone.pyc").touch()
    (tmp_path / "sources/shared/aws/.DS_Store").touch()
    assert _build(SHARED, tmp_path, bsd_path) == first
