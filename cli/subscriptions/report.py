"""What an import says to a person."""

from collections.abc import Sequence
from typing import Final

from rich.console import Console
from rich.table import Column, Table
from rich.text import Text

from cli.subscriptions.differences import Met
from cli.subscriptions.importing import Imported

_STYLES: Final = {"imported": "green", "there already": "dim", "refused": "red"}
_MOST_CASES: Final = 3


def print_import(console: Console, imported: Sequence[Imported], met: Sequence[Met]) -> None:
    """Print a row a subscription, every problem, and what differs here for what they use."""
    table = Table(box=None, padding=(0, 2, 0, 0), header_style="dim")
    for head in ("subscription", "action", "", "remarks"):
        table.add_column(head, overflow="fold")
    for each in imported:
        style = _STYLES[each.status]
        remarks = "; ".join(each.remarks) or (f"{len(each.problems)} to correct" if each.problems else "")
        cells = (each.name or each.place, each.action, each.status, remarks)
        table.add_row(*(Text(cell, style=style if cell == each.status else "") for cell in cells))
    console.print(table)
    for problem in (problem for each in imported for problem in each.problems):
        console.print(problem, style="red", markup=False, soft_wrap=True)
    if met:
        console.print(
            "\nWhat differs from Segment for what these subscriptions use (docs/compatibility.md):", style="bold"
        )
        console.print(_differences(met))


def _differences(met: Sequence[Met]) -> Table:
    table = Table(
        "of", Column("here", ratio=3), Column("seen in Segment as", ratio=3), Column("for", ratio=2), box=None
    )
    for each in met:
        cases = "; ".join(each.cases[:_MOST_CASES])
        more = len(each.cases) - _MOST_CASES
        shown = f"{cases}; and {more} more" if more > 0 else cases
        fault = "" if each.fault == "rule" else f" ({each.fault})"
        table.add_row(*map(Text, (each.section, each.ours, shown + fault, ", ".join(each.subscriptions))))
    return table
