"""The dollars and sizes that page.md names in its text."""

from collections.abc import Mapping
from typing import Final

from local.cost.basis import Basis
from local.cost.counts import WRITES_A_SEND
from local.cost.deliveries import IN_BULK, ONE_BY_ONE, SMS
from local.cost.entrances import WEBHOOK
from local.cost.paths import POSTED_IN_BULK, POSTED_ONE_BY_ONE
from local.cost.prices import Prices
from local.cost.standing import READY, kept_warm, standing, start
from local.cost.table import dollars, number
from local.cost.usage import Usage

_MILLION: Final = 1e6
_BILLION: Final = 1e9
_STARTS: Final = 1_000


def costs_in_words(basis: Basis, prices: Prices) -> Mapping[str, str]:
    """Give each number that the page's text names of costs."""
    return {**_of_a_million(basis, prices), **_of_a_billion(basis, prices), **_of_starts(basis, prices)}


def _of_a_million(basis: Basis, prices: Prices) -> Mapping[str, str]:
    bulk, one = POSTED_IN_BULK, POSTED_ONE_BY_ONE
    row, one_row = basis.figures.row(IN_BULK.row), basis.figures.row(ONE_BY_ONE.row)
    sends = SMS.from_queue(basis).times(_MILLION).cost(prices)
    in_bulk = bulk.cost(basis, prices, _MILLION)
    without = sum(sum(part.usage.cost(prices).values()) for part in standing(basis))
    return {
        "api_million": _money(one.cost(basis, prices, _MILLION)["API Gateway"]),
        "batch_api": _money(in_bulk["API Gateway"]),
        "log_million": _money(in_bulk["Logs"]),
        "log_bytes": number(row.log_bytes / row.events),
        "log_bytes_one": number(one_row.log_bytes / one_row.events + basis.assumed("platform_log_bytes")),
        "writes": number(WRITES_A_SEND),
        "record_million": _money(sends["DynamoDB"]),
        "standing": _money(without),
        "bulk_million": _money(sum(in_bulk.values())),
    }


def _of_a_billion(basis: Basis, prices: Prices) -> Mapping[str, str]:
    one, bulk = (path.cost(basis, prices, _BILLION) for path in (POSTED_ONE_BY_ONE, POSTED_IN_BULK))
    stored = {"log_gb_months": POSTED_IN_BULK.usage(basis).amounts["log_gb_months"]}
    return {
        "api_billion_one": _money(one["API Gateway"]),
        "api_billion": _money(bulk["API Gateway"]),
        "log_billion": _money(bulk["Logs"]),
        "log_storage_billion": _money(_sum(Usage(stored).times(_BILLION), prices)),
    }


def _of_starts(basis: Basis, prices: Prices) -> Mapping[str, str]:
    provisioned, snapshot = kept_warm(basis, WEBHOOK)
    return {
        "webhook_starts": _money(_sum(start(basis, WEBHOOK).times(_STARTS), prices)),
        "action_starts": _money(_sum(start(basis, ONE_BY_ONE.function).times(_STARTS), prices)),
        "ready_ms": number(basis.figures.started(READY)),
        "provisioned": _money(_sum(provisioned, prices)),
        "snapstart": _money(_sum(snapshot, prices)),
    }


def _sum(usage: Usage, prices: Prices) -> float:
    return sum(usage.cost(prices).values())


def _money(amount: float) -> str:
    return f"${dollars(amount)}".replace("$<", "less than $")
