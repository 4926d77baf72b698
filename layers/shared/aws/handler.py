"""A function of one action: any door's event in, its outcome out."""

import os
import time
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, Final

from aws_lambda_powertools.utilities.typing import LambdaContext

from aws.action_queue import ActionQueue, Settling
from aws.api_gateway import Door, check_depth
from aws.messages import is_of_queue
from aws.observability import count, log, logger
from aws.outage_table import OutageTable
from aws.record import SendsTable
from aws.secret import SecretError, SecretReader
from aws.settings import Settings
from aws.sources import ApiGatewayDoor, DirectDoor, EventBridgeDoor, tried_subscription
from aws.start import register_hooks
from delivery.action import Action
from delivery.incoming import Incoming, IncomingError, IncomingPayload
from delivery.outcome import Kind, Outcome
from delivery.pipeline import Delivery
from delivery.subscription import read_subscriptions
from dotdigital import Account, Dotdigital, Transport
from dotdigital.send_gate import SendGate

_MARGIN_SECONDS: Final = 1.0
_BATCH_MARGIN_SECONDS: Final = 5.0
_RECORD_SECONDS: Final = 0.5
"""What an action that sends keeps, of an answer's time and of its own, to write what became of the send."""
_GRAVEST_FIRST: Final[tuple[Kind, ...]] = ("retry", "rejected", "in_doubt", "delivered", "skipped")


class ActionFunction:
    """What stands behind a function's `handler`. Raises SettingsError or SubscriptionError where it cannot start."""

    def __init__(
        self,
        action: Action[Any],
        environment: Mapping[str, str] = os.environ,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        sleep: Callable[[float], None] = time.sleep,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """Read the environment and the subscriptions; the secret is read, and Dotdigital called, by the first event.

        `sleep` waits between two looks at an import, `monotonic` tells how long an answer has taken.
        """
        self._action = action
        self._settings = Settings.from_environment(environment)
        self._now = now
        self._sleep = sleep
        self._monotonic = monotonic
        self._secret_reader = SecretReader(self._settings, monotonic)
        self._sends = SendsTable(self._settings, self._clock, monotonic)
        self._gate: SendGate | None = None
        self._dotdigital: Dotdigital | None = None
        subscriptions = read_subscriptions(self._settings.subscriptions_path)
        self._subscriptions = tuple(each for each in subscriptions if each.action == self._action.name)
        self._settling = Settling(self._action.name, self._settings, self._clock)
        self._queue = ActionQueue(self._action.name, subscriptions, self._settling)
        self._doors: tuple[Door, ...] = (
            ApiGatewayDoor(self._action.route, self._secret_reader),
            EventBridgeDoor(self._action.name, self._settings.event_bus),
            DirectDoor(self._settings.event_bus),
        )
        register_hooks(environment, self._load, self._renew)

    def respond(self, event: Any, context: LambdaContext | None) -> dict[str, Any]:
        """Answer an invocation in the way of the door that it came through. Without a context time is not bounded."""
        if is_of_queue(event):
            return self._queue.answer(event, lambda: self._delivery(context, _BATCH_MARGIN_SECONDS, float("inf")))
        started = self._monotonic()
        door = next(door for door in self._doors if door.takes(event))
        correlation_id = None
        try:
            check_depth(event)
            incoming = door.unwrap(event)
            correlation_id = incoming.message_id
            kept = _RECORD_SECONDS if self._action.is_send else 0.0
            most = door.most_seconds - kept - (self._monotonic() - started)
            outcomes = self._deliver(incoming, lambda: self._delivery(context, _MARGIN_SECONDS + kept, most))
        except IncomingError as error:
            refused = Outcome("rejected", self._action.name, "", str(error), error.fields)
            self._tell([refused], door, correlation_id)
            return door.refuse(error, refused)
        except SecretError as error:
            logger.error(str(error), door=door.name)
            outcomes = [Outcome("retry", self._action.name, "", "the secret of this function cannot be used")]
        self._tell(outcomes, door, correlation_id)
        return door.answer(outcomes)

    def _load(self) -> None:
        self._secret_reader.load()
        self._sends.load()
        self._settling.load()

    def _renew(self) -> None:
        self._secret_reader.forget()
        self._dotdigital = None

    def _clock(self) -> float:
        return self._now().timestamp()

    def _tell(self, outcomes: Sequence[Outcome], door: Door, correlation_id: str | None) -> None:
        for outcome in outcomes:
            log(outcome, door=door.name, correlation_id=correlation_id)
        count(outcomes, self._settings)

    def _delivery(self, context: LambdaContext | None, margin: float, most_seconds: float) -> Delivery[Any]:
        dotdigital = self._client()
        if self._gate:
            self._gate.begin()
        if context is not None:
            left = context.get_remaining_time_in_millis() / 1000
            calls = min(left - margin, most_seconds)
            dotdigital.finish_within(calls)
            self._sends.finish_within(calls, settling=left - margin / 2)
        return Delivery(self._action, dotdigital, self._now(), self._sends)

    def _deliver(self, incoming: Incoming, delivery: Callable[[], Delivery[Any]]) -> Sequence[Outcome]:
        if isinstance(incoming, IncomingPayload):
            return [delivery().payload(incoming.payload, "(payload)", incoming.message_id)]
        subscriptions = self._subscriptions
        if incoming.tried is not None:
            subscriptions = (tried_subscription(self._action, incoming.tried),)
        delivers = delivery()
        return self._relevant([delivers.event(incoming.event, incoming.raw, each) for each in subscriptions])

    def _relevant(self, outcomes: Sequence[Outcome]) -> Sequence[Outcome]:
        if not outcomes:
            return [Outcome("skipped", self._action.name, "", "no subscription is for this action")]
        ordered = sorted(outcomes, key=lambda outcome: _GRAVEST_FIRST.index(outcome.outcome))
        return [outcome for outcome in ordered if outcome.outcome != "skipped"] or ordered[:1]

    def _client(self) -> Dotdigital:
        if self._dotdigital is None:
            account = self._secret_reader.account()
            transport = Transport(account, renew=self._account_again, sleep=self._sleep)
            if self._action.is_send:
                shared = OutageTable(self._settings, self._action.name, self._sends.client, self._clock)
                transport.sends = self._gate = SendGate(shared, self._clock)
            self._dotdigital = Dotdigital(transport)
        return self._dotdigital

    def _account_again(self) -> Account | None:
        # Raising here would lose what other subscriptions of the event have done already.
        try:
            return self._secret_reader.account_again()
        except SecretError as error:
            logger.error(str(error))
            return None
