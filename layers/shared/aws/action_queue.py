"""The queue of an action: its messages in; of each the outcome is told, and what is to come again stays.

https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from aws.messages import DEAD_LETTERS, NO_SUBSCRIPTION, Message, dead_letter, failures
from aws.observability import count, log_batch, logger, record_retry_age
from aws.queues import Queues
from aws.secret import UNUSABLE, SecretError
from aws.settings import Settings
from delivery.batch import deliver_many
from delivery.incoming import Incoming, IncomingError, IncomingPayload, message_of_queue
from delivery.outcome import Outcome
from delivery.pipeline import PAYLOAD, Delivery, Prepared
from delivery.subscription import Subscription

_HOUR_SECONDS: Final = 3600
_DAY_SECONDS: Final = 86_400
_FIRST_UNNAMED: Final = 30.0
_NAMED_AS_IT_IS: Final = 5
"""A limit's reset is waited for so often as it was named: a short queue then drains at the limit's own rate."""
_FIRST_GROWN: Final = 60.0
_GROWTH: Final = 1.1
_LONGEST: Final = 900.0
_MOST_WAITS: Final = 288
_LONGEST_OF_SQS: Final = 43_000
"""SQS keeps a message out of sight for 12 hours, 43,200 seconds, counted from when it was received."""
_REMOVED: Final = (
    "subscriptions.json has no subscription of that name any more: give it one and replay this, or drop it"
)
_FORGOTTEN: Final = "it was tried before, and so long ago that the record of its send is gone"


class Done(NamedTuple):
    """What became of a message; `message_id` is Segment's id of the event in it."""

    message: Message
    message_id: str | None
    outcome: Outcome


class _Read(NamedTuple):
    """What a message brought, and the payload that it comes to, or the outcome where it comes to none."""

    message: Message
    incoming: Incoming | None
    prepared: Prepared[Any] | Outcome

    @property
    def timestamp(self) -> float:
        happened = self.incoming.timestamp if self.incoming else None
        return self.message.sent_at if happened is None else happened.timestamp()

    def done(self, outcome: Outcome) -> Done:
        return Done(self.message, self.incoming.message_id if self.incoming else None, outcome)


