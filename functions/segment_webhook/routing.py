"""Which queues an event goes to: one message for each subscription that wants it."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from aws.messages import DEAD_LETTERS, NO_SUBSCRIPTION, body_for_event, body_for_payload, body_of_message, dead_letter
from aws.queues import MOST_BYTES, Entry
from delivery.incoming import Incoming, IncomingError, IncomingEvent
from delivery.outcome import Outcome
from delivery.subscription import Subscription

WEBHOOK: Final = "segment_webhook"
_LONGEST_ID: Final = 100


class PoisonError(ValueError):
    """What came is no event that can go anywhere, now or later. The reason holds nothing of it."""


@dataclass(frozen=True)
class Came:
    """What came and how it is read, which is decided by where it came from.

    A replay of its dead letter goes to `queue`, and must be read with the same rights there. `body` is the message that
    brought it, None where none did.
    """

    content: Any
    read: Callable[[Any], Incoming]
    queue: str = WEBHOOK
    body: str | None = None


@dataclass(frozen=True)
class Routed:
    """A message for a queue by name, or, where `rejected` says so, for a dead-letter queue.

    `message_id` is what logs find a rejected one by. What is too large for every queue stays with whoever brought it.
    """

    queue: str
    entry: Entry
    rejected: Outcome | None = None
    message_id: str | None = None

    @property
    def is_too_large(self) -> bool:
        """Whether no queue can hold it."""
        return self.entry.size > MOST_BYTES


class Routing:
    """Matches events against all subscriptions."""

    def __init__(self, subscriptions: Sequence[Subscription]) -> None:
        """Match in the order of `subscriptions`."""
        self._subscriptions = subscriptions

    def route(self, came: Came) -> list[Routed]:
        """Give the messages for what came.

        No message means that nothing wants the event. What cannot be read becomes one for a dead-letter queue.
        """
        try:
            routed = self._routed(came.read(came.content))
            too_large = [each.entry.size for each in routed if each.is_too_large]
            if too_large:
                raise PoisonError(f"the message is too large for a queue: {too_large[0]} bytes of {MOST_BYTES}")
        except (IncomingError, PoisonError) as error:
            return [poison(came, str(error))]
        except Exception as error:
            return [poison(came, f"an unexpected {type(error).__name__} while the triggers were tried")]
        return routed

    def _routed(self, incoming: Incoming) -> list[Routed]:
        if isinstance(incoming, IncomingEvent):
            return [
                Routed(each.action, Entry(body_for_event(each.name, incoming.raw)))
                for each in self._subscriptions
                if incoming.action in (None, each.action) and each.reason_against(incoming.event, incoming.raw) is None
            ]
        if not incoming.action or not incoming.message_id:
            raise PoisonError("a payload must name its action and what it is known by")
        return [Routed(incoming.action, Entry(body_for_payload(incoming.payload, incoming.message_id)))]


def poison(came: Came, reason: str) -> Routed:
    """Give the dead letter of what can go nowhere, as it came."""
    outcome = Outcome("rejected", WEBHOOK, NO_SUBSCRIPTION, reason)
    message_id = came.content.get("messageId") if isinstance(came.content, Mapping) else None
    known_by = message_id[:_LONGEST_ID] if isinstance(message_id, str) else None
    letter = dead_letter(came.body or body_of_message(came.content), outcome, known_by)
    return Routed(came.queue + DEAD_LETTERS, letter, outcome, known_by)
