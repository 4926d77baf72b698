"""The files that a calculation starts from: as they ship, and what is said of one that is not right."""

import json
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from local.cost.assumptions import read_assumptions
from local.cost.errors import CostError
from local.cost.figures import read_figures
from local.cost.limits import read_limits
from local.cost.prices import Prices, Tier, read_prices
from tests.unit.local.cost.conftest import FIGURES

REMEDY = "make bench JSON=local/cost/figures.json measures anew"


def test_every_price_and_limit_has_its_page() -> None:
    pages = [price.page for price in read_prices().prices.values()]
    pages += [limit.page for limit in read_limits().root.values()]
    assert {urlsplit(page).scheme for page in pages} == {"https"}
    assert all(
        page.partition("//")[2].partition("/")[0].endswith((".aws", ".amazon.com", "dotdigital.com")) for page in pages
    )


def test_a_price_out_of_awss_list_names_the_list() -> None:
    assert [
        name for name, price in read_prices().prices.items() if (price.seen == "price list") != bool(price.offer)
    ] == []


@pytest.mark.parametrize(("amount", "cost"), [(0, 0), (5, 10), (10, 20), (30, 20 + 20), (50, 20 + 30 + 5)])
def test_what_is_above_a_tier_costs_that_tiers_price(prices: Prices, amount: float, cost: float) -> None:
    tiers = (Tier(usd=20), Tier(above=10, usd=10), Tier(above=40, usd=5))
    price = prices["sqs_requests"].model_copy(update={"per": 10, "tiers": tiers})
    assert price.of(amount) == cost


def test_a_number_is_put_in_place_of_an_assumption_and_the_others_stay() -> None:
    before = read_assumptions()
    after = before.put(import_seconds=99)
    assert after.import_seconds.value == 99
    assert after.model_copy(update={"import_seconds": before.import_seconds}) == before


def test_figures_that_are_not_there_say_how_they_are_made(tmp_path: Path) -> None:
    with pytest.raises(CostError) as raised:
        read_figures(tmp_path / "none.json")
    assert str(raised.value) == f"{tmp_path}/none.json cannot be read (No such file or directory): {REMEDY}"


def test_figures_of_another_shape_say_what_is_not_right(tmp_path: Path) -> None:
    path = tmp_path / "figures.json"
    path.write_text(json.dumps(FIGURES | {"startup": [{"until": "some point"}]}), encoding="utf-8")
    with pytest.raises(CostError) as raised:
        read_figures(path)
    assert str(raised.value) == f"{path} is not right: startup.0.milliseconds: Field required: {REMEDY}"


def test_a_row_that_was_not_measured_is_named(figures_file: Path) -> None:
    with pytest.raises(
        CostError, match=r"^the benchmark's figures have no 'fly', but 'add_contact_to_list, one by one', "
    ):
        read_figures(figures_file).row("fly")