class ActionQueue:
    """Delivers the messages of one action's queue."""

    def __init__(
        self,
        action: str,
        subscriptions: Sequence[Subscription],
        settings: Settings,
        now: Callable[[], float],
        jitter: Callable[[], float] = random.random,
    ) -> None:
        """Take messages for `action`; `subscriptions` are all that there are.

        `now` gives epoch seconds; `jitter` gives 0 to 1 and spreads the waits.
        """
        self._action = action
        self._subscriptions = {subscription.name: subscription for subscription in subscriptions}
        self._settings = settings
        self._queues = Queues(settings.queue_prefix)
        self._now = now
        self._jitter = jitter

    def load(self) -> None:
        """Make what reaches the queues, and reach none yet."""
        self._queues.load()

    def respond(self, event: Mapping[str, Any], start: Callable[[], Delivery[Any]]) -> dict[str, Any]:
        """Deliver the messages of an invocation, in the order of their events, and name those that are to come again.

        `start` gives the delivery, and raises SecretError.
        """
        messages = [Message.of(record) for record in event["Records"]]
        try:
            delivery = start()
        except SecretError as error:
            logger.error(str(error), source="sqs")
            outcome = Outcome("retry", self._action, NO_SUBSCRIPTION, UNUSABLE)
            return self.complete([Done(message, None, outcome) for message in messages])
        read = sorted((self._read(message, delivery) for message in messages), key=lambda each: each.timestamp)
        outcomes = iter(deliver_many(delivery, [each.prepared for each in read if isinstance(each.prepared, Prepared)]))
        return self.complete(
            [each.done(each.prepared if isinstance(each.prepared, Outcome) else next(outcomes)) for each in read]
        )

    def _read(self, message: Message, delivery: Delivery[Any]) -> _Read:
        try:
            incoming = message_of_queue(message.body)
        except IncomingError as error:
            return _Read(message, None, Outcome("rejected", self._action, NO_SUBSCRIPTION, str(error)))
        received = datetime.fromtimestamp(message.sent_at, UTC)
        prepared = self._prepared(incoming, delivery, received)
        if isinstance(prepared, Prepared) and prepared.send and self._may_be_forgotten(message):
            return _Read(message, incoming, Outcome("in_doubt", self._action, prepared.subscription, _FORGOTTEN))
        return _Read(message, incoming, prepared)

    def _prepared(self, incoming: Incoming, delivery: Delivery[Any], received: datetime) -> Prepared[Any] | Outcome:
        if isinstance(incoming, IncomingPayload):
            return delivery.prepare_payload(incoming, received)
        name = incoming.subscription or PAYLOAD
        subscription = self._subscriptions.get(name)
        reason = subscription.reason_against_waiting(self._action) if subscription else _REMOVED
        if not subscription or reason:
            return Outcome("rejected", self._action, name, reason)
        return delivery.prepare_event(incoming, subscription, received)

    def complete(self, results: Sequence[Done]) -> dict[str, Any]:
        """Tell each outcome, and keep in the queue what is to come again.

        `rejected` and `in_doubt` leave for the dead-letter queue at once, `retry` after RETRY_FOR_HOURS; where that
        queue cannot be reached the message stays. A `retry` is seen again when its wait is over.
        """
        log_batch([(done.message_id, done.outcome) for done in results])
        count([done.outcome for done in results], self._settings)
        dead = [done for done in results if self._is_dead(done)]
        kept = [done for done in results if done.outcome.outcome == "retry" and done not in dead]
        letters = [dead_letter(done.message.body, done.outcome, done.message_id) for done in dead]
        name = self._action + DEAD_LETTERS
        missed = self._queues.send({name: letters}, lambda: True).get(name, [])
        self._queues.postpone(self._action, {done.message.receipt: self._wait_of(done) for done in kept})
        if missed:
            logger.error("the dead-letter queue did not take all", queue=name, missed=len(missed))
        left = [done.message for done in kept] + [dead[position].message for position in missed]
        if left:
            record_retry_age(self._action, max(map(self._age, left)), self._settings)
        return failures([message.id for message in left])

    def _is_dead(self, done: Done) -> bool:
        kind = done.outcome.outcome
        retry_for = self._settings.retry_for_hours * _HOUR_SECONDS
        is_given_up = done.message.receives > 1 and self._age(done.message) > retry_for
        return kind in ("rejected", "in_doubt") or (kind == "retry" and is_given_up)

    def _may_be_forgotten(self, message: Message) -> bool:
        """Tell whether a message was tried before, and so long ago that the record of its send may be gone."""
        return message.receives > 1 and self._age(message) > self._settings.sends_kept_days * _DAY_SECONDS

    def _age(self, message: Message) -> float:
        return self._now() - message.sent_at

    def _wait_of(self, done: Done) -> int:
        named = done.outcome.retry_after
        return wait_seconds(done.message.receives, named, self._settings.retry_for_hours, self._jitter())


def wait_seconds(receives: int, named: float | None, retry_for_hours: float, jitter: float) -> int:
    """Give the seconds until a message that was received so often is seen again.

    It is never less than what Dotdigital `named`, where it did, and grows up to 900 seconds, or more where a message is
    tried for longer than 72 hours. `jitter` is 0 to 1: messages that were refused together do not come back together.

    Each time that a message comes back counts against its queue's maxReceiveCount: one that waits for all of
    RETRY_FOR_HOURS comes back about 400 times, whatever it waits for (tests/template/test_queues.py).
    """
    if named is None:
        grown = _FIRST_UNNAMED * 2.0 ** min(receives - 1, 100)
    elif receives <= _NAMED_AS_IT_IS:
        grown = 0.0
    else:
        grown = _FIRST_GROWN * _GROWTH ** min(receives - _NAMED_AS_IT_IS, 100)
    longest = max(_LONGEST, retry_for_hours * 3600 / _MOST_WAITS)
    spread = round(min(grown, longest) * (0.5 + jitter / 2))
    return min(max(spread, math.ceil(named or 0.0)), _LONGEST_OF_SQS)
