"""The times, rates and limits that page.md names in its text."""

from collections.abc import Mapping
from typing import Final

from local.cost.basis import Basis
from local.cost.counts import WRITES_A_SEND
from local.cost.deliveries import IN_BULK, ONE_BY_ONE
from local.cost.prices import Prices
from local.cost.rates import MONTH_HOURS, MONTH_MINUTES, MONTH_SECONDS, counted_calls, functions_for
from local.cost.table import number

_MILLION: Final = 1e6
_BILLION: Final = 1e9
_POSTED: Final = 1_000
_MEGABYTE: Final = 2**20


def rates_in_words(basis: Basis, prices: Prices) -> Mapping[str, str]:
    """Give each number that the page's text names of times, rates and limits."""
    return {name: number(value) for name, value in {**_times(basis), **_rates(basis), **_bounds(basis)}.items()} | {
        "flat_bulk": _millions(basis)
    }


def _times(basis: Basis) -> Mapping[str, float]:
    answer = basis.assumed("dotdigital_answer_ms")
    return {
        "answer_ms": answer,
        "import_seconds": basis.assumed("import_seconds"),
        "window": basis.stack.parameter("BatchingWindowSeconds"),
        "event_bytes": basis.figures.batch(1).bytes,
        "one_ms": ONE_BY_ONE.seconds(basis) * 1000,
        "wait_ms": answer,
        "bulk_ms": IN_BULK.seconds(basis) * 1000 / IN_BULK.messages,
    }


def _rates(basis: Basis) -> Mapping[str, float]:
    a_second = _BILLION / MONTH_SECONDS
    return {
        "even_million": _MILLION / MONTH_SECONDS,
        "even_billion": a_second,
        "even_requests": a_second / _POSTED,
        "even_writes": a_second * WRITES_A_SEND,
        "calls_one": counted_calls(basis, ONE_BY_ONE) * _BILLION / MONTH_MINUTES,
        "calls_bulk": counted_calls(basis, IN_BULK) * _BILLION / MONTH_MINUTES,
        "functions_bulk": functions_for(basis, IN_BULK, _BILLION),
    }


def _bounds(basis: Basis) -> Mapping[str, float]:
    limits = basis.limits
    return {
        "api_rate": basis.stack.parameter("ApiRateLimit"),
        "concurrency": basis.stack.concurrency(IN_BULK.function),
        "in_flight": limits["queue_in_flight"],
        "low": limits["low_calls_a_minute"],
        "imports": limits["imports_under_way"],
        "lambda_concurrency": limits["lambda_concurrency"],
        "new_table": limits["new_table_writes"],
        "payload": limits["lambda_payload_mb"],
        "source_batch": limits["source_batch"],
        "most_messages": limits["lambda_payload_mb"] * _MEGABYTE // basis.figures.batch(1).bytes,
    }


def _millions(basis: Basis) -> str:
    calls = IN_BULK.calls(basis) / IN_BULK.messages
    return f"{basis.limits['flat_calls_an_hour'] * MONTH_HOURS / calls / _MILLION:,.0f} million"
