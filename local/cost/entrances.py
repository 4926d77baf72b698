"""What an event uses until it is in the queue of an action, by the way that it comes in."""

from math import ceil
from typing import Final

from local.cost.basis import Basis
from local.cost.counts import QUEUE_CHUNK
from local.cost.queues import sent, taken
from local.cost.usage import GIGABYTE, Usage, invocation, logs

WEBHOOK: Final = "segment_webhook"


def asked(basis: Basis) -> Usage:
    """Use API Gateway for one request and its answer."""
    return Usage.of(api_gateway_requests=1, transfer_gb=basis.assumed("answer_bytes") / GIGABYTE)


def posted(basis: Basis, events: int) -> Usage:
    """Give what an event uses that comes by POST /segment with so many in a request."""
    return (asked(basis) + _queued(basis, events)).times(1 / events)


def published(basis: Basis, events: int) -> Usage:
    """Give what an event uses that comes by EventBridge, where the webhook's queue brings so many at once.

    EventBridge's own SendMessage is counted as a request to SQS.
    """
    event_bytes = _event_bytes(basis, events)
    chunks = ceil(event_bytes / QUEUE_CHUNK)
    of_batch = taken(basis, events, event_bytes) + _queued(basis, events)
    return Usage.of(eventbridge_events=chunks, sqs_requests=chunks) + of_batch.times(1 / events)


def webhook_seconds(basis: Basis, events: int) -> float:
    """Give the seconds that segment_webhook takes for so many events."""
    return basis.figures.batch(events).p50 * basis.stretch(WEBHOOK)


def _queued(basis: Basis, events: int) -> Usage:
    """Use one invocation of segment_webhook and what it sends."""
    messages = round(events * basis.assumed("subscriptions_an_event"))
    log_bytes = basis.assumed("webhook_log_bytes") + basis.assumed("platform_log_bytes")
    return (
        invocation(webhook_seconds(basis, events), basis.stack.memory_gb(WEBHOOK))
        + sent(basis, messages, _event_bytes(basis, events))
        + logs(log_bytes, basis.stack.parameter("LogRetentionDays"))
    )


def _event_bytes(basis: Basis, events: int) -> float:
    return basis.figures.batch(events).bytes / events
