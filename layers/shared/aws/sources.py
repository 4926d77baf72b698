"""The sources of an action's events that wait for a response: API Gateway, EventBridge and direct invokes.

A source knows its form: how to read an invocation, and how to respond. SQS is in `aws.action_queue`.
https://docs.aws.amazon.com/lambda/latest/dg/lambda-services.html
"""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final, Protocol

from aws.api_gateway import EnvelopeError, SignedRequests, is_request, refusal, response
from aws.secret import SecretReader
from delivery.incoming import EventBus, Incoming, IncomingError, invoked, is_envelope, segment_event
from delivery.outcome import Outcome
from dotdigital.json_text import well_formed

_RESPONSE_SECONDS: Final = 4.5
"""Segment waits for 5."""


class RetryEventError(RuntimeError):
    """The event is to come again: raised so that Lambda, which was invoked without anybody waiting, invokes again."""


class Source(Protocol):
    """A way into a function."""

    name: str
    most_seconds: float

    def takes(self, event: Any) -> bool:
        """Tell whether `event` came from this source."""
        ...

    def read(self, event: Any) -> Incoming:
        """Read what is to be delivered. Raises IncomingError, SecretError."""
        ...

    def respond(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Respond with the gravest outcome first."""
        ...

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Respond to what could not be read."""
        ...


class ApiGatewaySource:
    """Takes one signed Segment event in each request, the direct route of an action."""

    name = "api_gateway"
    most_seconds = _RESPONSE_SECONDS

    def __init__(self, route: str, secret_reader: SecretReader) -> None:
        """Take requests to `route` alone."""
        self._requests = SignedRequests(route, secret_reader)

    def takes(self, event: Any) -> bool:
        """Tell whether `event` is a proxy event."""
        return is_request(event)

    def read(self, event: Mapping[str, Any]) -> Incoming:
        """Check the route and the signature and read the body. Raises IncomingError, SecretError."""
        content = self._requests.read(event)
        if isinstance(content, list):
            raise EnvelopeError("send one event a request here, and batches to /segment")
        return segment_event(content)

    def respond(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Respond with the outcome as JSON and the status that Segment acts on."""
        wait = outcomes[0].retry_after if outcomes[0].outcome == "retry" else None
        headers = {"Retry-After": str(math.ceil(wait))} if wait else {}
        return response(_status_of(outcomes[0]), outcomes_as_json(outcomes), headers)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Respond to what could not be read."""
        return refusal(error)


def _status_of(outcome: Outcome) -> int:
    match outcome.outcome:
        case "rejected":
            is_dotdigitals = outcome.refusal is not None and outcome.refusal.status is not None
            return HTTPStatus.UNPROCESSABLE_ENTITY if is_dotdigitals else HTTPStatus.BAD_REQUEST
        case "retry":
            return HTTPStatus.SERVICE_UNAVAILABLE if outcome.retry_after is None else HTTPStatus.TOO_MANY_REQUESTS
        case _:
            return HTTPStatus.OK


class EventBridgeSource:
    """Takes one envelope of EventBridge, where somebody invokes a function with it.

    https://segment.com/docs/connections/destinations/catalog/amazon-eventbridge/
    """

    name = "eventbridge"
    most_seconds = float("inf")

    def __init__(self, action: str, bus: EventBus) -> None:
        """Take Segment's events, and the account's own whose detail-type is `action` or its slug."""
        self._action = action
        self._bus = bus

    def takes(self, event: Any) -> bool:
        """Tell whether `event` is an envelope of EventBridge."""
        return is_envelope(event)

    def read(self, event: Any) -> Incoming:
        """Take the event out of its envelope. Raises IncomingError."""
        incoming = self._bus.read(well_formed(event))
        if incoming.action not in (None, self._action):
            raise IncomingError(f"the detail-type must be {self._action}")
        return incoming

    def respond(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome, which nobody waits for. Raises RetryEventError so that Lambda invokes again."""
        if outcomes[0].outcome == "retry":
            raise RetryEventError(f"{outcomes[0].action}: to be tried again")
        return outcomes_as_json(outcomes)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome: it cannot be read the next time either."""
        return refused.as_json()


class DirectSource:
    """Takes a bare Segment event, `{payload}`, or `{event, mapping?, subscribe?}` to try what is not configured.

    https://docs.aws.amazon.com/lambda/latest/api/API_Invoke.html
    """

    name = "direct"
    most_seconds = float("inf")

    def __init__(self, bus: EventBus) -> None:
        """Read an envelope as `bus` does."""
        self._bus = bus

    def takes(self, event: Any) -> bool:
        """Take whatever no other source takes."""
        return True

    def read(self, event: Any) -> Incoming:
        """Read the event, with the mapping and the trigger that it is tried with. Raises IncomingError."""
        return invoked(well_formed(event), self._bus)

    def respond(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Give the outcome."""
        return outcomes_as_json(outcomes)

    def refuse(self, error: IncomingError, refused: Outcome) -> dict[str, Any]:
        """Give what could not be read as an outcome."""
        return refused.as_json()


def outcomes_as_json(outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Give the first outcome, and all of them beside it where several subscriptions took the event."""
    first = outcomes[0].as_json()
    return first if len(outcomes) == 1 else {**first, "outcomes": [outcome.as_json() for outcome in outcomes]}
