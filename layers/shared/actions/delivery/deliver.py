"""Takes one event, or a mapped payload, through an action to its outcome."""

import traceback
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
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
        try:
            reason = _not_wanted(event, raw, subscription)
            if reason:
                return Outcome("skipped", self.action.name, subscription.name, reason)
            mapped = subscription.resolve(raw)
        except MappingResolutionError as error:
            return Outcome("rejected", self.action.name, subscription.name, f"the mapping: {error}")
        except Exception as error:
            return self._unexpected(error, "retry", subscription.name)
        return self.payload(mapped, subscription.name)

    def payload(self, mapped: Mapping[str, Any], subscription: str) -> Outcome:
        """Deliver what a mapping gave, under the name of its subscription."""
        try:
            payload = self.action.payload.read(mapped, now=self.now)
        except PayloadError as error:
            return self._wrong_fields(error, subscription)
        except Exception as error:
            return self._unexpected(error, "retry", subscription)
        return self._perform(payload, subscription)

    def _perform(self, payload: P, subscription: str) -> Outcome:
        try:
            done = self.action.perform(payload, self.dotdigital)
        except PayloadError as error:
            return self._wrong_fields(error, subscription)
        except DotdigitalError as error:
            return self._refused(error, subscription)
        except Exception as error:
            return self._unexpected(error, "in_doubt" if self.action.is_send else "retry", subscription)
        if isinstance(done, Skipped):
            return Outcome("skipped", self.action.name, subscription, done.reason)
        return Outcome("delivered", self.action.name, subscription, dotdigital=done)

    def _wrong_fields(self, error: PayloadError, subscription: str) -> Outcome:
        return Outcome("rejected", self.action.name, subscription, "the fields are not right", error.fields)

    def _unexpected(self, error: Exception, kind: Kind, subscription: str) -> Outcome:
        # A fault of ours must not undo what other subscriptions did, nor put into a log what it was about.
        place = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"an unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        return Outcome(kind, self.action.name, subscription, reason)

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
