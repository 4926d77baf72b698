"""`python -m dev.benchmarks`: measures, prints each figure as it is known, and writes them as JSON where asked."""

import json
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Annotated, Final

import typer
from rich.console import Console

from dev.benchmarks.hot_path import measure_hot_path
from dev.benchmarks.load import measure_batches, measure_load, measure_requests
from dev.benchmarks.machine import Machine, Row
from dev.benchmarks.start import measure_start
from dev.benchmarks.whole_way import measure_whole_way

WIDTH: Final = 80
_COLUMN: Final = 6
_TITLES: Final = {
    "whole_way": "The whole way, by event: one function in one process",
    "batches": "segment_webhook: time to respond (SQS takes 10 ms)",
    "load": "Load, by event: POST /segment to the sandbox, in one process",
    "requests": "Requests to Dotdigital for 1,000 events",
    "start": "Start: a fresh process",
    "hot_path": "From an event to the body of a request, in microseconds",
}
Section = Callable[[], Iterator[Row]]


def main(
    short: Annotated[bool, typer.Option(help="Under two minutes: 10,000 events and few runs.")] = False,
    json_file: Annotated[Path | None, typer.Option("--json", help="Where to write the figures as JSON.")] = None,
) -> None:
    """Measure starts, each stage of an event's way, events a second, memory, and requests to Dotdigital."""
    marks = (1_000, 10_000) if short else (1_000, 10_000, 100_000)
    with Machine() as machine:
        sections: dict[str, Section] = {
            # first, while the process holds nothing else, as in Lambda
            "whole_way": lambda: measure_whole_way(machine, runs=5 if short else 15),
            "batches": lambda: measure_batches(machine, runs=3 if short else 20),
            "load": lambda: measure_load(machine, marks),
            "requests": lambda: measure_requests(machine),
            "start": lambda: measure_start(machine, runs=5 if short else 11),
            "hot_path": lambda: measure_hot_path(runs=5 if short else 11),
        }
        measured = {name: list(_measured(name, measure)) for name, measure in sections.items()}
    if json_file:
        content = {name: [{"what": row.what, **row.figures} for row in rows] for name, rows in measured.items()}
        json_file.write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")


def _measured(name: str, measure: Section) -> Iterator[Row]:
    """Print the section's title, then each row as soon as it is measured."""
    console = Console(width=WIDTH, highlight=False)
    console.print(f"\n[bold]{_TITLES[name]}[/bold]")
    first = True
    with console.status("measuring"):
        for row in measure():
            if first and name != "requests":
                console.print(line("", {figure: figure for figure in row.figures}), style="dim", markup=False)
            first = False
            shown = requests_line(row) if name == "requests" else line(row.what, row.figures)
            console.print(shown, markup=False)
            yield row


def line(what: str, figures: Mapping[str, float | str]) -> str:
    """Return a row of figures, each under its name, in 80 columns."""
    cells = "".join(
        f"  {value if isinstance(value, str) else f'{value:,}':>{max(len(name), _COLUMN)}}"
        for name, value in figures.items()
    )
    return f"{what:<{WIDTH - len(cells)}}{cells}"


def requests_line(row: Row) -> str:
    """Return a row whose figures are numbers of requests by their kind."""
    return f"{row.what:<32}{', '.join(f'{number:,.0f} {kind}' for kind, number in sorted(row.figures.items()))}"


if __name__ == "__main__":
    typer.run(main)
