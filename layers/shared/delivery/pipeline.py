"""Takes one event, or a mapped payload, through an action to its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, NamedTuple

from delivery.action import Action
from delivery.batch import Result, perform_or_error
from delivery.claim import LEAST_SECONDS, TOO_LATE, Send, Sends
from delivery.fields.payload import Payload, PayloadError
from delivery.fields.timestamps import timestamp_of
from delivery.outcome import Outcome
from delivery.results import outcome_of, unexpected, wrong_fields
from delivery.subscription import Subscription
from dotdigital import Dotdigital, RetryLaterError
from segment_events import Event, MappingResolutionError


class Due[P: Payload](NamedTuple):
    """A payload that is due to be performed, for a subscription; `send` is what makes a send one and the same."""

    payload: P
    subscription: str
    send: Send | None


@dataclass(frozen=True)
class Delivery[P: Payload]:
    """Delivers to one action, as of the moment `now`, each send once as `sends` has it."""

    action: Action[P]
    dotdigital: Dotdigital
    now: datetime
    sends: Sends

    def event(self, event: Event, raw: Mapping[str, Any], subscription: Subscription) -> Outcome:
        """Deliver an event if a subscription wants it. `raw` is the event as it came, for trigger and mapping."""
        try:
            reason = subscription.reason_against(event, raw)
        except Exception as error:
            return unexpected(error, "rejected", self.action, subscription.name)
        if reason:
            return Outcome("skipped", self.action.name, subscription.name, reason)
        return self._perform(self.prepare_event(event, raw, subscription))

    def payload(self, mapped: Mapping[str, Any], subscription: str, message_id: str | None = None) -> Outcome:
        """Deliver what a mapping gave, under the name of its subscription. Without `message_id` it is always new."""
        return self._perform(self.prepare_payload(mapped, subscription, message_id))

    def prepare_event(
        self,
        event: Event,
        raw: Mapping[str, Any],
        subscription: Subscription,
        attempt: str | None = None,
        received: datetime | None = None,
    ) -> Due[P] | Outcome:
        """Give the payload that a subscription makes of an event that it wants, or the outcome where there is none.

        `received` is when it came here, without which it is now.
        """
        try:
            mapped = subscription.resolve(raw)
            happened = moment_of_event(event, received or self.now)
        except MappingResolutionError as error:
            return Outcome("rejected", self.action.name, subscription.name, f"the mapping: {error}")
        except Exception as error:
            return unexpected(error, "rejected", self.action, subscription.name)
        return self.prepare_payload(mapped, subscription.name, event.message_id, attempt, happened)

    def prepare_payload(
        self,
        mapped: Mapping[str, Any],
        subscription: str,
        message_id: str | None,
        attempt: str | None = None,
        happened: datetime | None = None,
    ) -> Due[P] | Outcome:
        """Give the payload that a mapping's fields make, or the outcome where they are wrong.

        `happened` is when what it is about happened, without which it is now.
        """
        try:
            payload = self.action.payload.read(mapped, now=self.now, happened=happened)
        except PayloadError as error:
            return wrong_fields(error, self.action, subscription)
        except Exception as error:
            return unexpected(error, "rejected", self.action, subscription)
        if not (self.action.is_send and message_id):
            return Due(payload, subscription, None)
        return Due(payload, subscription, Send(subscription, self.action.name, message_id, attempt))

    def perform(self, due: Due[P]) -> Outcome:
        """Perform what is due, unless it is a send that may not be made."""
        known = self.claim(due)
        return known or self.settle(due, perform_or_error(self.action.perform, due.payload, self.dotdigital))

    def claim(self, due: Due[P]) -> Outcome | None:
        """Claim what is due, if it is a send; give the outcome that stands against it, None where it may be made."""
        if not self.action.is_send:
            return None
        if not self.dotdigital.has_time(LEAST_SECONDS):
            return self.wait(due, TOO_LATE)
        if due.send and (known := self.sends.claim(due.send)):
            return known
        try:
            self.dotdigital.check_sends()
        except RetryLaterError as error:
            return self.settle(due, error)
        return None

    def give_up_if_late(self, due: Due[P]) -> Outcome | None:
        """Give up a claim where too little time is left to send by now; give the outcome, None where there is time."""
        if self.dotdigital.has_time(LEAST_SECONDS):
            return None
        late = self.wait(due, TOO_LATE)
        if due.send:
            self.sends.settle(due.send, late)
        return late

    def wait(self, due: Due[P], reason: str) -> Outcome:
        """Give the outcome of what is to come again, untried."""
        return Outcome("retry", self.action.name, due.subscription, reason)

    def settle(self, due: Due[P], result: Result) -> Outcome:
        """Give the outcome of what was performed, and keep it where it was a send."""
        outcome = outcome_of(result, self.action, due.subscription)
        if due.send:
            self.sends.settle(due.send, outcome)
        return outcome

    def _perform(self, due: Due[P] | Outcome) -> Outcome:
        return due if isinstance(due, Outcome) else self.perform(due)


def moment_of_event(event: Event, received: datetime) -> datetime:
    """Give the moment of an event by its own word, or when it was received: the earlier of the two."""
    try:
        return min(timestamp_of(event.timestamp), received)
    except ValueError:
        return received
