"""docs/cost.md is what figures and prices give."""

import re

from local.cost import cost_tables
from local.cost.basis import Basis
from local.cost.figures import Figures
from local.cost.page import write_page
from local.cost.paths import PATHS
from local.cost.prices import Prices
from local.cost.table import Table, dollars, number
from tests.unit.local.cost.conftest import FIGURES


def test_the_page_has_a_line_for_each_path_and_leaves_nothing_to_fill_in(basis: Basis, prices: Prices) -> None:
    page = write_page(basis, prices)
    for path in PATHS:
        total = dollars(sum(path.cost(basis, prices, 1_000_000).values()))
        assert re.search(rf"^\| {re.escape(path.title)} \|.*\| {re.escape(total)} \| ", page, re.MULTILINE)
    assert not re.search(r"\$[a-z_{]", page)


def test_the_text_of_the_page_stays_within_its_lines(basis: Basis, prices: Prices) -> None:
    prose = [line for line in write_page(basis, prices).splitlines() if not line.startswith("|")]
    assert [line for line in prose if len(line) > 140] == []


def test_another_figure_is_another_page(basis: Basis, prices: Prices) -> None:
    slower = FIGURES | {"startup": [each | {"milliseconds": 900.0} for each in FIGURES["startup"]]}
    other = Basis(Figures.model_validate(slower), basis.stack, basis.limits, basis.assumptions)
    assert write_page(other, prices) != write_page(basis, prices)


def test_what_most_is_paid_for_is_named() -> None:
    assert cost_tables.dominant({"SQS": 1, "Lambda": 2.5, "Logs": 0.5}) == "Lambda, 62%"


def test_a_table_on_a_page_has_numbers_at_the_right() -> None:
    table = Table(("what", "how many", "why"), [("a | b", "1", "so")], words=("why",))
    assert table.markdown().splitlines() == [
        "| what | how many | why |",
        "| --- | ---: | --- |",
        "| a \\| b | 1 | so |",
    ]


def test_money_and_numbers_are_written_for_a_person() -> None:
    assert [dollars(amount) for amount in (0, 0.004, 0.005, 1234.5)] == ["0.00", "<0.01", "0.01", "1,234.50"]
    assert [number(value) for value in (0.386, 2, 12.4, 1200)] == ["0.39", "2", "12", "1,200"]
