"""Logs and metrics: one log line and one metric an outcome, without personal data.

https://docs.powertools.aws.dev/lambda/python/latest/core/logger/ and …/core/metrics/
"""

from typing import Final

from aws_lambda_powertools import Logger, single_metric
from aws_lambda_powertools.metrics import MetricUnit

from actions.delivery.outcome import Outcome

logger: Final = Logger()
_LEVELS: Final = {
    "delivered": "info",
    "skipped": "info",
    "rejected": "warning",
    "retry": "warning",
    "in_doubt": "error",
}


def record(outcome: Outcome, *, door: str, namespace: str) -> None:
    """Log an outcome under the current correlation id and count it by action and outcome.

    Of what Dotdigital says the status, the code and the ids are logged, not its words, which may hold a name.
    """
    answered = outcome.dotdigital or {}
    log = getattr(logger, _LEVELS[outcome.outcome])
    log(
        "outcome",
        outcome=outcome.outcome,
        action=outcome.action,
        subscription=outcome.subscription,
        door=door,
        reason=None if "status" in answered else outcome.reason,
        fields=sorted(outcome.fields or ()),
        dotdigital=answered,
    )
    with single_metric("Outcomes", MetricUnit.Count, 1, namespace=namespace) as metric:
        metric.add_dimension("action", outcome.action)
        metric.add_dimension("outcome", outcome.outcome)
