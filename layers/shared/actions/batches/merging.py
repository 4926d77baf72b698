"""Several updates of one contact as one update that leaves the contact as they would have, one after the other.

https://developer.dotdigital.com/reference/importcontact
"""

from collections.abc import Mapping, Sequence
from functools import reduce
from typing import Any

_WITH_STATUS = ("status", "resubscribeOptions")


def merged(updates: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Merge updates of one contact, in order: v3's channelProperties, dataFields and lists.

    Of a data field, of an e-mail type, of a status the last value counts; lists add up. Options to resubscribe belong
    to the status that they came with.
    """
    nothing: dict[str, Any] = {}
    return reduce(_after, updates, nothing)


def _after(before: dict[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    joined = {**before, **update}
    if "lists" in before and "lists" in update:
        joined["lists"] = list(dict.fromkeys([*before["lists"], *update["lists"]]))
    if "dataFields" in before and "dataFields" in update:
        joined["dataFields"] = {**before["dataFields"], **update["dataFields"]}
    if "channelProperties" in before and "channelProperties" in update:
        joined["channelProperties"] = _channels(before["channelProperties"], update["channelProperties"])
    return joined


def _channels(before: Mapping[str, Any], update: Mapping[str, Any]) -> dict[str, Any]:
    channels = {**before, **update}
    for channel in before.keys() & update.keys():
        kept = before[channel]
        if "status" in update[channel]:
            kept = {name: value for name, value in kept.items() if name not in _WITH_STATUS}
        channels[channel] = {**kept, **update[channel]}
    return channels
