"""Which queues an event goes to: one message for each subscription that wants it."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final
from uuid import uuid4

from actions import action_name
from actions.delivery.outcome import Outcome
from actions.delivery.subscription import Subscription
from lambda_runtime.queues.dead_letters import DEAD_LETTERS, NO_SUBSCRIPTION, dead_letter
from lambda_runtime.queues.message import body_for_event, body_for_payload
from lambda_runtime.queues.queue import MOST_BYTES, Entry
from segment_events import EventError, read_event

WEBHOOK: Final = "segment_webhook"


class PoisonError(ValueError):
    """What came is no event that can go anywhere, now or later. The reason holds nothing of it."""


@dataclass(frozen=True)
class Routed:
    """A message for a queue by name, or, where `rejected` says so, for the webhook's dead-letter queue."""

    queue: str
    entry: Entry
    rejected: Outcome | None = None


class Routing:
    """Matches events against all subscriptions."""

    def __init__(self, subscriptions: Sequence[Subscription], segment_source_prefix: str) -> None:
        """Match in the order of `subscriptions`."""
        self._subscriptions = subscriptions
        self._segment = segment_source_prefix

    def route(self, content: Any) -> list[Routed]:
        """Give the messages for what came: a Segment event, or an EventBridge envelope with one or with a payload.

        No message means that nothing wants the event. What cannot be read becomes one for the dead-letter queue.
        """
        try:
            routed = self._routed(content)
            too_large = [each.entry.size for each in routed if each.entry.size > MOST_BYTES]
            if too_large:
                raise PoisonError(f"the message is too large for a queue: {too_large[0]} bytes of {MOST_BYTES}")
        except PoisonError as error:
            return [poison(content, str(error))]
        except Exception as error:
            return [poison(content, f"an unexpected {type(error).__name__} while the triggers were tried")]
        return routed

    def _routed(self, content: Any) -> list[Routed]:
        if not isinstance(content, Mapping):
            raise PoisonError("not a Segment event: it is not an object")
        if not ("detail-type" in content and "detail" in content):
            return self._for_subscriptions(content, self._subscriptions)
        detail = content["detail"]
        if str(content.get("source", "")).startswith(self._segment):
            return self._for_subscriptions(detail, self._subscriptions)
        return self._own(detail, str(content["detail-type"]), str(content.get("id", "")))

    def _own(self, detail: Any, detail_type: str, envelope_id: str) -> list[Routed]:
        try:
            action = action_name(detail_type)
        except LookupError:
            raise PoisonError("the detail-type names no action") from None
        if not isinstance(detail, Mapping):
            raise PoisonError("the detail is not an object")
        if isinstance(detail.get("payload"), Mapping) and "type" not in detail:
            message_id = detail.get("messageId") or envelope_id or uuid4()
            return [Routed(action, Entry(body_for_payload(detail["payload"], str(message_id))))]
        raw = detail["event"] if isinstance(detail.get("event"), Mapping) else detail
        return self._for_subscriptions(raw, [each for each in self._subscriptions if each.action == action])

    def _for_subscriptions(self, raw: Any, subscriptions: Sequence[Subscription]) -> list[Routed]:
        try:
            event = read_event(raw)
        except EventError as error:
            raise PoisonError(f"not a Segment event: {error}") from None
        wanting = [each for each in subscriptions if each.reason_against(event, raw) is None]
        return [Routed(each.action, Entry(body_for_event(each.name, raw))) for each in wanting]


def poison(content: Any, reason: str) -> Routed:
    """Give the dead letter of what can go nowhere: as it came, or its ids alone where it is too large for a queue."""
    outcome = Outcome("rejected", WEBHOOK, NO_SUBSCRIPTION, reason)
    ids = {key: value for key in ("messageId", "type") if (value := _text(content, key))}
    letter = dead_letter(json.dumps(content), outcome, ids.get("messageId"))
    if letter.size > MOST_BYTES:
        letter = dead_letter(json.dumps({"tooLarge": ids}), outcome, ids.get("messageId"))
    return Routed(WEBHOOK + DEAD_LETTERS, letter, outcome)


def _text(content: Any, key: str) -> str | None:
    value = content.get(key) if isinstance(content, Mapping) else None
    return value[:100] if isinstance(value, str) else None
