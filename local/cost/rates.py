"""How many events a second each part can take: at the template's defaults, by AWS's quotas, by Dotdigital's limits."""

from math import ceil
from typing import Final

from local.cost.basis import Basis
from local.cost.deliveries import Delivery
from local.cost.entrances import webhook_seconds
from local.cost.usage import DAYS_A_MONTH

MONTH_SECONDS: Final = DAYS_A_MONTH * 86_400
MONTH_MINUTES: Final = DAYS_A_MONTH * 1440
MONTH_HOURS: Final = DAYS_A_MONTH * 24


def posted_a_second(basis: Basis, events: int, requests_a_second: float) -> float:
    """Give the events a second of POST /segment: what API Gateway takes, or what Lambda can do at once if less."""
    at_once = basis.limits["lambda_concurrency"] / webhook_seconds(basis, events)
    return min(requests_a_second, at_once) * events


def published_a_second(basis: Basis, events: int) -> float:
    """Give the events a second by EventBridge: what it delivers, or what the webhook's event source does if less."""
    at_once = basis.limits["source_concurrency"] / webhook_seconds(basis, events)
    return min(basis.limits["eventbridge_invocations"], at_once * events)


def delivered_a_second(basis: Basis, delivery: Delivery, functions: float) -> float:
    """Give the events a second that so many functions at once deliver."""
    return functions * delivery.messages / delivery.seconds(basis)


def functions_for(basis: Basis, delivery: Delivery, events_a_month: float) -> int:
    """Give how many functions at once deliver so many events, spread evenly over a month."""
    return ceil(events_a_month / MONTH_SECONDS / delivered_a_second(basis, delivery, 1))


def counted_calls(basis: Basis, delivery: Delivery) -> float:
    """Give the calls for each event that Dotdigital's tiers count: looks at a report are in none."""
    return (1 if delivery.imports else delivery.calls(basis)) / delivery.messages
