"""A subscription and an event for previews, and what a preview makes of them."""

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from cli.preview.envelopes import read_input
from cli.preview.preview import preview_events
from cli.preview.report import as_json

NOW = datetime(2026, 11, 21, tzinfo=UTC)
EVENT: dict[str, Any] = {
    "type": "track",
    "event": "Order Shipped",
    "messageId": "m-1",
    "properties": {"phone": "+447700900123", "email": "ada@example.com", "order": 7},
}
SUBSCRIPTION: dict[str, Any] = {
    "name": "Order texts",
    "enabled": True,
    "partnerAction": "sendSms",
    "subscribe": 'type = "track" and event = "Order Shipped"',
    "mapping": {"to": {"@path": "$.properties.phone"}, "message": {"@template": "Order {{properties.order}}"}},
}


def subscriptions_file(folder: Path, *subscriptions: Mapping[str, Any]) -> Path:
    """Write a file with the subscriptions, or with the usual one."""
    path = folder / "subscriptions.json"
    path.write_text(json.dumps({"subscriptions": subscriptions or [SUBSCRIPTION]}), encoding="utf-8")
    return path


def parts_of(folder: Path, *subscriptions: Mapping[str, Any], **event: Any) -> list[dict[str, Any]]:
    """What the subscriptions do with the event, as JSON has it; `event` changes the usual one."""
    path = subscriptions_file(folder, *subscriptions)
    shown = as_json(preview_events(read_input(json.dumps({**EVENT, **event})), path, NOW))
    parts: list[dict[str, Any]] = shown["events"][0]["subscriptions"]
    return parts
