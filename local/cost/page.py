"""docs/cost.md: page.md with the tables and numbers that figures and prices give."""

from collections.abc import Mapping
from string import Template
from typing import Final

from actions.batches.bulk_upsert import BULK_FROM
from local.cost import cost_tables, rate_tables, source_tables
from local.cost.basis import Basis
from local.cost.figures import read_figures
from local.cost.page_costs import costs_in_words
from local.cost.page_rates import rates_in_words
from local.cost.prices import Prices, read_prices
from local.cost.reading import FOLDER
from local.cost.table import Table

MILLION: Final = 1_000_000
BILLION: Final = 1_000_000_000


def cost_page() -> str:
    """Write the page from the files of this package."""
    return write_page(Basis.of(read_figures()), read_prices())


def write_page(basis: Basis, prices: Prices) -> str:
    """Write the page."""
    text = Template((FOLDER / "page.md").read_text(encoding="utf-8"))
    tables = {name: table.markdown() for name, table in _tables(basis, prices).items()}
    words = {**costs_in_words(basis, prices), **rates_in_words(basis, prices)}
    return text.substitute(tables, **words, region=prices.region, bulk_from=BULK_FROM)


def _tables(basis: Basis, prices: Prices) -> Mapping[str, Table]:
    return {
        "by_service": cost_tables.by_service(basis, prices, MILLION),
        "by_the_month": cost_tables.by_the_month(basis, prices),
        "while_in_use": cost_tables.while_in_use(basis, prices),
        "by_answer_time": cost_tables.by_answer_time(basis, prices, MILLION),
        "by_import_time": cost_tables.by_import_time(basis, prices, MILLION),
        "at_scale": cost_tables.at_scale(basis, prices, BILLION),
        "limits": rate_tables.limits(basis),
        "ways_in": rate_tables.ways_in(basis),
        "ways_out": rate_tables.ways_out(basis),
        "by_dotdigital": rate_tables.by_dotdigital(basis),
        "figures": source_tables.figures(basis),
        "batches": source_tables.batches(basis),
        "assumptions": source_tables.assumptions(basis),
        "prices": source_tables.prices(prices),
    }
