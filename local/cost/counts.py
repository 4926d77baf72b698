"""What the functions do of a kind for an event or a batch, as it is written in their code.

tests/unit/local/cost/test_counts.py holds these against the code.
"""

from collections.abc import Sequence
from itertools import accumulate, chain, count, repeat
from math import ceil
from typing import Final

SIDE_BY_SIDE: Final = 4
"""Calls to Dotdigital at once in a function (actions/delivery/together.py)."""

SECRET_SECONDS: Final = 300
"""For how long a function keeps the secret that it has read (SECRET_MAX_AGE_SECONDS, docs/settings.md)."""

OUTCOMES: Final = 5
"""Kinds of outcomes, each a value of a metric's dimension (actions/delivery/outcome.py)."""

CAUSES: Final = 2
"""Metrics beside Outcomes: CredentialsRefused and RateLimited (lambda_runtime/observability.py)."""

WRITES_A_SEND: Final = 2
"""The claim of a send before it, and its outcome after it (lambda_runtime/sends_table.py)."""

QUEUE_CHUNK: Final = 65_536
"""Bytes of a call to SQS, or of an event on EventBridge, that are charged as one.

https://aws.amazon.com/sqs/pricing/ and https://aws.amazon.com/eventbridge/pricing/
"""

IMPORT_WAITS: Final[Sequence[float]] = (0.5, 1.0, 2.0, 4.0, 8.0)
"""Seconds before each look at an import's report, then LONGEST_IMPORT_WAIT (dotdigital/contact_imports.py)."""

LONGEST_IMPORT_WAIT: Final = 15.0


def looks_at_report(import_seconds: float) -> tuple[int, float]:
    """Give how often a report is looked at, and the seconds waited in all, where the import takes so long."""
    waits = accumulate(chain(IMPORT_WAITS, repeat(LONGEST_IMPORT_WAIT)))
    return next((looks, waited) for looks, waited in zip(count(1), waits, strict=False) if waited >= import_seconds)


def queue_requests(messages: int, message_bytes: float, messages_a_call: float) -> int:
    """Give how many requests SQS charges to send, or to receive, so many messages in as few calls as it takes."""
    calls, rest = divmod(messages, int(messages_a_call))
    full = calls * ceil(messages_a_call * message_bytes / QUEUE_CHUNK)
    return full + (ceil(rest * message_bytes / QUEUE_CHUNK) if rest else 0)
