"""Takes one event, or a mapped payload, through an action to its outcome."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from actions import Action
from actions.delivery.outcome import Kind, Outcome, Skipped
from actions.delivery.subscription import Subscription
from actions.fields.payload import Payload, PayloadError
from dotdigital import Dotdigital, DotdigitalError, InDoubtError, RetryLaterError
from segment_events import Event, MappingResolutionError


@dataclass(frozen=True)
class Delivery[P: Payload]:
    """Delivers to one action, as of the moment `now`."""

    action: Action[P]
    dotdigital: Dotdigital
    now: datetime

    def event(self, event: Event, raw: Mapping[str, Any], subscription: Subscription) -> Outcome:
        """Deliver an event as a subscription says. `raw` is the event as it came, for the trigger and the mapping."""
        reason = _not_wanted(event, raw, subscription)
        if reason:
            return Outcome("skipped", self.action.name, subscription.name, reason)
        try:
            mapped = subscription.resolve(raw)
        except MappingResolutionError as error:
            return Outcome("rejected", self.action.name, subscription.name, f"the mapping: {error}")
        return self.payload(mapped, subscription.name)

    def payload(self, mapped: Mapping[str, Any], subscription: str) -> Outcome:
        """Deliver what a mapping gave, under the name of its subscription."""
        try:
            payload = self.action.payload.read(mapped, now=self.now)
            done = self.action.perform(payload, self.dotdigital)
        except PayloadError as error:
            return Outcome("rejected", self.action.name, subscription, "the fields are not right", error.fields)
        except DotdigitalError as error:
            return self._refused(error, subscription)
        if isinstance(done, Skipped):
            return Outcome("skipped", self.action.name, subscription, done.reason)
        return Outcome("delivered", self.action.name, subscription, dotdigital=done)

    def _refused(self, error: DotdigitalError, subscription: str) -> Outcome:
        answer = {"status": error.status, "code": error.code, "retryAfter": error.wait}
        known = {name: value for name, value in answer.items() if value is not None}
        return Outcome(_kind_of(error), self.action.name, subscription, str(error), dotdigital=known or None)


def _kind_of(error: DotdigitalError) -> Kind:
    if isinstance(error, InDoubtError):
        return "in_doubt"
    return "retry" if isinstance(error, RetryLaterError) else "rejected"


def _not_wanted(event: Event, raw: Mapping[str, Any], subscription: Subscription) -> str | None:
    if not subscription.enabled:
        return "the subscription is disabled"
    if event.integrations.get("Dotdigital") is False:
        return "the event's integrations object says no to Dotdigital"
    return None if subscription.matches(raw) else "the trigger does not match"
