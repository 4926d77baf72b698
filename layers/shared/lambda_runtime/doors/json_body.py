"""Reads a request's body as JSON, within bounds. https://www.rfc-editor.org/rfc/rfc8259"""

from http import HTTPStatus
from typing import Any, Final

from dotdigital import json_text
from lambda_runtime.doors.work import EnvelopeError

_MOST_BYTES: Final = 6 * 1024 * 1024
_DEEPEST: Final = 100


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
    if not isinstance(content, list) and body.count(b"{") + body.count(b"[") > _DEEPEST:
        check_depth(content)
    return content


def check_depth(content: Any) -> None:
    """Raise EnvelopeError for what is nested deeper than 100: what reads it goes as deep as it is nested."""
    if _depth(content) > _DEEPEST:
        raise EnvelopeError(f"it is nested deeper than {_DEEPEST}")


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is not JSON")


def _depth(content: Any) -> int:
    depth, level = 0, [content]
    while level := [value for value in level if isinstance(value, dict | list)]:
        depth += 1
        level = [child for value in level for child in (value.values() if isinstance(value, dict) else value)]
    return depth
