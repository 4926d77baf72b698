"""Data fields and their types, through the v2 API: read once and kept for some minutes, and created.

https://developer.dotdigital.com/reference/get-contact-data-fields
"""

import re
import threading
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Final, Literal

from dotdigital.errors import RejectedError
from dotdigital.http_messages import JsonObject, Request, Response, path
from dotdigital.transport import Transport

KEPT_SECONDS: Final = 300.0
_UNKNOWN_KEPT_SECONDS: Final = 60.0
_MOST_UNKNOWN: Final = 20
_NAME: Final = re.compile(r"[A-Za-z0-9_-]{1,20}")
_RESTRICTED: Final = frozenset(
    {
        "account",
        "campaign",
        "campaignid",
        "contact",
        "contact_api_id",
        "contactid",
        "email",
        "hcontactid",
        "hemail",
        "hemail256",
        "id",
        "messagecontent",
        "mobilenumberid",
        "notes",
        "unsubscribed",
        "uniquecontactid",
    }
)


@dataclass(frozen=True)
class DataField:
    """A data field: its name as the account writes it, and String, Numeric, Date or Boolean."""

    name: str
    type: str


class DataFields:
    """The account's data fields by name, without regard to case. Threads may share them."""

    def __init__(self, transport: Transport) -> None:
        """Read nothing yet: the first look-up does."""
        self._transport = transport
        self._reading = threading.Lock()
        self._fields: Mapping[str, DataField] = {}
        self._read_at: float | None = None
        self._unknown: dict[str, float] = {}

    def look_up(self, names: Iterable[str]) -> Mapping[str, DataField]:
        """Return the data field for each of `names` that the account has.

        Reads the list when it is older than 5 minutes, or when a name is unknown, for it may be new. A name that is
        still unknown then stays so for a minute, so that many events with one wrong name read the list once. While 20
        names are unknown, any other is taken for unknown too: many events with a wrong name each read it 20 times.
        """
        wanted = {name: name.upper() for name in names}
        with self._reading:
            now = self._transport.monotonic()
            unknown = {key for key in wanted.values() if key not in self._fields}
            if self._is_old(now) or (unknown and self._may_be_new(unknown, now)):
                self._read(now)
                self._unknown |= {key: now for key in wanted.values() if key not in self._fields}
            return {name: self._fields[key] for name, key in wanted.items() if key in self._fields}

    def all(self) -> tuple[DataField, ...]:
        """Read the list now and return every data field."""
        with self._reading:
            self._read(self._transport.monotonic())
            return tuple(self._fields.values())

    def create(
        self,
        name: str,
        type: Literal["String", "Numeric", "Date", "Boolean"],
        visibility: Literal["Private", "Public"] = "Private",
    ) -> None:
        """Create a data field; the next look-up reads the list. A field that exists, of any type, is no error.

        Raises RejectedError for a name that Dotdigital does not take.
        https://developer.dotdigital.com/reference/create-contact-data-field
        """
        if not _NAME.fullmatch(name) or name.lower() in _RESTRICTED:
            text = "the name of a data field must be 1 to 20 letters, digits, _ or -, and none that Dotdigital uses"
            raise RejectedError(text)
        body = {"name": name, "type": type, "visibility": visibility}
        try:
            self._transport.request(Request("POST", path("v2", "data-fields"), body=body))
        except RejectedError as error:
            if error.code != "ERROR_NON_UNIQUE_DATAFIELD":
                raise
        with self._reading:
            self._read_at = None
            self._unknown.clear()

    def _is_old(self, now: float) -> bool:
        return self._read_at is None or now - self._read_at > KEPT_SECONDS

    def _may_be_new(self, unknown: set[str], now: float) -> bool:
        self._unknown = {key: looked for key, looked in self._unknown.items() if now - looked <= _UNKNOWN_KEPT_SECONDS}
        return len(self._unknown) < _MOST_UNKNOWN and not unknown <= self._unknown.keys()

    def _read(self, now: float) -> None:
        # The slash at the end is Segment's own and known to work.
        self._fields = _fields_in(self._transport.request(Request("GET", "/v2/data-fields/")))
        self._read_at = now


def _fields_in(response: Response) -> dict[str, DataField]:
    items = response.json()
    if not isinstance(items, list):
        raise response.unreadable("the data fields are not a list")
    named = {item.text("name"): item for item in map(JsonObject, items)}
    return {name.upper(): DataField(name, item.text("type")) for name, item in named.items() if name}
