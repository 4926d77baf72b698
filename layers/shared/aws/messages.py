"""The messages of the queues: what Lambda brings, what it says, and the dead letters that it becomes.

https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
"""

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any, Final, NamedTuple, Self

from aws.queues import MOST_BYTES, Entry
from delivery.outcome import Outcome

_DIGITS: Final = 15
_NOT_TAKEN: Final = re.compile("[\ud800-\udfff\ufffe\uffff]")
"""https://docs.aws.amazon.com/AWSSimpleQueueService/latest/APIReference/API_SendMessage.html"""


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
    if not isinstance(attributes, Mapping) or not all(map(_is_whole, texts)):
        return False
    numbers = [attributes.get(key) for key in ("SentTimestamp", "ApproximateReceiveCount")]
    return all(isinstance(number, str) and number.isdecimal() and len(number) <= _DIGITS for number in numbers)


def _is_whole(text: Any) -> bool:
    """Tell whether something is text that SQS can hold: without halves of characters."""
    try:
        return isinstance(text, str) and bool(text.encode())
    except UnicodeEncodeError:
        return False


def body_for_event(subscription: str, event: Mapping[str, Any]) -> str:
    """Write the body of a message that brings an event for one subscription."""
    return body_of_message({"subscription": subscription, "event": event})


def body_for_payload(payload: Mapping[str, Any], message_id: str) -> str:
    """Write the body of a message that brings a payload that is already mapped."""
    return body_of_message({"payload": payload, "messageId": message_id})


def body_of_message(content: Any) -> str:
    """Write JSON in the fewest bytes that SQS takes; what it does not take is escaped."""
    text = json.dumps(content, ensure_ascii=False, separators=(",", ":"))
    return text if text.isascii() else _NOT_TAKEN.sub(lambda found: f"\\u{ord(found[0]):04x}", text)


def failures(messages: Iterable[str]) -> dict[str, Any]:
    """Give the response that keeps these messages, by id, in the queue.

    https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
    """
    return {"batchItemFailures": [{"itemIdentifier": message_id} for message_id in messages]}


DEAD_LETTERS: Final = "-dead-letters"
"""What the name of a dead-letter queue adds to that of its queue."""

NO_SUBSCRIPTION: Final = "(none)"
"""What stands for a subscription where the message could not be read as far as that."""

_LONGEST: Final = 500
_NOT_TEXT: Final = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


def dead_letter(body: str, outcome: Outcome, message_id: str | None) -> Entry:
    """Write the dead letter of a message whose outcome is final for us: all of it, and the attributes that fit.

    `reason` is safe to show: of what Dotdigital says it has the code and the status. Dotdigital's own words, which may
    hold a name, are in `answer`.
    """
    attributes = {
        "outcome": outcome.outcome,
        "action": outcome.action,
        "subscription": outcome.subscription,
        "messageId": message_id,
        "reason": _reason(outcome),
        "answer": outcome.reason if outcome.is_in_dotdigitals_words else None,
    }
    letter = Entry(body)
    for name, value in attributes.items():
        longer = Entry(body, {**letter.attributes, name: _taken(value)})
        if longer.attributes[name] and longer.size <= MOST_BYTES:
            letter = longer
    return letter


def _reason(outcome: Outcome) -> str:
    said, unknown = outcome.shown_dotdigital, outcome.unknown_fields
    if outcome.is_in_dotdigitals_words:
        return f"Dotdigital answered {' '.join(str(said[key]) for key in ('status', 'code') if key in said)}"
    problems = [f"{field} {reason}" for field, reason in outcome.known_fields.items()] + ([unknown] if unknown else [])
    return f"{outcome.reason}: {'; '.join(problems)}" if problems else outcome.reason or outcome.outcome


def _taken(value: str | None) -> str:
    return re.sub(_NOT_TEXT, "", value or "")[:_LONGEST]
