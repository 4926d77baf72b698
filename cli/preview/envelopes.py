"""Reads events, and payloads that are already mapped, out of whatever envelope they come in, as the functions do."""

import base64
import binascii
from collections.abc import Iterator, Mapping
from dataclasses import replace
from typing import Any, Final

from aws.api_gateway import DEEPEST, depth_of
from delivery.action import action_name, action_names
from delivery.incoming import (
    EventBus,
    Incoming,
    IncomingError,
    IncomingPayload,
    events_of_request,
    invoked,
    is_of_eventbridge,
    message_of_queue,
    segment_event,
)
from dotdigital.json_text import read_json

_USUAL_BUS: Final = EventBus()


class InputError(ValueError):
    """What came cannot be read as an event; the text says what it should be."""


def read_input(text: str | bytes, action: str | None = None, bus: EventBus = _USUAL_BUS) -> list[Incoming]:
    """Read JSON. `action` is that of a bare payload, `bus` reads what EventBridge brings. Raises InputError.

    What waits in the queue of an action has its `subscription`.
    """
    try:
        incoming = list(_read(_json(text, "it"), bus))
    except IncomingError as error:
        raise InputError(str(error)) from None
    if not incoming:
        raise InputError("there is no event in it")
    return [_named(each, action) for each in incoming]


def _read(content: Any, bus: EventBus) -> Iterator[Incoming]:
    """Tell from its form how the content would come to a function, and read it as the function does."""
    match content:
        case list():
            yield from _of_request(content, None)
        case {"Records": list() as records}:
            yield from (_of_queue(record, bus) for record in records)
        case {"requestContext": dict()} if "httpMethod" in content or "rawPath" in content:
            path = str(content.get("path") or content.get("rawPath"))
            yield from _of_request(_request_body(content), _action_of_path(path))
        case {"subscription": str(name), "event": event} if "type" not in content:
            yield replace(segment_event(event), subscription=name)
        case _:
            yield invoked(content, bus)


def _of_request(content: Any, action: str | None) -> Iterator[Incoming]:
    events = [content] if action else events_of_request(content)
    yield from (segment_event(event, action) for event in events)


def _of_queue(record: Any, bus: EventBus) -> Incoming:
    if not isinstance(record, dict) or not isinstance(record.get("body"), str):
        raise InputError("a record of its queue has no body")
    content = _json(record["body"], "the body of a message")
    queue = str(record.get("eventSourceARN", "")).rpartition(":")[2].removesuffix("-dead-letters")
    if is_of_eventbridge(queue):
        return bus.read(content)
    action = next((name for name in action_names() if queue.endswith(f"-{name}")), None)
    return replace(message_of_queue(record["body"]), action=action) if action else segment_event(content)


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
    if depth_of(content) > DEEPEST:
        raise InputError(f"{what} is nested deeper than {DEEPEST}, which the functions refuse")
    return content


def _action_of_path(path: str) -> str | None:
    _, found, name = path.partition("/actions/")
    return _action(name.strip("/").replace("-", "_")) if found else None


def _named(incoming: Incoming, action: str | None) -> Incoming:
    """Give what goes to one action, but does not say to which, the action that a person says."""
    if incoming.action or not (isinstance(incoming, IncomingPayload) or incoming.tried):
        return incoming
    if action is None:
        raise InputError("it does not name its action: name it with --action, or put the file into events/<action>/")
    return replace(incoming, action=_action(action))


def _action(name: str) -> str:
    try:
        return action_name(name)
    except LookupError as error:
        raise InputError(str(error.args[0])) from None
