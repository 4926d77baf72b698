"""What the sandbox answers with, and Dotdigital's three shapes of error.

v2: `{"message": "... ERROR_X"}`; v3: `{"errorCode", "description", "details"}`; cpaas:
`{"message", "validationFailures"}`. See https://developer.dotdigital.com/docs/error-handling.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Final, Literal

Family = Literal["v2", "v3", "cpaas"]
Problems = Sequence[tuple[str, str]]
"""What is wrong with a body: each place and why."""
_DENIED: Final = "Authorization has been denied for this request."


@dataclass(frozen=True, slots=True)
class Answer:
    """A status, a body (a JSON value, text sent as it is, or None for no body) and headers."""

    status: int
    body: object = None
    headers: Mapping[str, str] = field(default_factory=dict)
    content_type: str = "application/json; charset=utf-8"

    def encoded(self) -> bytes:
        """The bytes of the body: text as it stands, anything else as JSON."""
        if self.body is None:
            return b""
        return (self.body if isinstance(self.body, str) else json.dumps(self.body)).encode()


class Refusal(Exception):
    """Raised by a route to stop and give this answer instead of its usual one."""

    def __init__(self, answer: Answer) -> None:
        """Refuse with that answer."""
        super().__init__(f"refused with {answer.status}")
        self.answer = answer


def v2_error(status: int, code: str, text: str = "Error:") -> Answer:
    """An error of v2: the text, then the `ERROR_*` code at its end."""
    return Answer(status, {"message": f"{text} {code}"})


def v3_error(status: int, code: str, description: str, details: Problems = ()) -> Answer:
    """An error of v3; each of the details is an item and what is wrong with it."""
    body: dict[str, object] = {"errorCode": code, "description": description}
    if details:
        body["details"] = [{"item": item, "description": text} for item, text in details]
    return Answer(status, body)


def bad_request(details: Problems) -> Answer:
    """The 400 that v3 gives to a body of the wrong shape or with wrong values."""
    return v3_error(400, "server:badRequest", "Bad request", details)


def cpaas_error(failures: Sequence[tuple[str, str]]) -> Answer:
    """The 400 of cpaas; each failure is a field and what is wrong with it."""
    items = [{"key": key, "failure": text} for key, text in failures]
    return Answer(400, {"message": "Validation failed", "validationFailures": items})


def family(path: str) -> Family:
    """Tell which of the three families of the API a path belongs to."""
    if path.startswith("/cpaas/"):
        return "cpaas"
    return "v3" if "/v3/" in path else "v2"


def denied(path: str) -> Answer:
    """The 401 for credentials that are not let in. Dotdigital's SDKs expect JSON of v3 too."""
    if family(path) == "v3":
        return v3_error(401, "server:unauthorized", _DENIED)
    return Answer(401, {"message": _DENIED})


def plain_error(path: str, status: int, text: str) -> Answer:
    """An error without a documented code, in the shape of the path's family."""
    if family(path) == "v3":
        return v3_error(status, f"server:status{status}", text)
    return Answer(status, {"message": text})
