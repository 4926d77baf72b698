"""API Gateway's proxy events, of REST APIs and of HTTP APIs (payload 2.0): signed by Segment, answered in HTTP.

https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import binascii
import hmac
import json
import math
from collections.abc import Mapping, Sequence
from http import HTTPStatus
from typing import Any, Final

from actions.delivery.outcome import Outcome
from lambda_runtime.doors.json_body import read_json
from lambda_runtime.doors.work import EnvelopeError, Work, outcomes_as_json, work_of
from lambda_runtime.secret import Secret, SecretReader
from segment_events import verify_signature

_ANSWER_SECONDS: Final = 4.5
_SETTLE_SECONDS: Final = 10.0
_SIGNATURE: Final = "x-signature"
_WEBHOOK_SECRET: Final = "x-webhook-secret"


class ApiGatewayDoor:
    """Takes one event, or one mapped payload, a request."""

    name = "api_gateway"
    most_seconds = _ANSWER_SECONDS

    def __init__(self, route: str, secret_reader: SecretReader) -> None:
        """Answer under `route` alone."""
        self._route = route
        self._secret_reader = secret_reader

    def takes(self, event: Mapping[str, Any]) -> bool:
        """Tell whether `event` is a proxy event."""
        return isinstance(event.get("requestContext"), Mapping) and ("httpMethod" in event or "rawPath" in event)

    def unwrap(self, event: Mapping[str, Any]) -> Work:
        """Check the route and the signature and read the body. Raises EnvelopeError, SecretError."""
        path = str(event.get("path") or event.get("rawPath") or "")
        if not path.rstrip("/").endswith(self._route):
            raise EnvelopeError(f"this function answers {self._route} only", HTTPStatus.NOT_FOUND)
        body = _body_of(event)
        headers = {name.lower(): value for name, value in (event.get("headers") or {}).items()}
        if not self._is_authentic(body, headers):
            raise EnvelopeError("the signature is missing or wrong", HTTPStatus.UNAUTHORIZED)
        content = read_json(body)
        if isinstance(content, list):
            raise EnvelopeError("send one event a request here, not a batch")
        return work_of(content, str(event["requestContext"].get("requestId", "")))

    def answer(self, outcomes: Sequence[Outcome]) -> dict[str, Any]:
        """Answer with the outcome as JSON and the status that Segment acts on."""
        wait = (outcomes[0].dotdigital or {}).get("retryAfter") if outcomes[0].outcome == "retry" else None
        headers = {"Retry-After": str(math.ceil(wait))} if wait else {}
        return _response(_status_of(outcomes[0]), outcomes_as_json(outcomes), headers)

    def refuse(self, error: EnvelopeError, refused: Outcome) -> dict[str, Any]:
        """Answer what could not be read."""
        content = {"message": str(error)} | ({"fields": dict(error.fields)} if error.fields else {})
        return _response(error.status, content, {})

    def _is_authentic(self, body: bytes, headers: Mapping[str, str]) -> bool:
        if _matches(self._secret_reader.read(), body, headers):
            return True
        # The secret may have been rotated since it was read, and Segment drops what is answered 401.
        if self._secret_reader.age < _SETTLE_SECONDS:
            return False
        return _matches(self._secret_reader.read_again(), body, headers)


def _matches(secret: Secret, body: bytes, headers: Mapping[str, str]) -> bool:
    signed = not secret.shared_secrets or verify_signature(body, headers.get(_SIGNATURE), *secret.shared_secrets)
    known = not secret.webhook_secret or hmac.compare_digest(
        headers.get(_WEBHOOK_SECRET, "").encode(), secret.webhook_secret.encode()
    )
    return signed and known


def _body_of(event: Mapping[str, Any]) -> bytes:
    body = event.get("body") or ""
    if not event.get("isBase64Encoded"):
        return str(body).encode()
    try:
        return base64.b64decode(body, validate=True)
    except (binascii.Error, ValueError):
        raise EnvelopeError("the body is not base64") from None


def _status_of(outcome: Outcome) -> int:
    answered = outcome.dotdigital or {}
    match outcome.outcome:
        case "rejected":
            return HTTPStatus.UNPROCESSABLE_ENTITY if "status" in answered else HTTPStatus.BAD_REQUEST
        case "retry":
            return HTTPStatus.TOO_MANY_REQUESTS if "retryAfter" in answered else HTTPStatus.SERVICE_UNAVAILABLE
        case _:
            return HTTPStatus.OK


def _response(status: int, content: Mapping[str, Any], headers: Mapping[str, str]) -> dict[str, Any]:
    return {
        "statusCode": int(status),
        "headers": {"Content-Type": "application/json", **headers},
        "body": json.dumps(content, ensure_ascii=False),
    }
