"""Requests that API Gateway brings: who signed them, their JSON within bounds, and responses.

REST APIs and HTTP APIs (payload 2.0):
https://docs.aws.amazon.com/apigateway/latest/developerguide/set-up-lambda-proxy-integrations.html
"""

import base64
import binascii
import hmac
import json
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import Any, Final

from aws.observability import count_cause
from aws.secret import Secret, SecretReader
from delivery.incoming import IncomingError
from dotdigital import json_text
from segment_events import describe_signed_part, verify_signature


class EnvelopeError(IncomingError):
    """What came is not for this function, or cannot be read. `status` is the HTTP status that says so."""

    def __init__(self, message: str, status: int = 400, fields: Mapping[str, str] | None = None) -> None:
        """Keep the status, and the reasons by field."""
        super().__init__(message, fields)
        self.status = status


_MOST_BYTES: Final = 6 * 1024 * 1024
DEEPEST: Final = 100


def read_json(body: bytes) -> Any:
    """Read `body`. Raises EnvelopeError: 413 over 6 MB, 400 for what is not JSON or is nested deeper than 100.

    The elements of a batch are for the caller to check, so that one takes no other with it.
    """
    if len(body) > _MOST_BYTES:
        raise EnvelopeError("the body is over 6 MB", HTTPStatus.REQUEST_ENTITY_TOO_LARGE)
    try:
        content = json_text.read_json(body, parse_constant=_refuse)
    except (ValueError, RecursionError):
        raise EnvelopeError("the body is not JSON, or is nested too deep") from None
    if not isinstance(content, list) and body.count(b"{") + body.count(b"[") > DEEPEST:
        check_depth(content)
    return content


def check_depth(content: Any) -> None:
    """Raise EnvelopeError for what is nested deeper than 100: what reads it goes as deep as it is nested."""
    if depth_of(content) > DEEPEST:
        raise EnvelopeError(f"it is nested deeper than {DEEPEST}")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def depth_of(content: Any) -> int:
    """Give how deep lists and objects lie in each other: 1 for a flat one, 0 for anything else."""
    depth, level = 0, [content]
    while level := [value for value in level if isinstance(value, dict | list)]:
        depth += 1
        level = [child for value in level for child in (value.values() if isinstance(value, dict) else value)]
    return depth


_SETTLE_SECONDS: Final = 10.0
_SIGNATURE: Final = "x-signature"
WEBHOOK_SECRET: Final = "x-webhook-secret"


class SignedRequests:
    """Reads the requests to one route."""

    def __init__(self, route: str, secret_reader: SecretReader) -> None:
        """Take requests to `route` alone."""
        self._route = route
        self._secret_reader = secret_reader

    def read(self, event: Mapping[str, Any]) -> Any:
        """Check the route and the signature and give the body's JSON. Raises EnvelopeError, SecretError."""
        path = str(event.get("path") or event.get("rawPath") or "")
        if not path.rstrip("/").endswith(self._route):
            raise EnvelopeError(f"this function answers {self._route} only", HTTPStatus.NOT_FOUND)
        body, headers = body_of(event), headers_of(event)
        if not is_authentic(self._secret_reader, lambda secret: _matches(secret, body, headers)):
            raise EnvelopeError(_why_not(self._secret_reader.read(), body, headers), HTTPStatus.UNAUTHORIZED)
        return read_json(body)


def is_authentic(secret_reader: SecretReader, proves: Callable[[Secret], bool]) -> bool:
    """Tell whether a request `proves` that it knows the secret, as it was read or as it is now. Raises SecretError.

    The secret may have been rotated since it was read, and Segment drops what gets a 401: so where it cannot be
    read now, nothing is said of the request.
    """
    if proves(secret_reader.read()):
        return True
    if secret_reader.age >= _SETTLE_SECONDS and proves(secret_reader.read_again()):
        return True
    count_cause("SignatureRefused", secret_reader.settings)
    return False


def is_signed(secret: Secret, body: bytes, headers: Mapping[str, str]) -> bool:
    """Tell whether Segment signed the body, or the secret switches the check off."""
    return not secret.shared_secrets or verify_signature(body, headers.get(_SIGNATURE), *secret.shared_secrets)


def is_webhook_secret(secret: Secret, given: str | None) -> bool:
    """Tell whether `given` is the webhook secret; never where there is none."""
    return bool(secret.webhook_secret) and hmac.compare_digest(
        (given or "").encode(errors="surrogatepass"), (secret.webhook_secret or "").encode()
    )


def is_request(event: Any) -> bool:
    """Tell whether an invocation brings a request of API Gateway. What has a type is an event, whatever else it has."""
    if not isinstance(event, Mapping) or "type" in event:
        return False
    return isinstance(event.get("requestContext"), Mapping) and ("httpMethod" in event or "rawPath" in event)


def response(status: int, content: Mapping[str, Any], headers: Mapping[str, str] | None = None) -> dict[str, Any]:
    """Give a response of JSON in the form that API Gateway takes."""
    return {
        "statusCode": int(status),
        "headers": {"Content-Type": "application/json", **(headers or {})},
        "body": json.dumps(content, ensure_ascii=False),
    }


def refusal(error: IncomingError) -> dict[str, Any]:
    """Give the response to what could not be read."""
    return response(error.status, {"message": str(error)} | ({"fields": dict(error.fields)} if error.fields else {}))


def _matches(secret: Secret, body: bytes, headers: Mapping[str, str]) -> bool:
    known = not secret.webhook_secret or is_webhook_secret(secret, headers.get(WEBHOOK_SECRET))
    return is_signed(secret, body, headers) and known


def _why_not(secret: Secret, body: bytes, headers: Mapping[str, str]) -> str:
    """Say which header does not fit which key of the secret, and which bytes are signed. No value of either is told."""
    if not is_signed(secret, body, headers):
        keys = "sharedSecret" + (" or sharedSecretPrevious" if secret.shared_secret_previous else "")
        wrong = f"is not that of {describe_signed_part(body)} under {keys}" if _SIGNATURE in headers else "is missing"
        return f"the header X-Signature {wrong}: the Shared Secret in Segment must be the secret's sharedSecret"
    wrong = "is not webhookSecret" if WEBHOOK_SECRET in headers else "is missing"
    return f"the header X-Webhook-Secret {wrong}: the mapping's Headers in Segment must have the secret's webhookSecret"


def headers_of(event: Mapping[str, Any]) -> Mapping[str, str]:
    """Give the headers of a request by their names in small letters. Raises EnvelopeError."""
    return {name.lower(): value for name, value in texts_of(event, "headers").items()}


def texts_of(event: Mapping[str, Any], key: str) -> Mapping[str, str]:
    """Give an object of texts that a request has under `key`, empty where it has none. Raises EnvelopeError."""
    texts = event.get(key)
    if texts is None:
        return {}
    if not isinstance(texts, Mapping) or not all(isinstance(text, str) for text in texts.values()):
        raise EnvelopeError(f"{key} must be an object whose values are text")
    return texts


def body_of(event: Mapping[str, Any]) -> bytes:
    """Give the body of a request as it came. Raises EnvelopeError."""
    body = event.get("body")
    if not isinstance(body, str | None):
        raise EnvelopeError("the body must be text that holds JSON")
    try:
        return base64.b64decode(body or "", validate=True) if event.get("isBase64Encoded") else (body or "").encode()
    except UnicodeEncodeError:
        raise EnvelopeError("the body must be text; it holds halves of characters") from None
    except (binascii.Error, ValueError):
        raise EnvelopeError("the body is not base64") from None
