"""A request to the API and its response, as the resources write and read them. Knows no HTTP library.

https://developer.dotdigital.com/docs/api-conventions
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final, NamedTuple, TypeGuard
from urllib.parse import quote

from dotdigital.errors import DotdigitalError, InDoubtError, RejectedError, UnavailableError
from dotdigital.json_text import read_json

_LONGEST_SEGMENT: Final = 256
_PLAIN_SEGMENT: Final = re.compile(r"[A-Za-z0-9_-][A-Za-z0-9_.-]{0,255}")


class Request(NamedTuple):
    """A request to the API. `body` is written as JSON.

    `send` marks what must not happen twice: a break after it left raises InDoubtError instead of a retry.
    `feature` says what to switch on when the account lacks it. `most_seconds` bounds the request, beside the time that
    is left for all.
    """

    method: str
    path: str
    body: Any = None
    query: Mapping[str, str] | None = None
    send: bool = False
    feature: str | None = None
    most_seconds: float | None = None


def path(*parts: str | int) -> str:
    """Join `parts` into a path, each percent-encoded whole: `/`, `#`, `?` and `%` inside a part stay inside it.

    Raises RejectedError for a part that no path can carry: empty, over 256 characters, `.` or `..`.
    """
    return "/" + "/".join(_segment(str(part)) for part in parts)


def positive(number: object, what: str) -> int:
    """Return `number` if it is an id: an int above 0. Raises RejectedError that names `what` it is the id of.

    Every id passes here before it reaches a path or a body: one that is missing or odd could name all contacts.
    """
    if not _is_id(number):
        raise RejectedError(f"the {what} id must be a whole number above 0")
    return number


class JsonObject:
    """A JSON object of a response. What is missing, or of another type, reads as empty."""

    def __init__(self, value: Any) -> None:
        """Read `value`; what is no object reads as an empty one."""
        self._values: Mapping[str, Any] = value if isinstance(value, dict) else {}

    def text(self, key: str) -> str:
        """Return the text under `key`, else ""."""
        value = self._values.get(key)
        return value if isinstance(value, str) else ""

    def id(self, key: str) -> int | None:
        """Return the id under `key`, an int above 0, else None."""
        value = self._values.get(key)
        return value if _is_id(value) else None

    def integer(self, key: str) -> int | None:
        """Return the int under `key`, else None."""
        value = self._values.get(key)
        return value if isinstance(value, int) else None

    def object(self, key: str) -> "JsonObject":
        """Return the object under `key`, else an empty one."""
        return JsonObject(self._values.get(key))

    def objects(self, key: str) -> list["JsonObject"]:
        """Return the objects of the list under `key`; what is no object is left out."""
        return [JsonObject(item) for item in self.list(key) if isinstance(item, dict)]

    def list(self, key: str) -> list[Any]:
        """Return the list under `key`, else an empty one."""
        value = self._values.get(key)
        return value if isinstance(value, list) else []

    def texts(self) -> dict[str, str]:
        """Return every key whose value is text, with its text."""
        return {key: value for key, value in self._values.items() if isinstance(value, str)}


@dataclass(frozen=True)
class Response:
    """A response of the API. `body` is None where it broke off, came too slowly or is over 16 MiB.

    A response to a `send` that cannot be read leaves the send in doubt; another request is safe to repeat.
    """

    status: int
    headers: Mapping[str, str]
    body: bytes | None
    send: bool = False

    def json(self) -> Any:
        """Return the JSON of the body, None where the body is empty. Raises UnavailableError or InDoubtError."""
        if self.body == b"":
            return None
        if self.body is None:
            raise self.unreadable("it broke off, came too slowly or is too long")
        try:
            return read_json(self.body)
        except (ValueError, RecursionError):
            raise self.unreadable("it is not JSON") from None

    def object(self) -> JsonObject:
        """Return the object in the body, an empty one where none can be read. Raises nothing."""
        try:
            return JsonObject(self.json())
        except DotdigitalError:
            return JsonObject(None)

    def with_id(self, key: str) -> tuple[int, JsonObject]:
        """Return the id under `key` and the object that has it. Raises UnavailableError or InDoubtError."""
        read = JsonObject(self.json())
        if (number := read.id(key)) is None:
            raise self.unreadable(f"it has no {key}")
        return number, read

    def with_text(self, key: str) -> tuple[str, JsonObject]:
        """Return the text under `key`, never blank, and the object that has it, as `with_id` does."""
        read = JsonObject(self.json())
        if not (text := read.text(key)).strip():
            raise self.unreadable(f"it has no {key}")
        return text, read

    def text(self, key: str) -> str:
        """Return the text under `key`, never blank. Raises UnavailableError or InDoubtError."""
        return self.with_text(key)[0]

    def unreadable(self, problem: str) -> DotdigitalError:
        """Return the error for a success whose body is not what Dotdigital documents."""
        kind = InDoubtError if self.send else UnavailableError
        return kind(f"Dotdigital's response cannot be read: {problem}", status=self.status)


def _is_id(value: object) -> TypeGuard[int]:
    return isinstance(value, int) and not isinstance(value, bool) and value > 0


def _segment(part: str) -> str:
    if _PLAIN_SEGMENT.fullmatch(part):
        return part
    if not part or part in (".", "..") or len(part) > _LONGEST_SEGMENT:
        raise RejectedError("an identifier must have 1 to 256 characters and name one contact")
    try:
        return quote(part, safe="")
    except UnicodeEncodeError:
        raise RejectedError("an identifier must be text that UTF-8 can hold") from None
