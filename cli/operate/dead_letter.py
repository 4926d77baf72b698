"""A dead letter as a person looks at it: what became of the message, for whom, why, and since when."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final

from dotdigital.json_text import read_json

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

NONE: Final = "(none)"
UNKNOWN: Final = "unknown"
"""The outcome of what AWS moved by itself: the function never got to write one."""

_MOVED_BY_SQS: Final = "received too often without an outcome; SQS moved it"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of a dead-letter queue. `id` is SQS's, `message_id` Segment's; only `body` and
    `answer`, which is what Dotdigital said, hold personal data.

    `sent` is when SQS got the message, in milliseconds since 1970: for what the functions wrote, when it failed.
    `handle` is what SQS asks for to delete it.
    """

    id: str
    action: str
    subscription: str
    outcome: str
    reason: str
    message_id: str | None
    sent: int
    body: str
    handle: str
    answer: str | None = None

    def as_json(self, *, show: bool) -> dict[str, Any]:
        """Give it to a machine, with what is personal only where `show` says so."""
        facts = {
            "action": self.action,
            "subscription": self.subscription,
            "outcome": self.outcome,
            "reason": self.reason,
            "sent": moment(self.sent),
            "id": self.id,
            "messageId": self.message_id,
        }
        return {**facts, "answer": self.answer, "body": self.body} if show else facts


def moment(milliseconds: int) -> str:
    """Write a time as ISO 8601 in UTC."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).isoformat(timespec="seconds")


def read_dead_letter(message: MessageTypeDef, action: str) -> DeadLetter:
    """Read what SQS gave out of the dead-letter queue of `action`, with attributes or without."""
    attributes = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    body = message["Body"]
    content = _content(body)
    return DeadLetter(
        id=message["MessageId"],
        action=action,
        subscription=attributes.get("subscription") or _text(content, "subscription") or NONE,
        outcome=attributes.get("outcome") or UNKNOWN,
        reason=attributes.get("reason") or _aws_reason(attributes),
        message_id=attributes.get("messageId") or _message_id(content),
        sent=int(message["Attributes"]["SentTimestamp"]),
        body=body,
        handle=message["ReceiptHandle"],
        answer=attributes.get("answer"),
    )


def _aws_reason(attributes: Mapping[str, str]) -> str:
    # https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-rule-dlq.html
    code = attributes.get("ERROR_CODE")
    return f"EventBridge could not put it on the queue: {code}" if code else _MOVED_BY_SQS


def _content(body: str) -> Mapping[str, Any]:
    try:
        content = read_json(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _message_id(content: Mapping[str, Any]) -> str | None:
    inner = [content, content.get("event"), content.get("detail")]
    return next((found for part in inner if isinstance(part, dict) and (found := _text(part, "messageId"))), None)


def _text(content: Mapping[str, Any], key: str) -> str | None:
    value = content.get(key)
    return value if isinstance(value, str) else None
