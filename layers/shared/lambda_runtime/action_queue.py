"""The SQS door of an action: messages in; of each its outcome is told, and what is to come again stays in the queue."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final, NamedTuple

from actions.delivery.deliver import Delivery, Due
from actions.delivery.outcome import Outcome
from actions.delivery.subscription import Subscription
from actions.delivery.together import deliver_together
from lambda_runtime.observability import logger
from lambda_runtime.queues.content import Content, ContentError, PayloadContent, read_content
from lambda_runtime.queues.dead_letters import NO_SUBSCRIPTION
from lambda_runtime.queues.message import Message
from lambda_runtime.queues.settling import Result, Settling
from lambda_runtime.secret import SecretError

_REMOVED: Final = (
    "subscriptions.json has no subscription of that name any more: give it one and replay this, or drop it"
)


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
