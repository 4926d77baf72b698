"""Logs and metrics: one log line for each outcome, one metric for all that are alike, without personal data.

https://docs.powertools.aws.dev/lambda/python/latest/core/logger/ and …/core/metrics/
"""

import json
from collections import Counter
from collections.abc import Iterable, Sequence
from functools import cache
from itertools import batched
from typing import Any, Final, Literal

from aws_lambda_powertools import Logger
from aws_lambda_powertools.metrics import EphemeralMetrics, MetricUnit
from botocore.exceptions import BotoCoreError, ClientError

from aws.settings import Settings
from delivery.outcome import Outcome, Refusal
from delivery.subscription import Subscription
from dotdigital.error_responses import account_hint, refuses_api_user
from dotdigital.json_text import well_formed_text
from dotdigital.limits import ENROLMENT_ALLOWANCE
from dotdigital.send_gate import NOT_MADE

_LONGEST_ID: Final = 100


def _line(entry: dict[str, Any]) -> str:
    return well_formed_text(json.dumps(entry, default=str, ensure_ascii=False, separators=(",", ":")))


logger: Final = Logger(json_serializer=_line)
_LEVELS: Final = {
    "delivered": "info",
    "skipped": "info",
    "rejected": "warning",
    "retry": "warning",
    "in_doubt": "error",
}


def log(outcome: Outcome, *, source: str, correlation_id: str | None) -> None:
    """Log an outcome of the event that is found by `correlation_id`.

    Of what Dotdigital says the status, the code and the ids are logged, not its words, which may hold a name.
    """
    unknown = outcome.unknown_fields
    logger.set_correlation_id(shown_id(correlation_id))
    getattr(logger, _LEVELS[outcome.outcome])(
        "outcome",
        outcome=outcome.outcome,
        action=outcome.action,
        subscription=outcome.subscription,
        source=source,
        reason=None if outcome.is_in_dotdigitals_words else outcome.reason,
        fields=[*sorted(outcome.known_fields), *([unknown] if unknown else [])],
        dotdigital=outcome.shown_dotdigital,
    )


def shown_id(message_id: str | None) -> str | None:
    """Shorten an id for a log's line, which holds those of 500 events. What an event is known by is all of it."""
    return message_id if message_id is None or len(message_id) <= _LONGEST_ID else f"{message_id[:_LONGEST_ID]}…"


def shown_error(error: BotoCoreError | ClientError) -> str:
    """Describe a request to AWS that failed: "SendMessageBatch: AccessDenied", the operation and AWS's error code.

    Where no response came it is how the request broke, such as "ReadTimeoutError". AWS's words are left out: they may
    quote what was sent. https://docs.aws.amazon.com/boto3/latest/guide/error-handling.html
    """
    if isinstance(error, ClientError):
        return f"{error.operation_name}: {error.response['Error']['Code']}"
    return type(error).__name__


def count(outcomes: Sequence[Outcome], settings: Settings) -> None:
    """Count outcomes by action and outcome, and what a person should hear of: limits, the API user, the account."""
    counts = Counter((outcome.action, outcome.outcome) for outcome in outcomes)
    for (action, kind), number in counts.items():
        count_alike(action, kind, number, settings)
    causes = Counter(cause for outcome in outcomes if (cause := _cause(outcome)))
    for cause, number in causes.items():
        _metrics(settings, cause, number).flush_metrics()


def count_alike(action: str, kind: str, number: int, settings: Settings) -> None:
    """Count a number of outcomes of one action and kind."""
    metrics = _metrics(settings, "Outcomes", number)
    metrics.add_dimensions(action=action, outcome=kind)
    metrics.add_dimensions(outcome=kind)
    metrics.flush_metrics()


def count_cause(
    name: Literal["SecretUnusable", "SignatureRefused", "SubscriptionUnusable"], settings: Settings, number: int = 1
) -> None:
    """Count what a person should hear of and no outcome tells."""
    _metrics(settings, name, number).flush_metrics()


def tell_unusable(subscriptions: Iterable[Subscription], settings: Settings) -> None:
    """Log each subscription that cannot be used, with what is to be mended, and count them."""
    unusable = [each for each in subscriptions if each.problems]
    if not unusable:
        return
    logger.set_correlation_id(None)
    for each in unusable:
        problems = list(map(str, each.problems))
        logger.error("a subscription cannot be used", subscription=each.name, problems=problems)
    count_cause("SubscriptionUnusable", settings, len(unusable))


def record_retry_age(queue: str, seconds: float, settings: Settings) -> None:
    """Record the age in seconds of the oldest message that goes back into a queue, by the queue's function.

    SQS leaves a message that was received three times out of the age that it reports.
    https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-available-cloudwatch-metrics.html
    """
    metrics = _metrics(settings, "RetryAge", seconds, MetricUnit.Seconds)
    metrics.add_dimensions(action=queue)
    metrics.flush_metrics()


def _metrics(settings: Settings, name: str, number: float, unit: MetricUnit = MetricUnit.Count) -> EphemeralMetrics:
    metrics = _metrics_of(settings.metrics_namespace, settings.service)
    metrics.add_metric(name, unit, number)
    return metrics


@cache
def _metrics_of(namespace: str, service: str) -> EphemeralMetrics:
    metrics = EphemeralMetrics(namespace=namespace, service=service)
    metrics.set_default_dimensions(service=service)
    return metrics


def _cause(outcome: Outcome) -> str | None:
    if outcome.outcome != "retry" or outcome.reason == NOT_MADE:
        return None
    refusal = outcome.refusal or Refusal()
    if refusal.retry_after is not None:
        return "EnrolmentAllowanceUsedUp" if refusal.code == ENROLMENT_ALLOWANCE else "RateLimited"
    if account_hint(refusal.status, refusal.code):
        return "AccountRefuses"
    return "CredentialsRefused" if refuses_api_user(refusal.status, refusal.code) else None


_ALIKE_FROM: Final = 25
_MOST_A_LINE: Final = 500
"""CloudWatch takes 256 KB a line; an event is 36 bytes of id and some of Dotdigital's ids."""
_AS_EXPECTED: Final = ("delivered", "skipped")


def log_batch(outcomes: Sequence[tuple[str | None, Outcome]]) -> None:
    """Log the outcomes of a batch, each with Segment's id of its event.

    What a person may have to act on has a line of its own.
    """
    alike: dict[tuple[str, str, str, str | None], list[tuple[str | None, Outcome]]] = {}
    for message_id, outcome in outcomes:
        key = (outcome.outcome, outcome.action, outcome.subscription, outcome.reason)
        alike.setdefault(key, []).append((message_id, outcome))
    for (kind, *_), some in alike.items():
        if kind in _AS_EXPECTED and len(some) >= _ALIKE_FROM:
            for portion in batched(some, _MOST_A_LINE, strict=False):
                _log_alike(portion)
        else:
            for message_id, outcome in some:
                log(outcome, source="sqs", correlation_id=message_id)


def _log_alike(some: Sequence[tuple[str | None, Outcome]]) -> None:
    first = some[0][1]
    logger.set_correlation_id(None)
    logger.info(
        "outcomes",
        outcome=first.outcome,
        action=first.action,
        subscription=first.subscription,
        source="sqs",
        reason=first.reason,
        events=[
            {"messageId": shown_id(message_id), "dotdigital": outcome.shown_dotdigital} for message_id, outcome in some
        ],
    )
