"""The tables of what is paid."""

from collections.abc import Mapping
from typing import Any, Final

from local.cost.basis import Basis
from local.cost.deliveries import IN_BULK
from local.cost.paths import DIRECT, PATHS, POSTED_IN_BULK, POSTED_ONE_BY_ONE, POSTED_SMS
from local.cost.prices import Prices
from local.cost.rates import MONTH_MINUTES, counted_calls, functions_for
from local.cost.standing import Standing, in_use, standing
from local.cost.table import Table, dollars, number

SERVICES: Final = ("API Gateway", "EventBridge", "Lambda", "SQS", "DynamoDB", "Logs", "Transfer")
_SHOWN: Final = (DIRECT, POSTED_ONE_BY_ONE, PATHS[3], POSTED_IN_BULK, POSTED_SMS)
_ANSWERS_MS: Final = (100, 200, 300, 1_000)
_IMPORTS_S: Final = (1, 10, 60)


def by_service(basis: Basis, prices: Prices, events: float) -> Table:
    """Show what so many events of a month cost on each path, service by service."""
    columns = ("path", *SERVICES, "total", "most of it")
    rows = []
    for path in PATHS:
        costs = path.cost(basis, prices, events)
        paid = (dollars(costs[name]) if name in costs else "" for name in SERVICES)
        rows.append((path.title, *paid, dollars(sum(costs.values())), dominant(costs)))
    return Table(columns, rows, words=("most of it",))


def dominant(costs: Mapping[str, float]) -> str:
    """Name the service that most is paid for, and its part."""
    service = max(costs, key=lambda name: costs[name])
    return f"{service}, {costs[service] / sum(costs.values()):.0%}"


def as_json(basis: Basis, prices: Prices, events: float) -> Mapping[str, Any]:
    """Give the costs for a machine: dollars by service of each path, and of what is charged by the month."""
    paths = {path.title: path.cost(basis, prices, events) for path in PATHS}
    by_the_month = {part.what: _total(part, prices) for part in (*standing(basis), *in_use(basis))}
    return {"region": prices.region, "events": events, "paths": paths, "by_the_month": by_the_month}


def by_the_month(basis: Basis, prices: Prices) -> Table:
    """Show what is charged by the month, whatever comes."""
    parts = list(standing(basis))
    total = sum(_total(part, prices) for part in parts)
    rows = [_standing_row(part, prices) for part in parts]
    return Table(("what", "how much", "$ a month"), [*rows, ("in all", "", dollars(total))], words=("how much",))


def while_in_use(basis: Basis, prices: Prices) -> Table:
    """Show what is charged by the month for functions that are in use."""
    rows = [_standing_row(part, prices) for part in in_use(basis)]
    return Table(("what", "how much", "$ a month"), rows, words=("how much",))


def by_answer_time(basis: Basis, prices: Prices, events: float) -> Table:
    """Show the totals of some paths by how long Dotdigital takes to answer."""
    changed = {f"{ms:,} ms": basis.put(dotdigital_answer_ms=ms) for ms in _ANSWERS_MS}
    rows = [
        (path.title, *(dollars(sum(path.cost(other, prices, events).values())) for other in changed.values()))
        for path in _SHOWN
    ]
    return Table(("path", *changed), rows)


def by_import_time(basis: Basis, prices: Prices, events: float) -> Table:
    """Show the bulk path by how long Dotdigital works on an import; the first row is the sandbox's one import."""
    sandbox = basis.figures.row(IN_BULK.row).waited_seconds
    times = {
        f"as the sandbox: {number(sandbox)} s": sandbox,
        **{f"{seconds} s": float(seconds) for seconds in _IMPORTS_S},
    }
    changed = {name: basis.put(import_seconds=seconds) for name, seconds in times.items()}
    rows = [
        (
            name,
            number(IN_BULK.seconds(other)),
            number(IN_BULK.calls(other)),
            dollars(sum(POSTED_IN_BULK.cost(other, prices, events).values())),
        )
        for name, other in changed.items()
    ]
    return Table(("the import takes", "s an invocation", "calls", "$ by POST /segment with 1,000"), rows)


def at_scale(basis: Basis, prices: Prices, events: float) -> Table:
    """Show the paths at so many events a month: dollars, functions at once, calls a minute that are counted."""
    rows = []
    for path in PATHS:
        costs = path.cost(basis, prices, events)
        calls = counted_calls(basis, path.delivery) * events / MONTH_MINUTES
        functions = functions_for(basis, path.delivery, events)
        rows.append((path.title, dollars(sum(costs.values())), dominant(costs), f"{functions:,}", number(calls)))
    columns = ("path", "$ a month", "most of it", "functions at once", "calls to Dotdigital a minute")
    return Table(columns, rows, words=("most of it",))


def _standing_row(part: Standing, prices: Prices) -> tuple[str, ...]:
    return part.what, part.why, dollars(_total(part, prices))


def _total(part: Standing, prices: Prices) -> float:
    return sum(part.usage.cost(prices).values())
