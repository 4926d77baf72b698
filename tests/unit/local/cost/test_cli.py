"""`make cost`: tables for a person, JSON for a machine, and what stands in the way."""

import json
import subprocess
import sys
from pathlib import Path

from local.cost.basis import Basis
from local.cost.figures import Figures
from local.cost.paths import PATHS
from local.cost.prices import read_prices
from tests.support.functions import PROJECT
from tests.unit.local.cost.conftest import FIGURES


def cost(*options: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "local.cost", *map(str, options)]
    return subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=False)


def test_a_machine_gets_the_costs_of_each_path_by_service(figures_file: Path) -> None:
    ended = cost("--figures", figures_file, "--events", "2000", "--answer-ms", "300", "--json")
    basis = Basis.of(Figures.model_validate(FIGURES)).put(dotdigital_answer_ms=300)
    told = json.loads(ended.stdout)
    assert (told["region"], told["events"]) == ("eu-west-1", 2000)
    assert told["paths"] == {path.title: path.cost(basis, read_prices(), 2_000) for path in PATHS}
    assert told["by_the_month"]["dashboard"] == 3


def test_a_person_gets_two_tables(figures_file: Path) -> None:
    ended = cost("--figures", figures_file)
    lines = ended.stdout.splitlines()
    assert ended.returncode == 0
    assert [line.strip() for line in lines if line.rstrip().endswith("$")] == [
        "1,000,000 events a month in eu-west-1, $",
        "By the month, whatever comes, $",
    ]


def test_figures_that_are_not_there_are_2(tmp_path: Path) -> None:
    ended = cost("--figures", tmp_path / "none.json")
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"{tmp_path}/none.json cannot be read (No such file or directory): "
        "make bench JSON=local/cost/figures.json measures anew\n"
    )
