"""`python -m local.cost`: prints what the stack costs; docs/cost.md is the whole of it."""

import json
from pathlib import Path
from typing import Annotated

import typer
from rich.console import Console

from local.cost import cost_tables
from local.cost.basis import Basis
from local.cost.errors import CostError
from local.cost.figures import FIGURES, read_figures
from local.cost.prices import PRICES, read_prices

_WIDTH = 160
_UNREADABLE = 2


def main(
    figures: Annotated[Path, typer.Option(help="What `make bench JSON=file` wrote.")] = FIGURES,
    prices: Annotated[Path, typer.Option(help="List prices, in the shape of local/cost/prices.json.")] = PRICES,
    events: Annotated[float, typer.Option(min=1, help="Events of a month.")] = 1_000_000,
    answer_ms: Annotated[float | None, typer.Option(min=0, help="How long Dotdigital takes to answer.")] = None,
    as_machine: Annotated[bool, typer.Option("--json", help="Print JSON, for a machine.")] = False,
) -> None:
    """Show what events cost by each path, in dollars a month, and what is charged without any."""
    try:
        basis, known = Basis.of(read_figures(figures)), read_prices(prices)
        if answer_ms is not None:
            basis = basis.put(dotdigital_answer_ms=answer_ms)
        if as_machine:
            typer.echo(json.dumps(cost_tables.as_json(basis, known, events), indent=2))
            return
        shown = cost_tables.by_service(basis, known, events), cost_tables.by_the_month(basis, known)
    except CostError as error:
        typer.echo(str(error), err=True)
        raise typer.Exit(_UNREADABLE) from None
    console = Console(width=_WIDTH)
    console.print(shown[0].rich(f"{events:,.0f} events a month in {known.region}, $"), "")
    console.print(shown[1].rich("By the month, whatever comes, $"))


if __name__ == "__main__":
    typer.run(main)
