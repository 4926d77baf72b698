"""The tables of what costs are made of: figures, prices, assumptions."""

from local.cost.basis import Basis
from local.cost.prices import Price, Prices
from local.cost.table import Table, number


def figures(basis: Basis) -> Table:
    """Show what the benchmark measured of the functions."""
    rows = [
        (
            row.row,
            f"{row.events:,}",
            f"{row.cpu_seconds * 1000 / row.events:.2f}",
            f"{row.seconds * 1000 / row.events:.2f}",
            f"{row.calls / row.events:.2g}",
            number(row.log_bytes / row.events),
        )
        for row in basis.figures.whole_way
    ]
    columns = (
        "delivered",
        "events",
        "processor, ms an event",
        "in all, ms an event",
        "calls an event",
        "logs, bytes an event",
    )
    return Table(columns, rows)


def batches(basis: Basis) -> Table:
    """Show what the benchmark measured of segment_webhook."""
    rows = [
        (
            f"{each.events:,}",
            number(each.bytes / each.events),
            f"{each.p50 * 1000:,.0f}",
            f"{each.p50 * 1000 / each.events:.2f}",
        )
        for each in basis.figures.batches
    ]
    return Table(("events of POST /segment", "bytes an event", "median, ms", "ms an event"), rows)


def assumptions(basis: Basis) -> Table:
    """Show what is assumed."""
    rows = [(f"`{name}`", f"{number(each.value)} {each.unit}".strip(), each.why) for name, each in basis.assumptions]
    return Table(("assumption", "number", "where from"), rows, words=("number", "where from"))


def prices(known: Prices) -> Table:
    """Show the prices."""
    rows = [
        (price.service, price.what, _tiers(price), _unit(price), f"[{price.seen}]({price.page}), {price.date}")
        for price in known.prices.values()
    ]
    columns = ("service", "what", "$", "for", "read in, date")
    return Table(columns, rows, words=columns)


def _tiers(price: Price) -> str:
    first, *others = price.tiers
    return "; ".join([f"{first.usd:g}", *(f"{tier.usd:g} above {tier.above:,.0f}" for tier in others)])


def _unit(price: Price) -> str:
    return f"{price.per:,.0f} {price.unit}" if price.per > 1 else price.unit
