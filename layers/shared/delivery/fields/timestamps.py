"""Timestamps as they come in events: ISO 8601, HTTP dates, epoch seconds or milliseconds. Nothing is guessed.

Databases and languages write a timestamp out in full with its zone behind a blank: `2024-08-14 20:36:48 UTC`,
`2024-08-14 20:36:48.652 +0000`, `2024-08-14 20:36:48.652752 +0000 UTC`. These are read too.
https://developer.dotdigital.com/docs/data-handling (all times are UTC)
"""

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Annotated, Any, Final

from pydantic import BeforeValidator, WithJsonSchema

_EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_SECONDS: Final = range(10**8, 10**10)
_MILLISECONDS: Final = range(10**11, 10**13)
_EPOCH_TEXT: Final = re.compile(r"-?\d{9,13}(\.\d+)?", re.ASCII)
_YEAR_OR_MONTH: Final = re.compile(r"\d{4}(-\d{2})?", re.ASCII)
_HTTP_DATE: Final = re.compile(
    r"[A-Z][a-z]{2}, \d{1,2} [A-Z][a-z]{2} [1-9]\d{3} \d{2}:\d{2}:\d{2} (GMT|[+-]\d{4})", re.ASCII
)
_ISO_DATE: Final = re.compile(r"\d{4}-?\d{2}-?\d{2}(T.+| \d{2}.+)?", re.ASCII)
_WRITTEN_OUT: Final = re.compile(
    r"(\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2}(?:[.,]\d+)?)?) ?"
    r"(?:([+-]\d{2}(?::?\d{2})?)|(?:[+-]00:?00 )?(?:UTC|GMT|Z))",
    re.ASCII,
)

FORM: Final = (
    "an ISO 8601 date such as 2026-05-31T09:30:00Z, epoch seconds (9 or 10 digits) or milliseconds (12 or 13 digits)"
)


def timestamp_of(value: Any) -> datetime:
    """Give the timestamp that `value` names, in UTC; without a zone it is UTC, without a time midnight.

    Raises ValueError for anything that would have to be guessed: "5", 20240531, "03/04/2024" or "2024-02-30".
    """
    try:
        if isinstance(value, str):
            return _of_text(value.strip())
        if isinstance(value, int | float) and not isinstance(value, bool):
            return _of_epoch(value)
    except (ValueError, OverflowError):
        pass
    raise ValueError(f"must be {FORM}")


def _of_text(text: str) -> datetime:
    if written := _WRITTEN_OUT.fullmatch(text.upper()):
        return _in_utc(datetime.fromisoformat(written[1] + (written[2] or "Z")))
    if _ISO_DATE.fullmatch(text.upper()):
        return _in_utc(datetime.fromisoformat(text.upper()))
    if _EPOCH_TEXT.fullmatch(text):
        return _of_epoch(float(text) if "." in text else int(text))
    if _YEAR_OR_MONTH.fullmatch(text):
        return datetime.fromisoformat(f"{text}-01-01"[:10]).replace(tzinfo=UTC)
    if _HTTP_DATE.fullmatch(text):
        return _in_utc(parsedate_to_datetime(text))
    raise ValueError("another form")


def _in_utc(timestamp: datetime) -> datetime:
    return timestamp.astimezone(UTC) if timestamp.tzinfo else timestamp.replace(tzinfo=UTC)


def _of_epoch(number: float) -> datetime:
    digits = abs(int(number))
    if digits in _SECONDS:
        return _EPOCH + timedelta(seconds=number)
    if digits in _MILLISECONDS:
        return _EPOCH + timedelta(milliseconds=number)
    raise ValueError("seconds and milliseconds cannot be told apart")


Timestamp = Annotated[
    datetime, BeforeValidator(timestamp_of), WithJsonSchema({"type": "string", "format": "date-time"})
]
