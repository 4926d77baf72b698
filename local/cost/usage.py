"""How much is used of what has a price."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from math import ceil
from typing import Final, Self

from local.cost.prices import Prices

GIGABYTE: Final = 2**30
DAYS_A_MONTH: Final = 30
"""What a month is taken for."""

_MILLISECONDS: Final = 1000


@dataclass(frozen=True)
class Usage:
    """Amounts by the name of their price."""

    amounts: Mapping[str, float] = field(default_factory=dict)

    @classmethod
    def of(cls, **amounts: float) -> Self:
        """Use these amounts."""
        return cls(amounts)

    def __add__(self, other: Self) -> Self:
        """Use both."""
        names = dict.fromkeys([*self.amounts, *other.amounts])
        return type(self)({name: self.amounts.get(name, 0) + other.amounts.get(name, 0) for name in names})

    def times(self, factor: float) -> Self:
        """Use it so often."""
        return type(self)({name: amount * factor for name, amount in self.amounts.items()})

    def cost(self, prices: Prices) -> Mapping[str, float]:
        """Give the dollars of a month in which this is used, by service."""
        by_service: dict[str, float] = {}
        for name, amount in self.amounts.items():
            price = prices[name]
            by_service[price.service] = by_service.get(price.service, 0) + price.of(amount)
        return by_service


def invocation(seconds: float, memory_gb: float) -> Usage:
    """Use one invocation of a function: Lambda charges each millisecond that has begun."""
    billed = ceil(round(seconds * _MILLISECONDS, 6)) / _MILLISECONDS
    return Usage.of(lambda_requests=1, lambda_gb_seconds=billed * memory_gb)


def logs(log_bytes: float, kept_days: float) -> Usage:
    """Use CloudWatch Logs: bytes are taken in, and kept. AWS stores them compressed; that is not counted on."""
    gigabytes = log_bytes / GIGABYTE
    return Usage.of(log_gb=gigabytes, log_gb_months=gigabytes * kept_days / DAYS_A_MONTH)
