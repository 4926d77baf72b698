"""A dead letter as a person looks at it: what became of the message, for whom, why, and since when."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from cli.output import timestamp
from dotdigital.json_text import read_json

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import MessageTypeDef

NONE: Final = "(none)"
_MOVED_BY_SQS: Final = "received too often without an outcome; SQS moved it"


class DeadLetterOutcome(StrEnum):
    """The outcomes that end in a dead-letter queue; `unknown` is what AWS moved before a function wrote one."""

    REJECTED = "rejected"
    IN_DOUBT = "in_doubt"
    RETRY = "retry"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class DeadLetter:
    """One message of a dead-letter queue. Only `body` and `answer`, which is what Dotdigital said, are personal data.

    `id` is SQS's, `message_id` Segment's. `sent` is when SQS got the message, in milliseconds since 1970: for what the
    functions wrote, when it failed. `handle` is what SQS asks for to delete it.
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
            "sent": timestamp(self.sent),
            "id": self.id,
            "messageId": self.message_id,
        }
        return {**facts, "answer": self.answer, "body": self.body} if show else facts


def read_dead_letter(message: MessageTypeDef, action: str) -> DeadLetter:
    """Read what SQS gave out of the dead-letter queue of `action`, with attributes or without."""
    attributes = {name: value.get("StringValue", "") for name, value in message.get("MessageAttributes", {}).items()}
    body = message["Body"]
    content = _content(body)
    return DeadLetter(
        id=message["MessageId"],
        action=action,
        subscription=attributes.get("subscription") or _text(content, "subscription") or NONE,
        outcome=attributes.get("outcome") or DeadLetterOutcome.UNKNOWN,
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


@dataclass(frozen=True, slots=True)
class Selection:
    """Selects dead letters that fit all that is given. `reason` is text that the reason contains, in any case.

    They were sent before `until` and after `since`, in milliseconds since 1970.
    """

    reason: str | None = None
    outcome: DeadLetterOutcome | None = None
    subscription: str | None = None
    message_id: str | None = None
    until: int | None = None
    since: int | None = None

    @property
    def chooses(self) -> bool:
        """Whether anything is given."""
        return self != Selection()

    def of(self, letters: Iterable[DeadLetter]) -> list[DeadLetter]:
        """Return those that are selected."""
        return [letter for letter in letters if self._fits(letter)]

    def _fits(self, letter: DeadLetter) -> bool:
        return (
            self.outcome in (None, letter.outcome)
            and self.subscription in (None, letter.subscription)
            and self.message_id in (None, letter.message_id)
            and (self.until is None or letter.sent < self.until)
            and (self.since is None or letter.sent > self.since)
            and (self.reason or "").casefold() in letter.reason.casefold()
        )


@dataclass(slots=True)
class Group:
    """Dead letters alike in all but their times: how many, and the `sent` of the first and the last."""

    action: str
    subscription: str
    outcome: str
    reason: str
    messages: int
    oldest: int
    newest: int

    def as_json(self) -> dict[str, Any]:
        """Give it to a machine."""
        return {**asdict(self), "oldest": timestamp(self.oldest), "newest": timestamp(self.newest)}


class Groups:
    """Dead letters, counted by what they have in common."""

    def __init__(self) -> None:
        """Begin with none."""
        self._groups: dict[tuple[str, str, str, str], Group] = {}

    def add(self, letters: Iterable[DeadLetter]) -> None:
        """Count dead letters in."""
        for letter in letters:
            kind = (letter.action, letter.subscription, letter.outcome, letter.reason)
            group = self._groups.setdefault(kind, Group(*kind, 0, letter.sent, letter.sent))
            group.messages += 1
            group.oldest = min(group.oldest, letter.sent)
            group.newest = max(group.newest, letter.sent)

    @property
    def messages(self) -> int:
        """How many dead letters were added."""
        return sum(group.messages for group in self._groups.values())

    def largest_first(self) -> list[Group]:
        """Return the groups, those with most messages first."""
        return sorted(self._groups.values(), key=lambda group: (-group.messages, group.action, group.reason))
