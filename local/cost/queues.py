"""Requests to SQS for messages that are sent and taken.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

from math import ceil

from local.cost.basis import Basis
from local.cost.counts import queue_requests
from local.cost.usage import Usage


def sent(basis: Basis, messages: int, message_bytes: float) -> Usage:
    """Use SQS for messages that a function sends, ten a SendMessageBatch (lambda_runtime/queues/queue.py)."""
    return Usage.of(sqs_requests=queue_requests(messages, message_bytes, basis.limits["queue_call_messages"]))


def taken(basis: Basis, messages: int, message_bytes: float) -> Usage:
    """Use SQS for a batch that an event source reads, ten a ReceiveMessage, and deletes, ten a DeleteMessageBatch."""
    most = basis.limits["queue_call_messages"]
    return Usage.of(sqs_requests=queue_requests(messages, message_bytes, most) + ceil(messages / most))
