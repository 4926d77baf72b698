"""The function behind the one URL that Segment is given: what comes goes into the queues of the actions that want it.

It takes POST /segment (one event, or a batch), its own queue (what backfills bring), the queue that EventBridge fills,
and direct invokes with one event. https://segment.com/docs/connections/destinations/catalog/actions-webhook/
"""

import os
import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, NamedTuple

from aws_lambda_powertools.utilities.typing import LambdaContext

from aws.api_gateway import EnvelopeError, SignedRequests, check_depth, is_request, read_json, refusal, response
from aws.messages import NO_SUBSCRIPTION, Message, failures, is_of_queue
from aws.observability import count_alike, log, logger, record_retry_age, tell_unusable
from aws.queues import MOST_BYTES, Queues
from aws.secret import UNUSABLE, SecretError, SecretReader
from aws.settings import Settings
from aws.start import handler_of, register_hooks
from delivery.incoming import (
    EVENTBRIDGE,
    IncomingEvent,
    events_of_request,
    is_envelope,
    is_of_eventbridge,
    segment_event,
)
from delivery.outcome import Outcome
from delivery.subscriptions_file import read_subscriptions
from dotdigital.json_text import well_formed
from segment_webhook.routing import WEBHOOK, Came, Routed, Routing

_ROUTE: Final = "/segment"
_MOST_EVENTS: Final = 4_000
_ANSWER_SECONDS: Final = 4.5
_MARGIN_SECONDS: Final = 1.0
_NOT_TAKEN: Final = "the queues did not take all of it: send it again, and what they have is recognised"
_TOO_LARGE: Final = (
    f"an event is too large: with the name of its subscription it may have {MOST_BYTES:,} bytes; the others are queued"
)


class NotQueuedError(RuntimeError):
    """The queues did not take all of a direct invoke: raised so that who invoked tries again."""


class _Queued(NamedTuple):
    """Positions of what the queues did not take, and of what none can hold; of all but the first, the counts."""

    missed: set[int]
    too_large: set[int]
    counts: dict[str, Any]
    rejected: Sequence[Outcome]


