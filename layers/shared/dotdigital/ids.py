"""Ids are positive ints before they reach a URL or a body: nothing goes on with an id that is missing or odd."""

from typing import Any

from dotdigital.errors import RejectedError
from dotdigital.failures import error_of_body


def positive(number: object, what: str) -> int:
    """Give `number` if it is an id: an int above 0. Raises RejectedError that names `what` it is the id of."""
    if isinstance(number, bool) or not isinstance(number, int) or number < 1:
        raise RejectedError(f"the {what} id must be a whole number above 0")
    return number


def answered(answer: Any, key: str, kind: type, *, send: bool = False) -> Any:
    """Give `answer[key]` if it is there and of `kind`; else raise InDoubtError for a send, UnavailableError if not."""
    value = answer.get(key) if isinstance(answer, dict) else None
    if isinstance(value, bool) or not isinstance(value, kind) or value in (0, ""):
        raise error_of_body(f"it has no {key}", send=send)
    return value
