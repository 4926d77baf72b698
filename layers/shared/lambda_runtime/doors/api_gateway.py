"""The direct route of an action: one signed event a request, answered in HTTP.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from actions.delivery.incoming import Incoming, IncomingError, segment_event
from actions.delivery.outcome import Outcome
from lambda_runtime.doors.signed_request import SignedRequests, is_request, refusal, response
from lambda_runtime.doors.work import EnvelopeError, outcomes_as_json
from lambda_runtime.secret import SecretReader

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
