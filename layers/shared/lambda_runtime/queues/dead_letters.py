"""What is put into a dead-letter queue: the message as it was, with what became of it as attributes.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-message-metadata.html
"""

import re
from typing import Final

from actions.delivery.outcome import Outcome
from actions.delivery.telling import known_fields, shown_answer, unknown_fields
from lambda_runtime.observability import is_in_dotdigitals_words
from lambda_runtime.queues.queue import MOST_BYTES, Entry

DEAD_LETTERS: Final = "-dead-letters"
"""What the name of a dead-letter queue adds to that of its queue."""

NO_SUBSCRIPTION: Final = "(none)"
"""What stands for a subscription where the message could not be read as far as that."""

_LONGEST: Final = 500
_NOT_TAKEN: Final = "[^\t\n\r\u0020-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]"


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
        "answer": outcome.reason if is_in_dotdigitals_words(outcome) else None,
    }
    letter = Entry(body)
    for name, value in attributes.items():
        longer = Entry(body, {**letter.attributes, name: _taken(value)})
        if longer.attributes[name] and longer.size <= MOST_BYTES:
            letter = longer
    return letter


def _reason(outcome: Outcome) -> str:
    answered, unknown = shown_answer(outcome), unknown_fields(outcome)
    if is_in_dotdigitals_words(outcome):
        return f"Dotdigital answered {' '.join(str(answered[key]) for key in ('status', 'code') if key in answered)}"
    problems = [f"{field} {reason}" for field, reason in known_fields(outcome).items()] + ([unknown] if unknown else [])
    return f"{outcome.reason}: {'; '.join(problems)}" if problems else outcome.reason or outcome.outcome


def _taken(value: str | None) -> str:
    return re.sub(_NOT_TAKEN, "", value or "")[:_LONGEST]
