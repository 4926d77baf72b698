"""An answer of Segment's Public API to GET /destinations/{id}/subscriptions, as its documentation shows them."""

from typing import Any

SUBSCRIPTION: dict[str, Any] = {
    "id": "eoeXaMeAYcB2XvEApJDrQs",
    "name": "Order texts",
    "actionId": "uD9jEQ4DxJZzhzVqppM7UD",
    "actionSlug": "sendSms",
    "destinationId": "fP7qoQw2HTWt9WdMr718gn",
    "modelId": "",
    "enabled": True,
    "trigger": 'type = "track" and event = "Order Shipped"',
    "settings": {"to": {"@path": "$.properties.phone"}, "message": "On its way"},
}
ENTRY: dict[str, Any] = {
    "name": "Order texts",
    "enabled": True,
    "partnerAction": "sendSms",
    "subscribe": 'type = "track" and event = "Order Shipped"',
    "mapping": {"to": {"@path": "$.properties.phone"}, "message": "On its way"},
}


def answer(*subscriptions: Any, total: int | None = None) -> dict[str, Any]:
    """The answer that has these subscriptions, or the usual one."""
    held = list(subscriptions or [SUBSCRIPTION])
    count = len(held) if total is None else total
    return {"data": {"subscriptions": held, "pagination": {"current": "MA==", "totalEntries": count}}}
