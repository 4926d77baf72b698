"""The messages of an action's queue, and their way through the function as an event source mapping takes it."""

import json
from collections.abc import Mapping
from typing import Any

from cli.actions import load_action
from tests.support.aws import Aws, message_record
from tests.support.functions import Context, Handler, load_handler
from tests.support.segment import track

_EMAIL = {"email": "kim@example.com"}
_TEXT = {"phone": "+447700900123", "message": "Hello"}
_MAIL = {"fromAddress": "shop@example.com", "subject": "Your order", "htmlContent": "<p>It is on its way.</p>"}
PROPERTIES: Mapping[str, Mapping[str, Any]] = {
    "add_contact_to_list": {**_EMAIL, "listId": 301},
    "remove_contact_from_list": {**_EMAIL, "listId": 301},
    "enrol_contact": {**_EMAIL, "programId": 501},
    "send_sms": _TEXT,
    "send_transactional_sms": {**_TEXT, "from": "Shop"},
    "send_email_campaign": {**_EMAIL, "campaignId": 601},
    "send_transactional_email": {**_EMAIL, **_MAIL},
}
"""What the subscription of each action needs of its event."""
SUBSCRIPTIONS = {action: load_action(action).title for action in PROPERTIES}
"""The subscription of each action as it ships; its event has the same name."""


def body(action: str = "send_sms", message_id: str = "m-1", **properties: Any) -> dict[str, Any]:
    """A message as segment_webhook writes it; `properties` differ from those of PROPERTIES."""
    event = track(SUBSCRIPTIONS[action], **{**PROPERTIES[action], **properties}) | {"messageId": message_id}
    return {"subscription": SUBSCRIPTIONS[action], "event": event}


def queue_event(*bodies: Any, queue: str = "segment_webhook") -> dict[str, Any]:
    """What Lambda gives a function of messages that nobody needs to find in a queue: JSON, or text as it is."""
    texts = [content if isinstance(content, str) else json.dumps(content) for content in bodies]
    attributes = {"SentTimestamp": "1795169108236", "ApproximateReceiveCount": "1"}
    messages = [
        {"MessageId": str(number), "ReceiptHandle": "none", "Body": text, "Attributes": attributes}
        for number, text in enumerate(texts)
    ]
    return {"Records": [message_record(message, queue) for message in messages]}


def deliver(aws: Aws, action: str, *bodies: Any, seconds: float = 30, handler: Handler | None = None) -> list[str]:
    """Put messages into an action's queue, and give its function all that is there; give the bodies that stay."""
    aws.make_queues(action)
    aws.put(action, *bodies)
    return drain(aws, action, seconds, handler)


def drain(aws: Aws, action: str, seconds: float = 30, handler: Handler | None = None) -> list[str]:
    """Give the function what its queue has, delete what it is done with, and give the bodies that stay."""
    records = aws.receive_all(action)
    response = (handler or load_handler(action))({"Records": records}, Context(seconds))
    kept = {failure["itemIdentifier"] for failure in response["batchItemFailures"]}
    assert response.keys() == {"batchItemFailures"}
    assert kept <= {record["messageId"] for record in records}
    aws.delete(action, [record["receiptHandle"] for record in records if record["messageId"] not in kept])
    return [record["body"] for record in records if record["messageId"] in kept]


def dead_letters(aws: Aws, name: str) -> list[tuple[str, dict[str, str]]]:
    """The body and the attributes of each dead letter of a function that was not received yet."""
    return [(record["body"], record["messageAttributes"]) for record in aws.receive_all(f"{name}-dead-letters")]
