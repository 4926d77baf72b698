"""Reads the three shapes of Dotdigital's error bodies into a code and a description.

- v2: `{"message": "Error: ERROR_ADDRESSBOOK_NOT_FOUND"}`; the code is the token somewhere in free text
- v3: `{"errorCode": "contacts:contactNotFound", "description": "…", "details": [{"item": "…", "description": "…"}]}`
- cpaas: `{"validationFailures": […]}`, else `{"message": "…"}`

https://developer.dotdigital.com/docs/error-handling
"""

import re
from collections.abc import Iterator
from typing import Any, Final, NamedTuple

from dotdigital.answers import Answer
from dotdigital.redaction import redact

_V2_CODE: Final = re.compile(r"ERROR_[A-Z0-9_]*[A-Z0-9]")
_TELLING: Final = re.compile(
    r"key|field|property(name)?|param(name)?|(error)?(code|message)|error|description|reason|failure", re.IGNORECASE
)


class ErrorBody(NamedTuple):
    """What an error answer says: a code where there is one, and words without personal data."""

    code: str | None
    description: str


def read_error_body(answer: Answer) -> ErrorBody:
    """Read the body of an answer with an error status; HTML, an empty body or odd JSON give the status alone."""
    try:
        body = answer.json()
    except ValueError:
        body = None
    status = f"Dotdigital answered {answer.status}"
    if not isinstance(body, dict):
        return ErrorBody(None, status)
    message = _text(body.get("message"))
    v2_code = _V2_CODE.search(message)
    code = redact(_text(body.get("errorCode"))) or (v2_code.group() if v2_code else None)
    words = [_text(body.get("description")), message, *_details(body)]
    return ErrorBody(code, redact("; ".join(word for word in words if word)) or status)


def _details(body: dict[str, Any]) -> Iterator[str]:
    for detail in _list(body.get("details")):
        if isinstance(detail, dict):
            yield _text(detail.get("description") or detail.get("error"))
    for failure in _list(body.get("validationFailures")):
        if isinstance(failure, dict):
            # Their keys are not documented. What else they hold may be what was sent, a message's text for one.
            yield ": ".join(_text(value) for key, value in failure.items() if _TELLING.fullmatch(key))
        else:
            yield _text(failure)


def _text(value: Any) -> str:
    return value if isinstance(value, str) else ""


def _list(value: Any) -> list[Any]:
    return value if isinstance(value, list) else []
