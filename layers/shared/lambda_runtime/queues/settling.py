"""What follows from the outcomes of messages: told, put into the dead-letter queue, or left to come again.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import random
from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

from actions.delivery.outcome import Outcome
from lambda_runtime.observability import count, logger
from lambda_runtime.queues.batch_log import log_batch
from lambda_runtime.queues.dead_letters import DEAD_LETTERS, dead_letter
from lambda_runtime.queues.message import Message, failures
from lambda_runtime.queues.queue import Queues
from lambda_runtime.queues.waits import wait_seconds
from lambda_runtime.settings import Settings

_HOUR_SECONDS: Final = 3600
_DAY_SECONDS: Final = 86_400


class Result(NamedTuple):
    """What became of a message; `message_id` is Segment's id of the event in it."""

    message: Message
    message_id: str | None
    outcome: Outcome


class Settling:
    """Settles the messages of one queue."""

    def __init__(
        self, name: str, settings: Settings, now: Callable[[], float], jitter: Callable[[], float] = random.random
    ) -> None:
        """Settle for the queue `name`. `jitter` gives 0 to 1 and spreads the waits."""
        self._name = name
        self._settings = settings
        self._queues = Queues(settings.queue_prefix)
        self._now = now
        self._jitter = jitter

    def load(self) -> None:
        """Make what reaches the queues, and reach none yet."""
        self._queues.load()

    def may_be_forgotten(self, message: Message) -> bool:
        """Tell whether a message was tried before, and so long ago that the record of its send may be gone."""
        return message.receives > 1 and self._age(message) > self._settings.sends_kept_days * _DAY_SECONDS

    def settle(self, results: Sequence[Result]) -> dict[str, Any]:
        """Tell each outcome and give the answer that keeps in the queue what is to come again.

        `rejected` and `in_doubt` leave for the dead-letter queue at once, `retry` after RETRY_FOR_HOURS; where that
        queue cannot be reached the message stays. A `retry` is seen again when its wait is over.
        """
        log_batch([(result.message_id, result.outcome) for result in results])
        count((result.outcome for result in results), self._settings)
        dead = [result for result in results if self._is_dead(result)]
        kept = [result for result in results if result.outcome.outcome == "retry" and result not in dead]
        letters = [dead_letter(each.message.body, each.outcome, each.message_id) for each in dead]
        name = self._name + DEAD_LETTERS
        missed = self._queues.send({name: letters}, lambda: True).get(name, [])
        self._queues.postpone(self._name, {each.message.receipt: self._wait_of(each) for each in kept})
        if missed:
            logger.error("the dead-letter queue did not take all", queue=name, missed=len(missed))
        return failures([each.message.id for each in kept] + [dead[position].message.id for position in missed])

    def _is_dead(self, result: Result) -> bool:
        kind = result.outcome.outcome
        is_given_up = self._age(result.message) > self._settings.retry_for_hours * _HOUR_SECONDS
        return kind in ("rejected", "in_doubt") or (kind == "retry" and result.message.receives > 1 and is_given_up)

    def _age(self, message: Message) -> float:
        return self._now() - message.sent_at

    def _wait_of(self, result: Result) -> int:
        named: float | None = (result.outcome.dotdigital or {}).get("retryAfter")
        return wait_seconds(result.message.receives, named, self._settings.retry_for_hours, self._jitter())
