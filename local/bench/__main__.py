"""`python -m local.bench`: measures, prints tables, and writes the figures as JSON where asked."""

import json
import sys
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from local.bench.resources import PROJECT

sys.path.append(str(PROJECT / "layers/shared"))

from local.bench.batches import measure_batches
from local.bench.calls import ROWS, measure_calls
from local.bench.hot_path import measure_hot_path
from local.bench.load import Load
from local.bench.machine import Machine
from local.bench.report import Report
from local.bench.startup import measure_startup
from local.bench.whole_way import measure_whole_way


def main(
    short: Annotated[bool, typer.Option(help="Under a minute: 10,000 events, few runs, the promised rows.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Where to write the figures as JSON.")] = None,
) -> None:
    """Measure starts, each stage of an event's way, events a second, memory, and calls to Dotdigital."""
    report = Report()
    marks = (1_000, 10_000) if short else (1_000, 10_000, 100_000)
    with Machine() as machine:
        report.marks += Load(machine).run(marks[-1], marks)
        report.batches += measure_batches(machine, runs=3 if short else 20)
        report.calls += measure_calls(machine, [row for row in ROWS if row.promised or not short])
        report.starts += measure_startup(machine, runs=5 if short else 11)
    report.whole_ways += measure_whole_way(runs=5 if short else 15)
    report.hot_paths += measure_hot_path(runs=5 if short else 11)
    report.show(Console(width=120))
    if json_file:
        json_file.write_text(json.dumps(report.as_json(), indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    typer.run(main)
