"""A message of a queue as Lambda brings it, and what it says.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import json
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, Self

_DIGITS: Final = 15


class Message(NamedTuple):
    """A message. `sent_at` is in epoch seconds, `receives` counts this time too, `queue` is the name of its queue."""

    id: str
    receipt: str
    body: str
    sent_at: float
    receives: int
    queue: str = ""

    @classmethod
    def of(cls, record: Mapping[str, Any]) -> Self:
        """Read one of an event's Records."""
        attributes = record["attributes"]
        return cls(
            id=record["messageId"],
            receipt=record["receiptHandle"],
            body=record["body"],
            sent_at=int(attributes["SentTimestamp"]) / 1000,
            receives=int(attributes["ApproximateReceiveCount"]),
            queue=str(record.get("eventSourceARN", "")).rpartition(":")[2],
        )


def is_of_queue(event: Any) -> bool:
    """Tell whether an invocation brings messages of a queue. What has a type is an event, whatever else it has."""
    if not isinstance(event, Mapping) or "type" in event:
        return False
    records = event.get("Records")
    return isinstance(records, list) and bool(records) and all(map(_is_message, records))


def _is_message(record: Any) -> bool:
    if not isinstance(record, Mapping) or record.get("eventSource") != "aws:sqs":
        return False
    attributes = record.get("attributes")
    texts = [record.get(key) for key in ("messageId", "receiptHandle", "body")]
    if not isinstance(attributes, Mapping) or not all(isinstance(text, str) for text in texts):
        return False
    numbers = [attributes.get(key) for key in ("SentTimestamp", "ApproximateReceiveCount")]
    return all(isinstance(number, str) and number.isdecimal() and len(number) <= _DIGITS for number in numbers)


def body_for_event(subscription: str, event: Mapping[str, Any]) -> str:
    """Write the body of a message that brings an event for one subscription."""
    return json.dumps({"subscription": subscription, "event": event}, separators=(",", ":"))


def body_for_payload(payload: Mapping[str, Any], message_id: str) -> str:
    """Write the body of a message that brings a payload that is already mapped."""
    return json.dumps({"payload": payload, "messageId": message_id}, separators=(",", ":"))


def failures(messages: Iterable[str]) -> dict[str, Any]:
    """Give the answer that keeps these messages, by id, in the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in messages]}
