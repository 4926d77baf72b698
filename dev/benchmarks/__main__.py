"""`python -m dev.benchmarks`: measures, prints tables, and writes the figures as JSON where asked."""

import json
import sys
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console
from rich.progress import Progress, SpinnerColumn, TextColumn, TimeElapsedColumn
from rich.table import Column, Table

from dev.benchmarks.resources import PROJECT

sys.path.append(str(PROJECT / "layers/shared"))

from dev.benchmarks.hot_path import measure_hot_path
from dev.benchmarks.machine import Machine, Row
from dev.benchmarks.start import measure_start
from dev.benchmarks.throughput import measure_batches, measure_load, measure_requests, measure_whole_way

_TITLES = {
    "whole_way": "The whole way, by event: one function in one process",
    "batches": "segment_webhook: time to answer (SQS answers after 10 ms)",
    "load": "Load, by event: POST /segment to the sandbox, in one process",
    "requests": "Requests to Dotdigital for 1,000 events",
    "start": "Start: a fresh process",
    "hot_path": "From an event to the body of a request, in microseconds",
}


def main(
    short: Annotated[bool, typer.Option(help="Under a minute: 10,000 events and few runs.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Where to write the figures as JSON.")] = None,
) -> None:
    """Measure starts, each stage of an event's way, events a second, memory, and requests to Dotdigital."""
    marks = (1_000, 10_000) if short else (1_000, 10_000, 100_000)
    with Machine() as machine:
        sections: dict[str, Callable[[], Iterator[Row]]] = {
            # first, while the process holds nothing else, as in Lambda
            "whole_way": lambda: measure_whole_way(machine, runs=5 if short else 15),
            "batches": lambda: measure_batches(machine, runs=3 if short else 20),
            "load": lambda: measure_load(machine, marks),
            "requests": lambda: measure_requests(machine),
            "start": lambda: measure_start(machine, runs=5 if short else 11),
            "hot_path": lambda: measure_hot_path(runs=5 if short else 11),
        }
        measured = _measure(sections)
    if json_file:
        told = {name: [{"what": row.what, **row.figures} for row in rows] for name, rows in measured.items()}
        json_file.write_text(json.dumps(told, indent=2) + "\n", encoding="utf-8")


def _measure(sections: dict[str, Callable[[], Iterator[Row]]]) -> dict[str, list[Row]]:
    console, measured = Console(), dict[str, list[Row]]()
    columns = (SpinnerColumn(), TextColumn("{task.description}"), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as progress:
        for number, (name, measure) in enumerate(sections.items(), 1):
            task = progress.add_task(f"{number} of {len(sections)}: {_TITLES[name]}")
            measured[name] = []
            for row in measure():
                measured[name].append(row)
                progress.update(task, description=f"{number} of {len(sections)}: {row.what}")
            progress.remove_task(task)
            console.print(_table(_TITLES[name], measured[name]))
    return measured


def _table(title: str, rows: Sequence[Row]) -> Table:
    names = list(dict.fromkeys(name for row in rows for name in row.figures))
    first = Column("", min_width=26)
    table = Table(first, title=f"\n{title}", title_justify="left", box=None, padding=(0, 2, 0, 0), header_style="dim")
    if title == _TITLES["requests"]:
        table.add_column("")
        for row in rows:
            table.add_row(row.what, ", ".join(f"{number:,} {kind}" for kind, number in sorted(row.figures.items())))
        return table
    for name in names:
        table.add_column(name, justify="right")
    for row in rows:
        table.add_row(row.what, *(f"{row.figures[name]:,}" for name in names))
    return table


if __name__ == "__main__":
    typer.run(main)
