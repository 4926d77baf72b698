"""What the account has, as rows to read and as the choices that Segment's own pickers show.

The form of the choices is that of Segment's dynamic fields: `{"choices": [{"label", "value"}]}`, values as text.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any, Final

from aws.account import UnknownError
from dotdigital import Campaign, ContactList, DataField, Dotdigital, Program

_CHOICE_TYPES: Final = {"String": "string", "Numeric": "number", "Date": "datetime", "Boolean": "boolean"}
_ENROLS: Final = "Active"
KEPT_SECONDS: Final = 300.0

Item = ContactList | Program | Campaign | DataField
Choice = dict[str, str]


@dataclass(frozen=True)
class Listing:
    """Something that an account has many of: their name in responses, and how all are read."""

    key: str
    read: Callable[[Dotdigital], Sequence[Item]]


class KeptListings:
    """Listings as they were read some minutes ago. Those of another client's account are dropped."""

    def __init__(self, monotonic: Callable[[], float]) -> None:
        """Keep nothing yet; `monotonic` tells how old a listing is."""
        self._monotonic = monotonic
        self._dotdigital: Dotdigital | None = None
        self._kept: dict[str, tuple[float, Sequence[Item]]] = {}

    def items(self, listing: Listing, dotdigital: Dotdigital) -> Sequence[Item]:
        """Give all items of a listing, at most five minutes old. Raises DotdigitalError."""
        if dotdigital is not self._dotdigital:
            self._dotdigital = dotdigital
            self._kept.clear()
        read_at, items = self._kept.get(listing.key, (float("-inf"), ()))
        if self._monotonic() - read_at > KEPT_SECONDS:
            items = listing.read(dotdigital)
            self._kept[listing.key] = self._monotonic(), items
        return items

    def forget(self, listing: Listing) -> None:
        """Read a listing anew the next time that it is requested."""
        self._kept.pop(listing.key, None)


_LISTINGS: Final = {
    "lists": Listing("lists", lambda dotdigital: dotdigital.lists.all()),
    "programs": Listing("programs", lambda dotdigital: dotdigital.programs.all()),
    "campaigns": Listing("campaigns", lambda dotdigital: dotdigital.campaigns.all()),
    "data-fields": Listing("dataFields", lambda dotdigital: dotdigital.data_fields.all()),
}


def listing(name: str) -> Listing:
    """Give the listing of that name: lists, programs, campaigns or data-fields. Raises UnknownError."""
    if name not in _LISTINGS:
        raise UnknownError(f"there are {', '.join(_LISTINGS)} and account, and nothing else")
    return _LISTINGS[name]


def as_rows(listing: Listing, items: Sequence[Item]) -> Mapping[str, list[dict[str, Any]]]:
    """Give everything that is known of the items, under the name of their kind."""
    return {listing.key: [asdict(item) for item in items]}


def as_choices(items: Sequence[Item]) -> Mapping[str, list[Choice]]:
    """Give the items as Segment's pickers do: of programs the active ones alone, data fields with their type."""
    return {"choices": [_choice(item) for item in items if not isinstance(item, Program) or item.status == _ENROLS]}


def no_choices(name: str) -> Mapping[str, Any]:
    """Say in the form of a picker that nothing has that name."""
    return {"choices": [], "nextPage": "", "error": {"message": f"No dynamic field named {name} found.", "code": "404"}}


def _choice(item: Item) -> Choice:
    if not isinstance(item, DataField):
        return {"label": item.name, "value": str(item.id)}
    # Dotdigital names types that it has no longer, or not yet: the field can be chosen all the same.
    known = {"type": _CHOICE_TYPES[item.type]} if item.type in _CHOICE_TYPES else {}
    return {"label": item.name, "value": item.name, **known}
