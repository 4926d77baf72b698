"""AWS's list prices, each with its unit, date and page: prices.json, or another file of its shape."""

from collections.abc import Mapping
from pathlib import Path
from typing import Final, Literal

from pydantic import BaseModel, ConfigDict, Field

from local.cost.reading import FOLDER, read

PRICES: Final = FOLDER / "prices.json"


class Tier(BaseModel):
    """The price in dollars of what is above an amount a month."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    above: float = 0
    usd: float


class Price(BaseModel):
    """What `per` units cost, by tier. `seen` says where the figure was read; `offer` is AWS's machine-readable list."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    service: str
    what: str
    unit: str
    per: float = Field(gt=0)
    tiers: tuple[Tier, ...] = Field(min_length=1)
    page: str
    date: str
    seen: Literal["price list", "other pages", "unverified"]
    offer: str | None = None

    def of(self, amount: float) -> float:
        """Give the dollars for so many units in one month."""
        ends = (*(tier.above for tier in self.tiers[1:]), float("inf"))
        in_tiers = (
            max(0.0, min(amount, end) - tier.above) * tier.usd for tier, end in zip(self.tiers, ends, strict=True)
        )
        return sum(in_tiers) / self.per


class Prices(BaseModel):
    """All prices of a region, by name."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    region: str
    currency: Literal["USD"]
    prices: Mapping[str, Price]

    def __getitem__(self, name: str) -> Price:
        """Give a price by its name."""
        return self.prices[name]


def read_prices(path: Path = PRICES) -> Prices:
    """Read a file of prices. Raises CostError."""
    return read(path, Prices, "local/cost/prices.json has the shape")
