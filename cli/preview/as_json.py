"""A preview for machines."""

from dataclasses import asdict
from typing import Any

from cli.preview.preview import EventPreview, Part, Preview


def as_json(preview: Preview) -> dict[str, Any]:
    """Give a preview as JSON; docs/preview.md has its form."""
    return {
        "now": preview.now.isoformat(),
        "delivers": preview.delivers,
        "events": [_event(event) for event in preview.events],
    }


def _event(event: EventPreview) -> dict[str, Any]:
    read = event.event
    said = {"messageId": read.message_id, "type": read.type, "event": read.event} if read else {"payload": True}
    return {**said, "subscriptions": [_part(part) for part in event.parts]}


def _part(part: Part) -> dict[str, Any]:
    return {
        "subscription": part.subscription,
        "action": part.action,
        "delivers": part.delivers,
        "outcome": part.outcome.as_json(),
        "conditions": [asdict(finding) for finding in part.conditions],
        "fields": [asdict(field) for field in part.fields],
        "requests": [asdict(request) for request in part.requests],
        "assumed": list(part.assumed),
    }
