"""The queue of an action: its messages in; of each the outcome is told, and what is to come again stays.

A message that comes back counts against its queue's maxReceiveCount, so waits grow with the receives: one that waits
for all of RETRY_FOR_HOURS comes back about 400 times, whatever it waits for (tests/template/test_receives.py).
https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
"""

import math
import random
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from aws.messages import (
    DEAD_LETTERS,
    NO_SUBSCRIPTION,
    Content,
    ContentError,
    Message,
    PayloadContent,
    dead_letter,
    failures,
    read_content,
)
from aws.observability import count, log_batch, logger
from aws.queues import Queues
from aws.secret import SecretError
from aws.settings import Settings
from delivery.outcome import Outcome
from delivery.pipeline import Delivery, Due
from delivery.subscription import Subscription
from delivery.together import deliver_together

_REMOVED: Final = (
    "subscriptions.json has no subscription of that name any more: give it one and replay this, or drop it"
)


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


_FIRST_UNNAMED: Final = 30.0
_NAMED_AS_IT_IS: Final = 5
"""A limit's reset is waited for so often as it was named: a short queue then drains at the limit's own rate."""
_FIRST_GROWN: Final = 60.0
_GROWTH: Final = 1.1
_LONGEST: Final = 900.0
_MOST_WAITS: Final = 288
_LONGEST_OF_SQS: Final = 43_000
"""SQS keeps a message out of sight for 12 hours, 43,200 seconds, counted from when it was received."""


def wait_seconds(receives: int, named: float | None, retry_for_hours: float, jitter: float) -> int:
    """Give the seconds until a message that was received so often is seen again.

    It is never less than what Dotdigital `named`, where it did, and grows up to 900 seconds, or more where a message is
    tried for longer than 72 hours. `jitter` is 0 to 1: messages that were refused together do not come back together.
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


class _Read(NamedTuple):
    message: Message
    content: Content | None
    due: Due[Any] | Outcome

    @property
    def moment(self) -> float:
        happened = self.content.moment if self.content else None
        return self.message.sent_at if happened is None else happened

    def result(self, outcome: Outcome) -> Result:
        return Result(self.message, self.content.message_id if self.content else None, outcome)


class ActionQueue:
    """Works on the messages of one action's queue."""

    def __init__(self, action: str, subscriptions: Sequence[Subscription], settling: Settling) -> None:
        """Take messages for `action`; `subscriptions` are all that there are."""
        self._action = action
        self._subscriptions = {subscription.name: subscription for subscription in subscriptions}
        self._settling = settling

    def answer(self, event: Mapping[str, Any], delivery: Callable[[], Delivery[Any]]) -> dict[str, Any]:
        """Work on the messages of an invocation and name those that are to come again.

        They are worked on in the order in which their events happened.
        """
        messages = [Message.of(record) for record in event["Records"]]
        try:
            delivers = delivery()
        except SecretError as error:
            logger.error(str(error), door="sqs")
            outcome = Outcome("retry", self._action, NO_SUBSCRIPTION, "the secret of this function cannot be used")
            return self._settling.settle([Result(message, None, outcome) for message in messages])
        read = sorted((self._read(message, delivers) for message in messages), key=lambda each: each.moment)
        done = iter(deliver_together(delivers, [each.due for each in read if isinstance(each.due, Due)]))
        return self._settling.settle(
            [each.result(next(done) if isinstance(each.due, Due) else each.due) for each in read]
        )

    def _read(self, message: Message, delivery: Delivery[Any]) -> _Read:
        try:
            content = read_content(message.body)
        except ContentError as error:
            return _Read(message, None, Outcome("rejected", self._action, NO_SUBSCRIPTION, str(error)))
        due = self._due(content, delivery, datetime.fromtimestamp(message.sent_at, UTC))
        if isinstance(due, Due) and due.send and self._settling.may_be_forgotten(message):
            reason = "it was tried before, and so long ago that the record of its send is gone"
            return _Read(message, content, Outcome("in_doubt", self._action, content.subscription, reason))
        return _Read(message, content, due)

    def _due(self, content: Content, delivery: Delivery[Any], received: datetime) -> Due[Any] | Outcome:
        if isinstance(content, PayloadContent):
            return delivery.prepare_payload(
                content.payload, content.subscription, content.message_id, content.attempt, received
            )
        subscription = self._subscriptions.get(content.subscription)
        reason = subscription.reason_against_waiting(self._action) if subscription else _REMOVED
        if not subscription or reason:
            return Outcome("rejected", self._action, content.subscription, reason)
        return delivery.prepare_event(content.event, content.raw, subscription, content.attempt, received)
