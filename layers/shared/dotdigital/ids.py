"""Ids are positive ints before they reach a URL or a body: nothing goes on with an id that is missing or odd."""

from typing import Any, TypeGuard

from dotdigital.errors import RejectedError
from dotdigital.failures import error_of_body


def positive(number: object, what: str) -> int:
    """Give `number` if it is an id: an int above 0. Raises RejectedError that names `what` it is the id of."""
    if not is_positive(number):
        raise RejectedError(f"the {what} id must be a whole number above 0")
    return number


def answered(answer: Any, key: str, kind: type, *, send: bool = False) -> Any:
    """Give the id `answer[key]`, an int above 0 or text that is not blank, as `kind` says.

    Raises, where there is none, InDoubtError for a send and UnavailableError for what is safe to repeat.
    """
    value = answer.get(key) if isinstance(answer, dict) else None
    if not (_is_text(value) if kind is str else is_positive(value)):
        raise error_of_body(f"it has no {key}", send=send)
    return value


def is_positive(value: object) -> TypeGuard[int]:
    """Tell whether `value` is an id: an int above 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _is_text(value: object) -> bool:
    return isinstance(value, str) and bool(value.strip())
