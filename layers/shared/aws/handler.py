"""The function of an action: an invocation of any source in, its outcome out."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from aws.action_queue import ActionQueue
from aws.api_gateway import check_depth
from aws.messages import is_of_queue
from aws.observability import count, log, logger, tell_unusable
from aws.outage_table import OutageTable
from aws.record import SendsTable
from aws.secret import UNUSABLE, SecretError, SecretReader
from aws.settings import Settings
from aws.sources import ApiGatewaySource, DirectSource, EventBridgeSource, Source
from aws.start import register_hooks
from delivery.action import Action
from delivery.incoming import Incoming, IncomingError, IncomingPayload
from delivery.outcome import Kind, Outcome
from delivery.pipeline import Delivery
from delivery.subscription import Subscription, SubscriptionError
from delivery.subscriptions_file import read_subscriptions
from dotdigital import Dotdigital, Transport
from dotdigital.send_gate import SendGate

_MARGIN_SECONDS: Final = 1.0
_BATCH_MARGIN_SECONDS: Final = 5.0
_RECORD_SECONDS: Final = 0.5
"""What an action that sends keeps, of a response's time and of its own, to write what became of the send."""
_GRAVEST_FIRST: Final[tuple[Kind, ...]] = ("retry", "rejected", "in_doubt", "delivered", "skipped")
_NOT_TRIED: Final = "the mapping or the trigger cannot be tried"
_ANY_EVENT: Final = "type != null"


class ActionFunction:
    """What stands behind a function's `handler`. Raises SettingsError or SubscriptionError where it cannot start.

    A subscription that cannot be used does not stop it: the events of that one wait.
    """

    def __init__(
        self,
        action: Action[Any],
        environment: Mapping[str, str] = os.environ,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the environment and the subscriptions; the first event reads the secret and makes the first request.

        `sleep` waits between two looks at an import, `monotonic` tells how long a response has taken.
        """
        self._action = action
        self._settings = Settings.from_environment(environment)
        self._now = now
        self._clock = lambda: now().timestamp()
        self._sleep = sleep
        self._monotonic = monotonic
        self._secret_reader = SecretReader(self._settings, monotonic)
        self._sends = SendsTable(self._settings, self._clock, monotonic)
        self._gate: SendGate | None = None
        self._dotdigital: Dotdigital | None = None
        subscriptions = read_subscriptions(self._settings.subscriptions_path)
        self._subscriptions = tuple(each for each in subscriptions if each.action == self._action.name)
        self._unusable = [each for each in subscriptions if each.problems and each.concerns(self._action.name)]
        tell_unusable(self._unusable, self._settings)
        self._queue = ActionQueue(self._action.name, subscriptions, self._settings, self._clock)
        self._sources: tuple[Source, ...] = (
            ApiGatewaySource(self._action.route, self._secret_reader),
            EventBridgeSource(self._action.name, self._settings.event_bus),
            DirectSource(self._settings.event_bus),
        )
        register_hooks(environment, self._load, self._renew)

    def respond(self, event: Any, context: LambdaContext | None) -> dict[str, Any]:
        """Respond to an invocation as its source expects. Without a context time is not bounded."""
        tell_unusable(self._unusable, self._settings)
        if is_of_queue(event):
            return self._queue.respond(event, lambda: self._delivery(context, _BATCH_MARGIN_SECONDS, float("inf")))
        started = self._monotonic()
        source = next(source for source in self._sources if source.takes(event))
        correlation_id = None
        try:
            check_depth(event)
            incoming = source.read(event)
            correlation_id = incoming.message_id
            kept = _RECORD_SECONDS if self._action.is_send else 0.0
            most = source.most_seconds - kept - (self._monotonic() - started)
            outcomes = self._deliver(incoming, lambda: self._delivery(context, _MARGIN_SECONDS + kept, most))
        except IncomingError as error:
            refused = Outcome("rejected", self._action.name, "", str(error), error.fields)
            self._tell([refused], source, correlation_id)
            return source.refuse(error, refused)
        except SecretError as error:
            logger.error(str(error), source=source.name)
            outcomes = [Outcome("retry", self._action.name, "", UNUSABLE)]
        self._tell(outcomes, source, correlation_id)
        return source.respond(outcomes)

    def _deliver(self, incoming: Incoming, start: Callable[[], Delivery[Any]]) -> Sequence[Outcome]:
        if isinstance(incoming, IncomingPayload):
            return [start().payload(incoming)]
        subscriptions = self._subscriptions
        if incoming.tried is not None:
            subscriptions = (tried_subscription(self._action, incoming.tried),)
        delivery = start()
        outcomes = [delivery.event(incoming, subscription) for subscription in subscriptions]
        if not outcomes:
            return [Outcome("skipped", self._action.name, "", "no subscription is for this action")]
        ordered = sorted(outcomes, key=lambda outcome: _GRAVEST_FIRST.index(outcome.outcome))
        return [outcome for outcome in ordered if outcome.outcome != "skipped"] or ordered[:1]

    def _tell(self, outcomes: Sequence[Outcome], source: Source, correlation_id: str | None) -> None:
        for outcome in outcomes:
            log(outcome, source=source.name, correlation_id=correlation_id)
        count(outcomes, self._settings)

    def _load(self) -> None:
        self._secret_reader.load()
        self._sends.load()
        self._queue.load()

    def _renew(self) -> None:
        self._secret_reader.forget()
        self._dotdigital = None

    def _delivery(self, context: LambdaContext | None, margin: float, most_seconds: float) -> Delivery[Any]:
        dotdigital = self._client()
        if self._gate:
            self._gate.begin()
        if context is not None:
            left = context.get_remaining_time_in_millis() / 1000
            seconds = min(left - margin, most_seconds)
            dotdigital.finish_within(seconds)
            self._sends.finish_within(seconds, recording=left - margin / 2)
        return Delivery(self._action, dotdigital, self._now(), self._sends)

    def _client(self) -> Dotdigital:
        if self._dotdigital is None:
            account = self._secret_reader.account()
            transport = Transport(account, renew=self._secret_reader.renewed_account, sleep=self._sleep)
            if self._action.is_send:
                shared = OutageTable(self._settings, self._action.name, self._sends.client, self._clock)
                transport.sends = self._gate = SendGate(shared, self._clock)
            self._dotdigital = Dotdigital(transport)
        return self._dotdigital


def tried_subscription(action: Action[Any], tried: Mapping[str, Any]) -> Subscription:
    """Compile the mapping and the trigger that an event is tried with, or else the action's own mapping for any event.

    Raises IncomingError with every problem under `subscription`: they quote what came, and logs name the fields alone.
    """
    own = {"subscribe": _ANY_EVENT, "mapping": action.payload.default_mapping()}
    try:
        return Subscription.read({"name": "(tried)", "action": action.name, **own, **tried})
    except SubscriptionError as error:
        raise IncomingError(_NOT_TRIED, {"subscription": str(error)}) from None
