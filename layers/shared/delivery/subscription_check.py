"""What is wrong with subscriptions before an event comes: what does not compile, and fields that are wrong for all.

A field is wrong for every event if the action does not have it, if a literal is none that the payload takes, or if the
action requires it and the mapping gives nothing for it. What depends on the event is left to the event.
"""

import json
import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from delivery.fields.payload import MISSING, Payload
from delivery.fields.scalars import is_given
from delivery.subscription import Problem, Subscription, with_defaults
from delivery.subscriptions_file import compiled, place_of
from segment_events.mapping.compiler import METADATA, is_directive
from segment_events.mapping.literals import is_literal, literals_of
from segment_events.mapping.objects import ROOT_DIRECTIVE
from segment_events.spelling import did_you_mean

_OF_SEGMENT: Final = re.compile(rf"{METADATA}|__segment_internal.*|enable_batching|batch_(size|keys|bytes)")
"""Keys that Segment puts into any mapping, and that mean nothing here."""
_COUNTRY: Final = "numberCountry"
"""The one field that says how another is read."""
_LACKING: Final = f"{MISSING}, and the mapping gives nothing for it"


@dataclass(frozen=True)
class Checked:
    """A subscription, by its name and its place in the file, and every problem of it."""

    name: str
    place: str
    problems: tuple[Problem, ...]


def check_subscriptions(
    entries: Sequence[Any], payload_of: Callable[[str], type[Payload]], now: datetime
) -> list[Checked]:
    """Check the entries of a file. `payload_of` gives the payload of an action by its name."""
    return [
        Checked(each.name, place_of(position), (*each.problems, *_problems_of_mapping(entry, each, payload_of, now)))
        for position, (entry, each) in enumerate(zip(entries, compiled(entries), strict=True))
    ]


def _problems_of_mapping(
    entry: Any, subscription: Subscription, payload_of: Callable[[str], type[Payload]], now: datetime
) -> Iterator[Problem]:
    mapping = with_defaults(entry).get("mapping") if subscription.action else None
    if isinstance(mapping, dict):
        # One that is disabled may be unfinished: Delete Contact ships so.
        yield from problems_of_fields(mapping, payload_of(subscription.action), now, may_lack=not subscription.enabled)


def problems_of_fields(
    mapping: Mapping[str, Any], model: type[Payload], now: datetime, *, may_lack: bool = False
) -> Iterator[Problem]:
    """Give what is wrong with the fields of a mapping for every event, as of `now`.

    A problem of a literal has it, as JSON, for its `source`. What the mapping lacks is told unless it
    `may_lack` it. Of a mapping that is one directive nothing is known.
    """
    if is_directive(mapping) or ROOT_DIRECTIVE in mapping:
        return
    known = {field.alias or name for name, field in model.model_fields.items()}
    for key in mapping:
        if key not in known and not _OF_SEGMENT.fullmatch(key):
            advice = did_you_mean(key, known - mapping.keys()) or "; leave it out: it has no effect"
            yield Problem(_place(key), f"is no field of the action{advice}")
    fields = {alias: list(literals_of(mapping[alias], _place(alias))) for alias in mapping if alias in known}
    same = {alias: literals[0][1] for alias, literals in fields.items() if is_literal(mapping[alias])}
    for alias, literals in fields.items():
        for place, value in literals:
            reason = model.wrong_fields({**same, alias: value}, now).get(alias) if is_given(value) else None
            if reason and not _may_become_right(reason, fields.keys() - same.keys()):
                yield Problem(place, reason, json.dumps(value, ensure_ascii=False) if value != {} else None)
    lacking = model.wrong_fields(same, now) if not may_lack else {}
    for alias, reason in lacking.items():
        if alias not in fields or (alias in same and not is_given(same[alias])):
            yield Problem(_place(alias), _LACKING if reason == MISSING else reason)


def _place(key: str) -> str:
    return "mapping/" + key.replace("~", "~0").replace("/", "~1")


def _may_become_right(reason: str, of_event: Collection[str]) -> bool:
    """Tell whether a value that is refused is taken for some events: a number without +, by the country beside it."""
    return _COUNTRY in of_event and _COUNTRY in reason
