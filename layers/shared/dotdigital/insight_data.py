"""Insight data: records of an account or of its contacts, in collections, through the v3 API.

https://developer.dotdigital.com/reference/insight-data-1
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final, Literal

from dotdigital.calls import Call
from dotdigital.contacts import Identifier
from dotdigital.errors import RejectedError
from dotdigital.paths import path

if TYPE_CHECKING:
    from dotdigital.transport import Transport

Scope = Literal["account", "contact"]
CollectionType = Literal["custom", "orders", "catalog", "cartInsight"]
_NAME: Final = re.compile(r"[-A-Za-z_][-A-Za-z0-9_]{1,254}")
_STANDARD: Final = (
    "cartInsight",
    "catalog",
    "consentInsight",
    "easyEditorExtensions",
    "nostoEmailCampaigns",
    "orders",
    "productCategories",
    "webInsight",
    "wishList",
)
_STANDARD_BY_NAME: Final = {name.lower(): name for name in _STANDARD}


@dataclass(frozen=True)
class InsightRecord:
    """A record of a contact that exists, or of the account where `contact` is None. `json` is any JSON object."""

    collection: str
    key: str
    json: Mapping[str, Any]
    contact: Identifier | None = None


class InsightData:
    """The Insight data of an account."""

    def __init__(self, transport: "Transport") -> None:
        """Call through `transport`."""
        self._transport = transport

    def put(self, record: InsightRecord) -> None:
        """Create the record, or replace the one with its key.

        Raises NotFoundError where there is no such collection (code insightData:collectionNotFound) or contact.
        https://developer.dotdigital.com/reference/putaccountinsightdatarecord
        """
        contact = record.contact
        owner = ("account",) if contact is None else ("contacts", contact.channel, contact.value)
        to = path("insightData", "v3", *owner, _checked(record.collection), record.key)
        self._transport.make(Call("PUT", to, body=dict(record.json)))

    def create_collection(self, name: str, scope: Scope, kind: CollectionType | None = None) -> None:
        """Create a collection; one that exists already is no error, and stays of its own type.

        Without a `kind`, under the name of one of Dotdigital's own types, in any case, it is of that type, else custom.
        https://developer.dotdigital.com/reference/postcreateinsightdatacollection
        """
        named = kind or _STANDARD_BY_NAME.get(name.lower(), "custom")
        query = {"collectionScope": scope, "collectionType": named}
        self._transport.make(Call("POST", path("insightData", "v3", "collections", _checked(name)), query=query))


def is_standard(name: str) -> bool:
    """Tell whether `name` is one of Dotdigital's own types of Insight data, such as orders, in any case."""
    return name.strip().lower() in _STANDARD_BY_NAME


def is_collection_name(name: str) -> bool:
    """Tell whether `name` can name a collection: 2 to 255 letters, digits, _ or -, no digit first."""
    return bool(_NAME.fullmatch(name))


def _checked(name: str) -> str:
    if not is_collection_name(name):
        raise RejectedError("the name of a collection must be 2 to 255 letters, digits, _ or -, no digit first")
    return name
