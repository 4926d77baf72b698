"""The function behind the one URL that Segment is given: what comes goes into the queues of the actions that want it.

It takes POST /segment (one event, or a batch), its own queue (what backfills bring), the queue that EventBridge fills,
and direct invokes with one event. https://segment.com/docs/connections/destinations/catalog/actions-webhook/
"""

import json
import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from actions.delivery.incoming import EVENTBRIDGE, events_of_request, is_envelope, is_of_eventbridge, segment_event
from actions.delivery.subscriptions_file import read_subscriptions
from lambda_runtime.doors.signed_request import SignedRequests, is_request, refusal, response
from lambda_runtime.doors.work import EnvelopeError
from lambda_runtime.observability import count_alike, log, logger
from lambda_runtime.queues.message import Message, failures, is_of_queue
from lambda_runtime.queues.queue import Queues
from lambda_runtime.routing import WEBHOOK, Came, Routed, Routing
from lambda_runtime.secret import SecretError, SecretReader
from lambda_runtime.settings import Settings
from lambda_runtime.snapshots import register_hooks

_ROUTE: Final = "/segment"
_MOST_EVENTS: Final = 4_000
_ANSWER_SECONDS: Final = 4.5
_MARGIN_SECONDS: Final = 1.0
_NOT_TAKEN: Final = "the queues did not take all of it: send it again, and what they have is recognised"


class NotQueuedError(RuntimeError):
    """The queues did not take all of a direct invoke: raised so that who invoked tries again."""


class WebhookFunction:
    """Stands behind segment_webhook's `handler`. Raises SettingsError or SubscriptionError where it cannot start."""

    def __init__(
        self, environment: Mapping[str, str] = os.environ, monotonic: Callable[[], float] = time.monotonic
    ) -> None:
        """Read the environment and the subscriptions."""
        self._settings = Settings.from_environment(environment)
        self._monotonic = monotonic
        self._secret_reader = SecretReader(self._settings, monotonic)
        self._requests = SignedRequests(_ROUTE, self._secret_reader)
        subscriptions = read_subscriptions(self._settings.subscriptions_path)
        self._routing = Routing(subscriptions)
        self._bus = self._settings.event_bus
        self._queues = Queues(self._settings.queue_prefix)
        register_hooks(environment, self._load, self._secret_reader.forget)

    def answer(self, event: Mapping[str, Any], context: LambdaContext | None) -> dict[str, Any]:
        """Put what an invocation brings into the queues, and answer in the way of its door."""
        left = context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS if context else float("inf")
        if is_of_queue(event):
            return self._answer_queue([Message.of(record) for record in event["Records"]], left)
        if is_request(event):
            return self._answer_request(event, min(left, _ANSWER_SECONDS))
        missed, counts = self._queue([self._invoked(event)], left)
        if missed:
            raise NotQueuedError(_NOT_TAKEN)
        return counts

    def _load(self) -> None:
        self._secret_reader.load()
        self._queues.load()

    def _answer_queue(self, messages: Sequence[Message], seconds: float) -> dict[str, Any]:
        missed, _ = self._queue([self._brought(message) for message in messages], seconds)
        return failures([messages[position].id for position in sorted(missed)])

    def _answer_request(self, event: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        until = self._monotonic() + seconds
        try:
            events = _events(self._requests.read(event))
            came = [Came(each, segment_event) for each in events]
            missed, counts = self._queue(came, until - self._monotonic())
        except EnvelopeError as error:
            logger.warning("refused", status=int(error.status), reason=str(error))
            return refusal(error)
        except SecretError as error:
            logger.error(str(error), door="api_gateway")
            return response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": "the secret of this function cannot be used"})
        return response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": _NOT_TAKEN}) if missed else response(200, counts)

    def _brought(self, message: Message) -> Came:
        """Give what a message brings: its queue alone says whether EventBridge delivered it."""
        content = _read(message.body)
        if is_of_eventbridge(message.queue):
            return Came(content, self._bus.read, EVENTBRIDGE, message.body)
        return Came(content, segment_event, WEBHOOK, message.body)

    def _invoked(self, event: Any) -> Came:
        return Came(event, self._bus.read, EVENTBRIDGE) if is_envelope(event) else Came(event, segment_event)

    def _queue(self, came: Sequence[Came], seconds: float) -> tuple[set[int], dict[str, Any]]:
        """Queue all; give the positions of those that the queues did not take, and the counts of the others."""
        until = self._monotonic() + seconds
        routed = [self._routing.route(each) for each in came]
        by_queue: dict[str, list[tuple[int, Routed]]] = {}
        for position, messages in enumerate(routed):
            for message in messages:
                by_queue.setdefault(message.queue, []).append((position, message))
        entries = {name: [message.entry for _, message in some] for name, some in by_queue.items()}
        failed = self._queues.send(entries, lambda: self._monotonic() < until)
        missed = {by_queue[name][entry][0] for name, some in failed.items() for entry in some}
        return missed, self._tell(
            [messages for position, messages in enumerate(routed) if position not in missed], missed
        )

    def _tell(self, routed: Sequence[Sequence[Routed]], missed: set[int]) -> dict[str, Any]:
        rejected = [message for messages in routed for message in messages if message.rejected]
        queued = Counter(message.queue for messages in routed for message in messages if not message.rejected)
        skipped = sum(not messages for messages in routed)
        for message in rejected:
            if message.rejected:
                log(message.rejected, door=WEBHOOK, correlation_id=message.entry.attributes.get("messageId"))
        for kind, number in (("skipped", skipped), ("rejected", len(rejected))):
            if number:
                count_alike(WEBHOOK, kind, number, self._settings)
        counts = {"events": len(routed), "queued": dict(queued), "skipped": skipped, "rejected": len(rejected)}
        logger.set_correlation_id(None)
        logger.info("queued", counts=counts)
        if missed:
            logger.error("the queues did not take all", missed=len(missed))
        return counts


def _events(content: Any) -> list[Any]:
    events = events_of_request(content)
    if len(events) > _MOST_EVENTS:
        raise EnvelopeError(f"a batch has at most {_MOST_EVENTS} events", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return events


def _read(body: str) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return body
