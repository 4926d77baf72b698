"""Takes events, and payloads that are already mapped, out of whatever envelope they come in."""

import base64
import binascii
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from actions import action_name, action_names
from segment_events import EventError, read_event

_OF_SEGMENT: Final = ("aws.partner/segment.com", "local.partner/segment.com")
_DEEPEST: Final = 100
_TRIED: Final = ("mapping", "subscribe")


class InputError(ValueError):
    """What came cannot be read as an event; the text says what it should be."""


@dataclass(frozen=True)
class Given:
    """An event, or a payload that is already mapped, and what its envelope says of it.

    `action` and `subscription` are the only ones that it goes to, None where it goes to all. `tried` has the mapping
    and the trigger that an event is tried with in place of a subscription's.
    """

    content: Mapping[str, Any]
    is_payload: bool = False
    action: str | None = None
    subscription: str | None = None
    tried: Mapping[str, Any] | None = None


def read_input(text: str | bytes, action: str | None = None) -> list[Given]:
    """Read JSON. `action` is that of a bare payload. Raises InputError."""
    given = list(_unwrapped(_json(text, "it"), Given({})))
    if not given:
        raise InputError("there is no event in it")
    return [_named(each, action) for each in given]


def _unwrapped(content: Any, known: Given) -> Iterator[Given]:
    match content:
        case list():
            for each in content:
                inner = each["json"] if isinstance(each, dict) and each.keys() == {"json"} else each
                yield from _unwrapped(inner, known)
        case {"Records": list() as records}:
            for record in records:
                yield from _unwrapped(_record_body(record), replace(known, action=_action_of_queue(record)))
        case {"requestContext": dict()} if "httpMethod" in content or "rawPath" in content:
            path = str(content.get("path") or content.get("rawPath"))
            yield from _unwrapped(_request_body(content), replace(known, action=_action_of_path(path)))
        case {"detail-type": str(detail_type), "detail": detail}:
            is_segment = str(content.get("source", "")).startswith(_OF_SEGMENT)
            yield from _unwrapped(detail, known if is_segment else replace(known, action=_action(detail_type)))
        case {"payload": dict(payload)} if "type" not in content:
            yield replace(known, content=payload, is_payload=True)
        case {"subscription": str(name), "event": dict(event)}:
            yield replace(known, content=_checked(event), subscription=name)
        case {"event": dict(event)}:
            tried = {key: content[key] for key in _TRIED if key in content}
            yield replace(known, content=_checked(event), tried=tried or None)
        case _:
            yield replace(known, content=_checked(content))


def _named(given: Given, action: str | None) -> Given:
    if given.action or not (given.is_payload or given.tried):
        return given
    if action is None:
        raise InputError("it does not name its action: name it with --action, or put the file into events/<action>/")
    return replace(given, action=_action(action))


def _checked(event: Any) -> Mapping[str, Any]:
    try:
        read_event(event)
    except EventError as error:
        raise InputError(f"it is not a Segment event: {error}") from None
    checked: Mapping[str, Any] = event
    return checked


def _record_body(record: Any) -> Any:
    if not isinstance(record, dict) or not isinstance(record.get("body"), str):
        raise InputError("a record of its queue has no body")
    return _json(record["body"], "the body of a message")


def _request_body(request: Mapping[str, Any]) -> Any:
    body = str(request.get("body") or "")
    try:
        return _json(base64.b64decode(body, validate=True) if request.get("isBase64Encoded") else body, "its body")
    except binascii.Error:
        raise InputError("its body is not base64") from None


def _json(text: str | bytes, what: str) -> Any:
    try:
        content = json.loads(text)
    except (ValueError, RecursionError):
        raise InputError(f"{what} is not JSON") from None
    level, depth = [content], 0
    while level := [value for value in level if isinstance(value, dict | list)]:
        depth += 1
        level = [child for value in level for child in (value.values() if isinstance(value, dict) else value)]
    if depth > _DEEPEST:
        raise InputError(f"{what} is nested deeper than {_DEEPEST}, which the functions refuse")
    return content


def _action_of_path(path: str) -> str | None:
    _, found, name = path.partition("/actions/")
    return _action(name.strip("/").replace("-", "_")) if found else None


def _action_of_queue(record: Mapping[str, Any]) -> str | None:
    queue = str(record.get("eventSourceARN", "")).rpartition(":")[2].removesuffix("-dead-letters")
    return next((name for name in action_names() if queue.endswith(f"-{name}")), None)


def _action(name: str) -> str:
    try:
        return action_name(name)
    except LookupError as error:
        raise InputError(str(error.args[0])) from None
