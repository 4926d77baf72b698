"""Takes events, and payloads that are already mapped, out of whatever envelope they come in."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

from delivery.action import action_name, action_names
from delivery.incoming import (
    EventBus,
    Incoming,
    IncomingError,
    IncomingPayload,
    events_of_request,
    invoked,
    is_of_eventbridge,
    segment_event,
)
from dotdigital.json_text import read_json

_USUAL_BUS: Final = EventBus()
_DEEPEST: Final = 100


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


def read_input(text: str | bytes, action: str | None = None, bus: EventBus = _USUAL_BUS) -> list[Given]:
    """Read JSON. `action` is that of a bare payload, `bus` reads what EventBridge brings. Raises InputError."""
    try:
        given = list(_unwrapped(_json(text, "it"), bus))
    except IncomingError as error:
        raise InputError(str(error)) from None
    if not given:
        raise InputError("there is no event in it")
    return [_named(each, action) for each in given]


def _unwrapped(content: Any, bus: EventBus) -> Iterator[Given]:
    """Tell from its form how what was given would come to a function, and read it as the function does."""
    match content:
        case list():
            yield from _of_request(content, None)
        case {"Records": list() as records}:
            yield from (_of_queue(record, bus) for record in records)
        case {"requestContext": dict()} if "httpMethod" in content or "rawPath" in content:
            path = str(content.get("path") or content.get("rawPath"))
            yield from _of_request(_request_body(content), _action_of_path(path))
        case {"subscription": str(name), "event": event} if "type" not in content:
            yield replace(_given(segment_event(event)), subscription=name)
        case _:
            yield _given(invoked(content, bus))


def _of_request(content: Any, action: str | None) -> Iterator[Given]:
    events = [content] if action else events_of_request(content)
    yield from (_given(segment_event(event, action)) for event in events)


def _of_queue(record: Any, bus: EventBus) -> Given:
    content, queue = _record_body(record), _queue_of(record)
    if is_of_eventbridge(queue):
        return _given(bus.read(content))
    action = next((name for name in action_names() if queue.endswith(f"-{name}")), None)
    match content:
        case {"subscription": str(name), "event": event} if action:
            return replace(_given(segment_event(event, action)), subscription=name)
        case {"payload": dict(payload)} if action:
            return Given(payload, is_payload=True, action=action)
    return _given(segment_event(content, action))


def _given(incoming: Incoming) -> Given:
    if isinstance(incoming, IncomingPayload):
        return Given(incoming.payload, is_payload=True, action=incoming.action)
    return Given(incoming.raw, action=incoming.action, tried=incoming.tried or None)


def _named(given: Given, action: str | None) -> Given:
    if given.action or not (given.is_payload or given.tried):
        return given
    if action is None:
        raise InputError("it does not name its action: name it with --action, or put the file into events/<action>/")
    return replace(given, action=_action(action))


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
        content = read_json(text)
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


def _queue_of(record: Mapping[str, Any]) -> str:
    return str(record.get("eventSourceARN", "")).rpartition(":")[2].removesuffix("-dead-letters")


def _action(name: str) -> str:
    try:
        return action_name(name)
    except LookupError as error:
        raise InputError(str(error.args[0])) from None
