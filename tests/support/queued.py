"""The messages of an action's queue, and their way through the function as an event source mapping takes it."""

import json
from collections.abc import Mapping
from typing import Any

from cli.actions import load_action
from tests.support.aws import REGION, STACK, Aws
from tests.support.functions import Context, load_handler
from tests.support.segment import track

SUBSCRIPTIONS = {
    "add_contact_to_list": "Add or Update Contact",
    "remove_contact_from_list": "Remove Contact from List",
    "enrol_contact": "Enrol Contact to Program",
    "send_sms": "Send SMS",
    "send_transactional_sms": "Send Transactional SMS",
    "send_email_campaign": "Send Email Campaign",
    "send_transactional_email": "Send Transactional Email",
}
"""The subscription of each action as it ships; its event has the same name."""

PROPERTIES: Mapping[str, Mapping[str, Any]] = {
    "add_contact_to_list": {"email": "kim@example.com", "listId": 301},
    "remove_contact_from_list": {"email": "kim@example.com", "listId": 301},
    "enrol_contact": {"email": "kim@example.com", "programId": 501},
    "send_sms": {"phone": "+447700900123", "message": "Hello"},
    "send_transactional_sms": {"phone": "+447700900123", "message": "Hello", "from": "Shop"},
    "send_email_campaign": {"email": "kim@example.com", "campaignId": 601},
    "send_transactional_email": {
        "email": "kim@example.com",
        "fromAddress": "shop@example.com",
        "subject": "Your order",
        "htmlContent": "<p>It is on its way.</p>",
    },
}
"""What the subscription of each action needs of its event."""


def body(action: str = "send_sms", message_id: str = "m-1", **properties: Any) -> dict[str, Any]:
    """A message as segment_webhook writes it; `properties` differ from those of PROPERTIES."""
    event = track(SUBSCRIPTIONS[action], **{**PROPERTIES[action], **properties}) | {"messageId": message_id}
    return {"subscription": SUBSCRIPTIONS[action], "event": event}


def queue_event(*bodies: Any, queue: str = "segment_webhook") -> dict[str, Any]:
    """What Lambda gives a function of messages that nobody needs to find in a queue: JSON, or text as it is."""
    records = [
        {
            "messageId": str(number),
            "receiptHandle": "none",
            "body": content if isinstance(content, str) else json.dumps(content),
            "attributes": {"SentTimestamp": "1795169108236", "ApproximateReceiveCount": "1"},
            "eventSource": "aws:sqs",
            "eventSourceARN": f"arn:aws:sqs:{REGION}:123456789012:{STACK}-{queue}",
        }
        for number, content in enumerate(bodies)
    ]
    return {"Records": records}


def invoke(aws: Aws, action: str, remaining_seconds: float = 30, handler: Any = None) -> list[str]:
    """Give the function what its queue has, delete what it is done with, and give the bodies that stay."""
    assert load_action(action).name == action
    records: list[dict[str, Any]] = []
    while received := aws.receive(action):
        records += received
    answer = (handler or load_handler(action))({"Records": records}, Context(remaining_seconds))
    kept = {failure["itemIdentifier"] for failure in answer["batchItemFailures"]}
    assert answer.keys() == {"batchItemFailures"}
    assert kept <= {record["messageId"] for record in records}
    aws.delete(action, [record["receiptHandle"] for record in records if record["messageId"] not in kept])
    return [record["body"] for record in records if record["messageId"] in kept]


def dead_letters(aws: Aws, name: str) -> list[tuple[str, dict[str, str]]]:
    """The body and the attributes of each dead letter of a function."""
    return [(record["body"], record["messageAttributes"]) for record in aws.receive(f"{name}-dead-letters")]
