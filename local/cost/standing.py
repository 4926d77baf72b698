"""What the stack costs in a month in which no event comes, and what its start costs."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

from local.cost.basis import Basis
from local.cost.counts import CAUSES, OUTCOMES, SECRET_SECONDS
from local.cost.usage import DAYS_A_MONTH, Usage, invocation

_MONTH_SECONDS: Final = DAYS_A_MONTH * 86_400
_KEY_SECONDS: Final = 300
READY: Final = "send_sms is ready for an event"
"""The point of a start, as the benchmark calls it, up to which any function is taken to be like this one."""

_MILLISECONDS: Final = 1000


@dataclass(frozen=True)
class Standing:
    """Something that is charged by the month; `why` says how much of it there is."""

    what: str
    why: str
    usage: Usage


def standing(basis: Basis) -> Iterator[Standing]:
    """Give all that is charged by the month."""
    stack = basis.stack
    alarms = stack.alarm_metrics()
    yield Standing("alarms", f"{alarms} metrics", Usage.of(alarm_metrics=alarms))
    boards = stack.count("AWS::CloudWatch::Dashboard")
    yield Standing("dashboard", f"{boards}", Usage.of(dashboards=boards))
    yield _polls(basis)
    secrets = stack.count("AWS::SecretsManager::Secret")
    yield Standing("secret", f"{secrets}", Usage.of(secrets=secrets))


def in_use(basis: Basis) -> Iterator[Standing]:
    """Give what is charged by the month for a function that is always in use, whatever its events."""
    # An outcome is counted under service, under service and outcome, and under service, action and outcome.
    yield Standing("metrics of one action that delivers", "3 metrics", Usage.of(metrics=3))
    counting = basis.stack.count("AWS::Lambda::EventSourceMapping")
    most = 1 + OUTCOMES + OUTCOMES * counting + CAUSES
    yield Standing(
        "metrics of all actions with every outcome, at most, instead", f"{most} metrics", Usage.of(metrics=most)
    )
    reads = _MONTH_SECONDS / SECRET_SECONDS
    yield Standing(
        "reads of the secret by one container", f"{reads:,.0f}, one in 5 minutes", Usage.of(secret_reads=reads)
    )
    keys = _MONTH_SECONDS / _KEY_SECONDS
    why = f"{keys:,.0f}: DynamoDB asks KMS once in 5 minutes"
    yield Standing("key of the record of sends, for one function that sends", why, Usage.of(kms_requests=keys))


def start(basis: Basis, function: str) -> Usage:
    """Use one start of a function, all of its time before the first event charged.

    https://aws.amazon.com/blogs/compute/aws-lambda-standardizes-billing-for-init-phase/
    """
    seconds = basis.figures.started(READY) / _MILLISECONDS * basis.stretch(function)
    return Usage.of(lambda_gb_seconds=invocation(seconds, basis.stack.memory_gb(function)).amounts["lambda_gb_seconds"])


def kept_warm(basis: Basis, function: str) -> tuple[Usage, Usage]:
    """Use one container of a function for a month: with provisioned concurrency, or a cached SnapStart snapshot."""
    gigabyte_seconds = basis.stack.memory_gb(function) * _MONTH_SECONDS
    return Usage.of(provisioned_gb_seconds=gigabyte_seconds), Usage.of(snapstart_cache_gb_seconds=gigabyte_seconds)


def _polls(basis: Basis) -> Standing:
    sources = basis.stack.count("AWS::Lambda::EventSourceMapping")
    pollers, wait = basis.limits["source_pollers"], basis.limits["queue_poll_seconds"]
    polls = sources * pollers * _MONTH_SECONDS / wait
    why = f"{sources} queues, {pollers:.0f} reads each, asked every {wait:.0f} s: {polls:,.0f} requests"
    return Standing("queues that are asked and empty", why, Usage.of(sqs_requests=polls))
