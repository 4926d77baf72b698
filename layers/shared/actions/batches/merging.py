"""Updates of one contact that come to the same in one call as they would one after the other.

Data fields do, of which the last value counts, and lists, which add up. What is said of a channel acts on the state
before it: who has left is asked, who never was is not, and a list is joined as the status is then. So it begins a call
of its own, unless the call says the very same already. So does a number that the contact is given beside its address.

https://developer.dotdigital.com/reference/importcontact
"""

from collections.abc import Mapping
from typing import Any, Final

_MERGED: Final = frozenset({"channelProperties", "dataFields", "identifiers", "lists"})
_MOST_LISTS: Final = 100


def joined(before: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, Any] | None:
    """Join an update of a contact to the one before, both as v3 names them; None where it must go after it."""
    if not before.keys() | update.keys() <= _MERGED:
        return None
    if "identifiers" in update and update["identifiers"] != before.get("identifiers"):
        return None
    channels = before.get("channelProperties", {})
    if update.get("channelProperties", {}) not in ({}, channels):
        return None
    lists = list(dict.fromkeys([*before.get("lists", []), *update.get("lists", [])]))
    if len(lists) > _MOST_LISTS:
        return None
    fields = {**before.get("dataFields", {}), **update.get("dataFields", {})}
    whole = {**before, **update, "channelProperties": channels, "dataFields": fields, "lists": lists}
    return {name: value for name, value in whole.items() if name in before or name in update}
