"""An event's way through an action, from top to bottom: trigger, mapping, payload, claim, request, outcome.

Whatever comes, each event ends as exactly one Outcome for each subscription.
"""

import traceback
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from delivery.action import Action, Result
from delivery.claim import LEAST_SECONDS, TOO_LATE, Send, Sends
from delivery.fields.payload import EmptyIdentifierError, Payload, PayloadError
from delivery.incoming import IncomingEvent, IncomingPayload
from delivery.outcome import Ids, Kind, Outcome, Refusal, Skipped
from delivery.subscription import Subscription
from dotdigital import Dotdigital, DotdigitalError, InDoubtError, RetryLaterError
from segment_events import MappingResolutionError

PAYLOAD: Final = "(payload)"
"""What stands for a subscription where a payload came that is already mapped."""

_EMPTY_IDENTIFIER: Final = "the event has no identifier, and emptyIdentifier is skip"


class Prepared[P: Payload](NamedTuple):
    """A payload that can be performed, for a subscription; `send` is what makes a send one and the same."""

    payload: P
    subscription: str
    send: Send | None


class Times(NamedTuple):
    """When what an event is about happened, and since when the event waits in its queue."""

    happened: datetime
    received: datetime


@dataclass(frozen=True)
class Delivery[P: Payload]:
    """Delivers to one action, as of `now`, each send once as `sends` has it."""

    action: Action[P]
    dotdigital: Dotdigital
    now: datetime
    sends: Sends

    def event(self, incoming: IncomingEvent, subscription: Subscription) -> Outcome:
        """Deliver an event if a subscription wants it."""
        try:
            reason = subscription.reason_against(incoming.event, incoming.raw)
        except Exception as error:
            return self._unexpected(error, "rejected", subscription.name)
        if reason:
            return self._outcome("skipped", subscription.name, reason)
        return self._performed(self.prepare_event(incoming, subscription, self.now))

    def payload(self, incoming: IncomingPayload) -> Outcome:
        """Deliver what is already mapped."""
        return self._performed(self.prepare_payload(incoming, self.now))

    def prepare_event(
        self, incoming: IncomingEvent, subscription: Subscription, received: datetime
    ) -> Prepared[P] | Outcome:
        """Give the payload that a subscription makes of an event that it wants, or the outcome where there is none."""
        if reason := subscription.reason_to_wait:
            return self._outcome("retry", subscription.name, reason)
        try:
            mapped = subscription.resolve(incoming.raw)
            times = Times(min(incoming.timestamp or received, received), received)
        except MappingResolutionError as error:
            return self._outcome("rejected", subscription.name, f"mapping{error}")
        except Exception as error:
            return self._unexpected(error, "rejected", subscription.name)
        return self.prepare(mapped, subscription.name, times, incoming.message_id, incoming.attempt)

    def prepare_payload(self, incoming: IncomingPayload, received: datetime) -> Prepared[P] | Outcome:
        """Give the payload that mapped fields make, or the outcome where they are wrong."""
        times = Times(received, received)
        return self.prepare(incoming.payload, PAYLOAD, times, incoming.message_id, incoming.attempt)

    def prepare(
        self,
        mapped: Mapping[str, Any],
        subscription: str,
        times: Times,
        message_id: str | None = None,
        attempt: str | None = None,
    ) -> Prepared[P] | Outcome:
        """Give the payload that a mapping's fields make, or the outcome where they are wrong or name nobody.

        Without `message_id` it is something new each time.
        """
        try:
            payload = self.action.payload.read(mapped, now=self.now, happened=times.happened, received=times.received)
        except EmptyIdentifierError:
            return self._outcome("skipped", subscription, _EMPTY_IDENTIFIER)
        except PayloadError as error:
            return self._wrong_fields(error, subscription)
        except Exception as error:
            return self._unexpected(error, "rejected", subscription)
        if not (self.action.is_send and message_id):
            return Prepared(payload, subscription, None)
        return Prepared(payload, subscription, Send(subscription, self.action.name, message_id, attempt))

    def perform(self, prepared: Prepared[P]) -> Outcome:
        """Perform what is prepared, unless it is a send that may not be made."""
        known = self.claim(prepared)
        return known or self.complete(
            prepared, perform_or_error(self.action.perform, prepared.payload, self.dotdigital)
        )

    def claim(self, prepared: Prepared[P]) -> Outcome | None:
        """Claim what is prepared, if it is a send; give the outcome that stands against it, None where there is none.

        A payload without a message id is something new each time, and has nothing to claim.
        """
        if not self.action.is_send:
            return None
        if not self.dotdigital.has_time(LEAST_SECONDS):
            return self.wait(prepared, TOO_LATE)
        if prepared.send and (known := self.sends.claim(prepared.send)):
            return known
        try:
            self.dotdigital.check_sends()
        except RetryLaterError as error:
            return self.complete(prepared, error)
        return None

    def give_up_if_late(self, prepared: Prepared[P]) -> Outcome | None:
        """Give up a claim where too little time is left to send by now; give the outcome, None where there is time."""
        if self.dotdigital.has_time(LEAST_SECONDS):
            return None
        late = self.wait(prepared, TOO_LATE)
        if prepared.send:
            self.sends.complete(prepared.send, late)
        return late

    def wait(self, prepared: Prepared[P], reason: str) -> Outcome:
        """Give the outcome of what is to come again, untried."""
        return self._outcome("retry", prepared.subscription, reason)

    def complete(self, prepared: Prepared[P], result: Result) -> Outcome:
        """Give the outcome of what was performed, and keep it where it was a send."""
        outcome = self.outcome_of(result, prepared.subscription)
        if prepared.send:
            self.sends.complete(prepared.send, outcome)
        return outcome

    def outcome_of(self, result: Result, subscription: str) -> Outcome:
        """Give the outcome of a result. An exception that nobody foresaw may have broken a send."""
        match result:
            case PayloadError():
                return self._wrong_fields(result, subscription)
            case DotdigitalError():
                said = Refusal(result.status, result.code, result.wait)
                refusal = None if said == Refusal() else said
                return Outcome(_kind_of(result), self.action.name, subscription, str(result), refusal=refusal)
            case Exception():
                return self._unexpected(result, "in_doubt" if self.action.is_send else "retry", subscription)
            case Skipped():
                return self._outcome("skipped", subscription, result.reason)
            case ids:
                return Outcome("delivered", self.action.name, subscription, ids=ids)

    def _performed(self, prepared: Prepared[P] | Outcome) -> Outcome:
        return prepared if isinstance(prepared, Outcome) else self.perform(prepared)

    def _outcome(self, kind: Kind, subscription: str, reason: str) -> Outcome:
        return Outcome(kind, self.action.name, subscription, reason)

    def _wrong_fields(self, error: PayloadError, subscription: str) -> Outcome:
        return Outcome("rejected", self.action.name, subscription, "the fields are not right", error.fields)

    def _unexpected(self, error: Exception, kind: Kind, subscription: str) -> Outcome:
        # A fault of ours undoes nothing that other subscriptions did. Its text may hold what it was about: where it
        # was is told, and nothing else.
        place = traceback.extract_tb(error.__traceback__)[-1]
        reason = f"an unexpected {type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        return self._outcome(kind, subscription, reason)


def perform_or_error[P: Payload](
    perform: Callable[[P, Dotdigital], Ids | Skipped], payload: P, dotdigital: Dotdigital
) -> Result:
    """Perform one payload and give what it came to, what it raised too."""
    try:
        return perform(payload, dotdigital)
    except Exception as error:
        return error


def _kind_of(error: DotdigitalError) -> Kind:
    if isinstance(error, InDoubtError):
        return "in_doubt"
    return "retry" if isinstance(error, RetryLaterError) else "rejected"
