"""Reads the three shapes of Dotdigital's error bodies into a code and a description.

- v2: `{"message": "Error: ERROR_ADDRESSBOOK_NOT_FOUND"}`; the code is the token somewhere in free text
- v3: `{"errorCode": "contacts:contactNotFound", "description": "…", "details": [{"item": "…", "description": "…"}]}`
- cpaas: `{"validationFailures": […]}`, else `{"message": "…"}`

https://developer.dotdigital.com/docs/error-handling
"""

import json
import re
from collections.abc import Iterator
from typing import Any, NamedTuple

import requests

from dotdigital.redaction import redact

_V2_CODE = re.compile(r"ERROR_[A-Z0-9_]*[A-Z0-9]")


class ErrorBody(NamedTuple):
    """What an error answer says: a code where there is one, and words without personal data."""

    code: str | None
    description: str


def read_error_body(response: requests.Response) -> ErrorBody:
    """Read the body of an answer with an error status; HTML, an empty body or odd JSON give the status alone."""
    try:
        body = response.json()
    except ValueError:
        body = None
    status = f"Dotdigital answered {response.status_code}"
    if not isinstance(body, dict):
        return ErrorBody(None, status)
    message = _text(body.get("message"))
    v2_code = _V2_CODE.search(message)
    code = _text(body.get("errorCode")) or (v2_code.group() if v2_code else None)
    words = [_text(body.get("description")), message, *_details(body)]
    return ErrorBody(code, redact("; ".join(word for word in words if word)) or status)


def _details(body: dict[str, Any]) -> Iterator[str]:
    for detail in _list(body.get("details")):
        if isinstance(detail, dict):
            yield _text(detail.get("description") or detail.get("error"))
    for failure in _list(body.get("validationFailures")):
        yield failure if isinstance(failure, str) else json.dumps(failure)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
