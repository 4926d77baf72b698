"""Reads what Segment gives of a destination's subscriptions, in each of the forms that it gives them in.

https://docs.segmentapis.com/tag/Destinations#operation/listSubscriptionsFromDestination
"""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Final

from dotdigital.json_text import read_json, well_formed

_ACTION_KEYS: Final = ("actionSlug", "partnerAction", "action")
_TRIGGER_KEYS: Final = ("trigger", "subscribe")
_MAPPING_KEYS: Final = ("settings", "mapping")
_HOLDERS: Final = ("data", "subscriptions", "subscription", "destination", "settings")


class ExportError(ValueError):
    """The file holds no subscriptions of Segment; the text says what it should hold."""


@dataclass(frozen=True)
class Exported:
    """A subscription of Segment: where it stands in the file, and our entry for it.

    `entry` has its problems still. `places` gives Segment's name for each key of ours, `problems` what only Segment's
    own keys tell.
    """

    place: str
    entry: Mapping[str, Any]
    places: Mapping[str, str]
    problems: tuple[str, ...] = ()


@dataclass
class Export:
    """The subscriptions of a file. `missing` counts those that there are beyond them at least, as its pages say."""

    subscriptions: list[Exported] = field(default_factory=list)
    missing: int = 0


def read_export(text: str) -> Export:
    """Read a response of Segment's Public API, or several one after the other or in a list, as its pages come.

    The bare list, one subscription, and the form with partnerAction, subscribe and mapping are read too. Raises
    ExportError.
    """
    try:
        return _read(text)
    except RecursionError:
        raise ExportError("it is nested too deep") from None


def _read(text: str) -> Export:
    export = Export()
    total, pagination = 0, dict[str, Any]()
    for page, document in enumerate(_documents(text), 1):
        if words := _error_words(document):
            raise ExportError(f"Segment responded with an error: {'; '.join(words)}")
        before = f"page {page}: " if page > 1 else ""
        for place, raw in _found(document, ""):
            export.subscriptions.append(_exported(f"{before}{place or 'the subscription'}", raw))
        pagination = _pagination(document)
        count = pagination.get("totalEntries")
        total = max(total, count if isinstance(count, int) else 0)
    if not export.subscriptions and total == 0 and not _is_empty(text):
        raise ExportError(
            'it holds no subscriptions: it should be {"data": {"subscriptions": [...]}}, as Segment responds'
        )
    unasked = 1 if pagination.get("next") and not total else 0
    export.missing = max(unasked, total - len(export.subscriptions))
    return export


def _documents(text: str) -> Iterator[Any]:
    decoder, at = json.JSONDecoder(), 0
    text = text.removeprefix("\ufeff")
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        try:
            document, at = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            raise ExportError("it is not JSON") from None
        yield well_formed(document)


def _error_words(document: Any) -> list[str]:
    """Return what Segment says in the place of subscriptions, if it does: of a list of pages, of any of them."""
    if isinstance(document, list):
        return [word for page in document for word in _error_words(page)]
    errors = document.get("errors") if isinstance(document, dict) else None
    found = [each for each in errors if isinstance(each, dict)] if isinstance(errors, list) else []
    return [str(each.get("message") or each.get("type")) for each in found]


def _found(content: Any, place: str) -> Iterator[tuple[str, Any]]:
    """Give what stands where subscriptions do, with its place; an element of a list whatever it is."""
    content = _parsed(content)
    if isinstance(content, list):
        for number, each in enumerate(content):
            inner = f"{place or 'subscriptions'}[{number}]"
            holds = isinstance(each, dict) and not _is_subscription(each)
            held = list(_found(each, inner)) if holds else []
            yield from held or [(inner, each)]
    elif isinstance(content, dict) and _is_subscription(content):
        yield place, content
    elif isinstance(content, dict):
        for key in _HOLDERS:
            if key in content:
                yield from _found(content[key], f"{place}.{key}".lstrip("."))


def _is_subscription(content: Mapping[str, Any]) -> bool:
    return any(key in content for key in (*_ACTION_KEYS, *_TRIGGER_KEYS, "actionId"))


def _is_empty(text: str) -> bool:
    return any(
        isinstance(document, dict) and "subscriptions" in document.get("data", document)
        for document in _documents(text)
    )


def _pagination(document: Any) -> dict[str, Any]:
    if not isinstance(document, dict):
        return {}
    found = document.get("pagination")
    return found if isinstance(found, dict) else _pagination(document.get("data"))


def _exported(place: str, raw: Any) -> Exported:
    if not isinstance(raw, dict):
        return Exported(place, {}, {}, ("Input should be an object",))
    keys = {"partnerAction": _ACTION_KEYS, "subscribe": _TRIGGER_KEYS, "mapping": _MAPPING_KEYS}
    found = {ours: next((key for key in theirs if key in raw), theirs[0]) for ours, theirs in keys.items()}
    entry = {
        "name": raw.get("name") or raw.get(found["partnerAction"]),
        "enabled": raw.get("enabled", True),
        **{ours: _parsed(raw[key]) if ours == "mapping" else raw[key] for ours, key in found.items() if key in raw},
    }
    return Exported(place, entry, {**found, "action": found["partnerAction"]}, tuple(_own_problems(raw, found)))


def _own_problems(raw: Mapping[str, Any], found: Mapping[str, str]) -> Iterator[str]:
    # A subscription of ours may leave them out; here the action's own would stand in for what Segment has.
    yield from (f"{found[ours]}: is required" for ours in ("subscribe", "mapping") if found[ours] not in raw)
    if raw.get("modelId") or raw.get("reverseETLModelId"):
        yield "modelId: it takes the rows of a Reverse ETL model, which do not come here as events"


def _parsed(content: Any) -> Any:
    """Give what JSON in a text says: Terraform and a destination's settings keep mappings and lists so."""
    if not isinstance(content, str):
        return content
    try:
        return read_json(content)
    except (ValueError, RecursionError):
        return content
