"""The log of a batch: a line an outcome, but one line for many that are alike, which is what a large batch ends in.

A line an outcome would be half of the time of an event in a bulk import, and two thirds of its log's bytes.
"""

from collections.abc import Sequence
from itertools import batched
from typing import Final

from actions.delivery.outcome import Outcome
from actions.delivery.telling import shown_answer
from lambda_runtime.observability import log, logger, shown_id

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
                log(outcome, door="sqs", correlation_id=message_id)


def _log_alike(some: Sequence[tuple[str | None, Outcome]]) -> None:
    first = some[0][1]
    logger.set_correlation_id(None)
    logger.info(
        "outcomes",
        outcome=first.outcome,
        action=first.action,
        subscription=first.subscription,
        door="sqs",
        reason=first.reason,
        events=[
            {"messageId": shown_id(message_id), "dotdigital": shown_answer(outcome)} for message_id, outcome in some
        ],
    )