class WebhookFunction:
    """Stands behind segment_webhook's `handler`. Raises SettingsError or SubscriptionError where it cannot start.

    The events of a subscription that cannot be used are queued: they wait there until it is mended.
    """

    def __init__(
        self,
        environment: Mapping[str, str] = os.environ,
        monotonic: Callable[[], float] = time.monotonic,
        now: Callable[[], float] = time.time,
    ) -> None:
        """Read the environment and the subscriptions. `now` gives epoch seconds."""
        self._settings = Settings.from_environment(environment)
        self._monotonic = monotonic
        self._now = now
        self._secret_reader = SecretReader(self._settings, monotonic)
        self._requests = SignedRequests(_ROUTE, self._secret_reader)
        self._subscriptions = read_subscriptions(self._settings.subscriptions_path)
        tell_unusable(self._subscriptions, self._settings)
        self._routing = Routing(self._subscriptions)
        self._bus = self._settings.event_bus
        self._queues = Queues(self._settings.queue_prefix)
        register_hooks(environment, self._load, self._secret_reader.forget)

    def respond(self, event: Any, context: LambdaContext | None) -> dict[str, Any]:
        """Put what an invocation brings into the queues, and respond as its source expects."""
        tell_unusable(self._subscriptions, self._settings)
        left = context.get_remaining_time_in_millis() / 1000 - _MARGIN_SECONDS if context else float("inf")
        if is_of_queue(event):
            return self._answer_queue([Message.of(record) for record in event["Records"]], left)
        if is_request(event):
            return self._answer_request(event, min(left, _ANSWER_SECONDS))
        return self._answer_invoke(event, left)

    def _load(self) -> None:
        self._secret_reader.load()
        self._queues.load()

    def _answer_queue(self, messages: Sequence[Message], seconds: float) -> dict[str, Any]:
        queued = self._queue([self._brought(message) for message in messages], seconds)
        left = [messages[position] for position in sorted(queued.missed | queued.too_large)]
        if left:
            queue = EVENTBRIDGE if is_of_eventbridge(left[0].queue) else WEBHOOK
            record_retry_age(queue, self._now() - min(message.sent_at for message in left), self._settings)
        return failures([message.id for message in left])

    def _answer_request(self, event: Mapping[str, Any], seconds: float) -> dict[str, Any]:
        until = self._monotonic() + seconds
        try:
            events = _events(self._requests.read(event))
            came = [Came(each, _shallow_event) for each in events]
            queued = self._queue(came, until - self._monotonic())
        except EnvelopeError as error:
            logger.warning("refused", status=int(error.status), reason=str(error))
            return refusal(error)
        except SecretError as error:
            logger.error(str(error), source="api_gateway")
            return response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": UNUSABLE})
        if queued.missed:
            return response(HTTPStatus.SERVICE_UNAVAILABLE, {"message": _NOT_TAKEN})
        if queued.too_large:
            return response(HTTPStatus.REQUEST_ENTITY_TOO_LARGE, {"message": _TOO_LARGE, **queued.counts})
        return response(HTTPStatus.OK, queued.counts)

    def _answer_invoke(self, event: Any, seconds: float) -> dict[str, Any]:
        try:
            check_depth(event)
        except EnvelopeError as error:
            refused = Outcome("rejected", WEBHOOK, NO_SUBSCRIPTION, str(error))
            log(refused, source="direct", correlation_id=None)
            return refused.as_json()
        queued = self._queue([self._invoked(well_formed(event))], seconds)
        if queued.missed:
            raise NotQueuedError(_NOT_TAKEN)
        return queued.counts | (queued.rejected[0].as_json() if queued.rejected else {})

    def _brought(self, message: Message) -> Came:
        """Give what a message brings: its queue alone says whether EventBridge delivered it."""
        content = _read(message.body)
        if is_of_eventbridge(message.queue):
            return Came(content, self._bus.read, EVENTBRIDGE, message.body)
        return Came(content, segment_event, WEBHOOK, message.body)

    def _invoked(self, event: Any) -> Came:
        return Came(event, self._bus.read, EVENTBRIDGE) if is_envelope(event) else Came(event, segment_event)

    def _queue(self, came: Sequence[Came], seconds: float) -> _Queued:
        """Queue all that the queues take and hold."""
        until = self._monotonic() + seconds
        routed = [self._routing.route(each) for each in came]
        too_large = {
            position for position, messages in enumerate(routed) if any(message.is_too_large for message in messages)
        }
        by_queue: dict[str, list[tuple[int, Routed]]] = {}
        for position, messages in enumerate(routed):
            for message in messages if position not in too_large else ():
                by_queue.setdefault(message.queue, []).append((position, message))
        entries = {name: [message.entry for _, message in some] for name, some in by_queue.items()}
        failed = self._queues.send(entries, lambda: self._monotonic() < until)
        missed = {by_queue[name][entry][0] for name, some in failed.items() for entry in some}
        taken = [messages for position, messages in enumerate(routed) if position not in missed]
        rejected = [(each.rejected, each.message_id) for messages in taken for each in messages if each.rejected]
        for outcome, message_id in rejected:
            log(outcome, source=WEBHOOK, correlation_id=message_id)
        if missed:
            logger.error("the queues did not take all", missed=len(missed))
        return _Queued(missed, too_large, self._counted(taken), [outcome for outcome, _ in rejected])

    def _counted(self, routed: Sequence[Sequence[Routed]]) -> dict[str, Any]:
        messages = [message for some in routed for message in some]
        queued = Counter(message.queue for message in messages if not message.rejected)
        skipped, rejected = sum(not some for some in routed), sum(bool(message.rejected) for message in messages)
        for kind, number in (("skipped", skipped), ("rejected", rejected)):
            if number:
                count_alike(WEBHOOK, kind, number, self._settings)
        counts = {"events": len(routed), "queued": dict(queued), "skipped": skipped, "rejected": rejected}
        logger.set_correlation_id(None)
        logger.info("queued", counts=counts)
        return counts


def _shallow_event(raw: Any) -> IncomingEvent:
    check_depth(raw)
    return segment_event(raw)


def _events(content: Any) -> list[Any]:
    events = events_of_request(content)
    if len(events) > _MOST_EVENTS:
        raise EnvelopeError(f"a batch has at most {_MOST_EVENTS} events", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    return events


def _read(body: str) -> Any:
    try:
        return read_json(body.encode(errors="surrogatepass"))
    except EnvelopeError:
        return body


handler = handler_of(WebhookFunction)
