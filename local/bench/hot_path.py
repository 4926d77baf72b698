"""The way from an event to the body of a request, stage by stage, against the version before it was made fast."""

import io
import json
import os
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from tempfile import TemporaryDirectory
from typing import Final

from local.bench.resources import PROJECT, SUBSCRIPTIONS

FIRST_VERSION: Final = "c162657"
"""The commit before the first that made anything faster."""

PROMISED_MICROSECONDS: Final = 25
_SHARED: Final = "layers/shared"


@dataclass(frozen=True)
class HotPath:
    """Microseconds an event by stage, and those of the first version: medians of the runs.

    `first` is None where git does not have the commit, as in a shallow clone.
    """

    row: str
    stages: Mapping[str, float]
    first: float | None

    @property
    def microseconds(self) -> float:
        """All stages together."""
        return sum(self.stages.values())


def measure_hot_path(*, runs: int) -> Iterator[HotPath]:
    """Measure both versions in turn, each run in a process of its own."""
    with TemporaryDirectory() as folder:
        old = _first_version(Path(folder))
        found, before = [], []
        for _ in range(runs):
            found.append(_run(PROJECT / _SHARED))
            if old:
                before.append(_run(old))
        for row in found[0]:
            stages = {stage: median(run[row][stage] for run in found) for stage in found[0][row]}
            first = median(sum(run[row].values()) for run in before) if before else None
            yield HotPath(row, stages, first)


def _run(shared: Path) -> Mapping[str, Mapping[str, float]]:
    command = [sys.executable, str(PROJECT / "local/bench/stages.py"), str(SUBSCRIPTIONS)]
    environment = {**os.environ, "PYTHONPATH": str(shared)}
    told = subprocess.run(command, env=environment, check=True, capture_output=True)
    figures: Mapping[str, Mapping[str, float]] = json.loads(told.stdout)
    return figures


def _first_version(folder: Path) -> Path | None:
    command = ["git", "-C", str(PROJECT), "archive", FIRST_VERSION, _SHARED]
    archive = subprocess.run(command, check=False, capture_output=True)
    if archive.returncode:
        return None
    with tarfile.open(fileobj=io.BytesIO(archive.stdout)) as files:
        files.extractall(folder, filter="data")
    return folder / _SHARED
