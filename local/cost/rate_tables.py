"""The tables of limits, and of how much can go through."""

from itertools import groupby
from typing import Final

from local.cost.basis import Basis
from local.cost.deliveries import DELIVERIES, Delivery
from local.cost.rates import (
    MONTH_HOURS,
    MONTH_MINUTES,
    MONTH_SECONDS,
    counted_calls,
    delivered_a_second,
    posted_a_second,
    published_a_second,
)
from local.cost.table import Table, number

_POSTED: Final = (1, 1_000)
_PUBLISHED: Final = (1, 100)
_MILLION: Final = 1_000_000
_THOUSAND: Final = 1_000


def limits(basis: Basis) -> Table:
    """Show the limits that are stated, by service."""
    rows = []
    for service, some in groupby(basis.limits.root.values(), lambda limit: limit.service):
        rows += [
            (
                service,
                f"{number(limit.value)} {limit.unit}",
                limit.of,
                limit.raised,
                f"[{_read(seen=limit.seen)}]({limit.page})",
            )
            for limit in some
        ]
    columns = ("service", "limit", "of what", "can be raised", "page")
    return Table(columns, rows, words=columns)


def ways_in(basis: Basis) -> Table:
    """Show the events a second that each way in takes."""
    api, account = basis.stack.parameter("ApiRateLimit"), basis.limits["api_account_rps"]
    rows = [
        _in_row(
            f"POST /segment, {events:,} a request",
            posted_a_second(basis, events, api),
            posted_a_second(basis, events, account),
        )
        for events in _POSTED
    ]
    for events in _PUBLISHED:
        most = published_a_second(basis, events)
        rows.append(_in_row(f"EventBridge, {events:,} at a time", most, most))
    columns = ("way in", "events a second by default", "a month", "events a second by AWS's quotas", "a month")
    return Table(columns, rows)


def ways_out(basis: Basis) -> Table:
    """Show the events a second that each way out delivers, where Dotdigital sets no limit."""
    rows = []
    for delivery in DELIVERIES:
        functions = basis.stack.concurrency(delivery.function)
        default = delivered_a_second(basis, delivery, functions)
        most = delivered_a_second(basis, delivery, basis.limits["source_concurrency"])
        seconds = number(delivery.seconds(basis))
        rows.append((delivery.title, seconds, f"{functions}", number(default), _month(default), number(most)))
    columns = (
        "way out", "s an invocation", "functions at once by default", "events a second", "a month",
        "events a second by AWS's quotas",
    )  # fmt: skip
    return Table(columns, rows)


def by_dotdigital(basis: Basis) -> Table:
    """Show the events a month that Dotdigital's own limits let through."""
    low, flat = basis.limits["low_calls_a_minute"], basis.limits["flat_calls_an_hour"]
    contacts = [each for each in DELIVERIES if not each.guarded]
    rows = [_dotdigital_row(basis, each, low, flat) for each in contacts]
    enrolled = basis.limits["enrolment_calls_an_hour"] * basis.limits["enrolment_contacts"]
    mails = basis.limits["transactional_emails_a_day"] * MONTH_HOURS / 24
    rows += [
        ("send_transactional_sms, each a call", "1", "not counted", "not stated"),
        ("enrol_contact, 25 a call", "1/25", _millions(enrolled * MONTH_HOURS), _millions(enrolled * MONTH_HOURS)),
        ("send_transactional_email", "1", _millions(mails), _millions(mails)),
    ]
    columns = (
        "way out",
        "calls an event",
        f"events a month at {low:.0f} calls a minute",
        "events a month, flat scheme",
    )
    return Table(columns, rows)


def _dotdigital_row(basis: Basis, delivery: Delivery, low: float, flat: float) -> tuple[str, ...]:
    counted, made = counted_calls(basis, delivery), delivery.calls(basis) / delivery.messages
    return (
        delivery.title,
        f"{counted:.2g}",
        _millions(low * MONTH_MINUTES / counted),
        _millions(flat * MONTH_HOURS / made),
    )


def _in_row(title: str, default: float, most: float) -> tuple[str, ...]:
    return title, number(default), _month(default), number(most), _month(most)


def _month(a_second: float) -> str:
    return _millions(a_second * MONTH_SECONDS)


def _millions(events: float) -> str:
    millions = events / _MILLION
    return f"{millions:,.1f} million" if millions < _THOUSAND else f"{millions / _THOUSAND:,.1f} billion"


def _read(*, seen: bool) -> str:
    return "stated" if seen else "from memory"
