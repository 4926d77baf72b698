"""The sources of an action's events: API Gateway, EventBridge and direct invokes. SQS has its own module.

A source knows its form: how to take an event out of an invocation, and how to respond.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from aws.api_gateway import EnvelopeError, SignedRequests, is_request, outcomes_as_json, refusal, response
from aws.secret import SecretReader
from delivery.action import Action
from delivery.incoming import EventBus, Incoming, IncomingError, invoked, is_envelope, segment_event
from delivery.outcome import Outcome
from delivery.subscription import Subscription, SubscriptionError
from dotdigital.json_text import well_formed

_ANSWER_SECONDS: Final = 4.5


class ApiGatewayDoor:
    """Takes one Segment event a request."""

    name = "api_gateway"
    most_seconds = _ANSWER_SECONDS

    def __init__(self, route: str, secret_reader: SecretReader) -> None:
        """Answer under `route` alone."""
        self._requests = SignedRequests(route, secret_reader)

    def takes(self, event: Any) -> bool:
        """Tell whether `event` is a proxy event."""
        return is_request(event)

    def unwrap(self, event: Mapping[str, Any]) -> Incoming:
        """Check the route and the signature and read the body. Raises IncomingError, SecretError."""
        content = self._requests.read(event)
        if isinstance(content, list):
            raise EnvelopeError("send one event a request here, and batches to /segment")
        return segment_event(content)

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Answer with the outcome as JSON and the status that Segment acts on."""
        wait = (outcomes[0].dotdigital or {}).get("retryAfter") if outcomes[0].outcome == "retry" else None
        headers = {"Retry-After": str(math.ceil(wait))} if wait else {}
        return response(_status_of(outcomes[0]), outcomes_as_json(outcomes), headers)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Answer what could not be read."""
        return refusal(error)


def _status_of(outcome: Outcome) -> int:
    answered = outcome.dotdigital or {}
    match outcome.outcome:
        case "rejected":
            return HTTPStatus.UNPROCESSABLE_ENTITY if "status" in answered else HTTPStatus.BAD_REQUEST
        case "retry":
            return HTTPStatus.TOO_MANY_REQUESTS if "retryAfter" in answered else HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.OK


class RetryEventError(RuntimeError):
    """The event is to come again: raised so that Lambda, which was called without anybody waiting, calls again."""


class EventBridgeDoor:
    """Takes one event an envelope."""

    name = "eventbridge"
    most_seconds = float("inf")

    def __init__(self, action: str, bus: EventBus) -> None:
        """Take Segment's events, and the account's own whose detail-type is `action` or its slug."""
        self._action = action
        self._bus = bus

    def takes(self, event: Any) -> bool:
        """Tell whether `event` is an EventBridge envelope."""
        return is_envelope(event)

    def unwrap(self, event: Any) -> Incoming:
        """Take the event out of its envelope. Raises IncomingError."""
        incoming = self._bus.read(well_formed(event))
        if incoming.action not in (None, self._action):
            raise IncomingError(f"the detail-type must be {self._action}")
        return incoming

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome, which nobody waits for. Raises RetryEventError so that Lambda calls again."""
        if outcomes[0].outcome == "retry":
            raise RetryEventError(f"{outcomes[0].action}: to be tried again")
        return outcomes_as_json(outcomes)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome: it cannot be read the next time either."""
        return refused.as_json()


_NOT_TRIED: Final = "the mapping or the trigger cannot be tried"
_ANY_EVENT: Final = "type != null"


class DirectDoor:
    """Takes one event an invoke and answers with the outcome as JSON."""

    name = "direct"
    most_seconds = float("inf")

    def __init__(self, bus: EventBus) -> None:
        """Read an envelope as `bus` does."""
        self._bus = bus

    def takes(self, event: Any) -> bool:
        """Take whatever no other door takes."""
        return True

    def unwrap(self, event: Any) -> Incoming:
        """Take the event, with the mapping and trigger that it is tried with. Raises IncomingError."""
        return invoked(well_formed(event), self._bus)

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome."""
        return outcomes_as_json(outcomes)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome."""
        return refused.as_json()


def tried_subscription(action: Action[Any], tried: Mapping[str, Any]) -> Subscription:
    """Compile the mapping and the trigger that an event is tried with, or the action's own.

    Raises IncomingError with every problem under `subscription`: they quote what came, and logs name the fields alone.
    """
    entry = {
        "name": "(tried)",
        "action": action.name,
        "subscribe": tried.get("subscribe", _ANY_EVENT),
        "mapping": tried.get("mapping", action.payload.default_mapping()),
    }
    try:
        return Subscription.read(entry)
    except SubscriptionError as error:
        raise IncomingError(_NOT_TRIED, {"subscription": str(error)}) from None
