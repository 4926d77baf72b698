"""What mappings name as it is written: lists, programs, campaigns and data fields, and whether the account has them."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from enum import Enum
from typing import Any, Final

from cli.check.findings import Finding, right, wrong
from cli.check.subscriptions import Enabled
from dotdigital import Dotdigital, Program
from segment_events.mapping.literals import literals_of

_ACTIVE: Final = "Active"
_LIKENESS: Final = 0.5
_DATA_FIELDS: Final = "dataFields"


class Kind(Enum):
    """Something that a mapping names by its id, in the field of that name."""

    LIST = "listId"
    PROGRAM = "programId"
    CAMPAIGN = "campaignId"

    @property
    def word(self) -> str:
        """What a person calls it."""
        return self.name.lower()


@dataclass(frozen=True)
class Named:
    """What one subscription names: an id or a name, as it is written."""

    subscription: str
    text: str


def check_references(dotdigital: Dotdigital, subscriptions: Sequence[Enabled]) -> Iterator[Finding]:
    """Look up what is named, one request a kind that is named. Raises DotdigitalError."""
    for kind in Kind:
        named = [Named(each.name, text) for each in subscriptions for text in _literals(each.mapping.get(kind.value))]
        if named:
            yield from _check_ids(kind, named, _items(dotdigital, kind))
    fields = [Named(each.name, key) for each in subscriptions for key in _keys(each.mapping.get(_DATA_FIELDS))]
    if fields:
        yield from _check_data_fields(fields, [field.name for field in dotdigital.data_fields.all()])


def _check_ids(kind: Kind, named: Sequence[Named], items: Mapping[int, Any]) -> Iterator[Finding]:
    missing = [each for each in named if not (each.text.isdecimal() and int(each.text) in items)]
    for each in missing:
        found = f"{each.subscription}: the account has no {kind.word} {each.text}"
        yield wrong(f"{kind.word}s", found, _nearest_item(each.text, items))
    for each in named:
        item = items.get(int(each.text)) if each.text.isdecimal() else None
        if isinstance(item, Program) and item.status != _ACTIVE:
            found = f"{each.subscription}: the program {item.id}, {item.name}, is {item.status}"
            yield wrong(f"{kind.word}s", found, "activate it in Dotdigital, or name another")
    if not missing:
        yield right(f"{kind.word}s", f"the account has all {len({each.text for each in named})} that mappings name")


def _check_data_fields(named: Sequence[Named], names: Sequence[str]) -> Iterator[Finding]:
    known = {name.upper() for name in names}
    missing = [each for each in named if each.text.upper() not in known]
    for each in missing:
        near = get_close_matches(each.text.upper(), known, 1, _LIKENESS)
        advice = f"the nearest is {near[0]}" if near else "create it in Dotdigital, or take it out of the mapping"
        yield wrong("data fields", f"{each.subscription}: the account has no data field {each.text}", advice)
    if not missing:
        yield right(
            "data fields", f"the account has all {len({each.text.upper() for each in named})} that mappings name"
        )


def _items(dotdigital: Dotdigital, kind: Kind) -> Mapping[int, Any]:
    match kind:
        case Kind.LIST:
            return {each.id: each for each in dotdigital.lists.all()}
        case Kind.PROGRAM:
            return {each.id: each for each in dotdigital.programs.all()}
        case Kind.CAMPAIGN:
            return {each.id: each for each in dotdigital.campaigns.all()}


def _nearest_item(text: str, items: Mapping[int, Any]) -> str:
    """Say which item a person may have meant: by its name, where the mapping has a name for an id, or by its id."""
    by_words = {item.name.casefold(): item for item in items.values()} | {str(item.id): item for item in items.values()}
    near = get_close_matches(text.casefold(), by_words, 1, _LIKENESS)
    if not near:
        return "segment-dotdigital's catalog lists what there is (docs/catalog.md)"
    item = by_words[near[0]]
    return f"the nearest is {item.id}, {item.name}"


def _literals(value: Any) -> Iterator[str]:
    """Give the texts and numbers that stand in a mapping themselves, also as a branch of a directive."""
    for _, literal in literals_of(value, ""):
        if isinstance(literal, str) or (isinstance(literal, int) and not isinstance(literal, bool)):
            yield str(literal).strip()


def _keys(value: Any) -> Iterable[str]:
    """Give the data fields that a mapping names; what comes out of the event is not known here."""
    if not isinstance(value, Mapping):
        return ()
    return [key for key in value if not key.startswith("@")]
