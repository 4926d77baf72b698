"""What became of every event for every subscription, as a person finds it: in logs and dead-letter queues."""

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.faults.machine import Machine
from tests.faults.resources import ACTIONS, EVENTBRIDGE, WEBHOOK, dead_letters_of

Key = tuple[str, str]


@dataclass(frozen=True)
class DeadLetter:
    """A message of a dead-letter queue: its function, what its body says as JSON, else as text, and its attributes."""

    function: str
    body: Any
    attributes: Mapping[str, str]


@dataclass
class Fate:
    """What was logged of one event and subscription from a queue, in any order, and its dead letters' outcomes."""

    logged: list[str] = field(default_factory=list)
    dead: list[str] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The one word for it: a dead letter's outcome, unless another copy was delivered; "none" is a lost event."""
        if "delivered" in self.logged or "skipped" in self.logged:
            return "delivered"
        return f"{self.dead[0]}, dead letter" if self.dead else "none"


def dead_letters(machine: Machine) -> Iterator[DeadLetter]:
    """Take every message out of every dead-letter queue."""
    for function in (*ACTIONS, WEBHOOK, EVENTBRIDGE):
        url = machine.sqs.get_queue_url(QueueName=dead_letters_of(function))["QueueUrl"]
        asked: dict[str, Any] = {"QueueUrl": url, "MaxNumberOfMessages": 10, "VisibilityTimeout": 43_200}
        while messages := machine.sqs.receive_message(**asked, MessageAttributeNames=["All"]).get("Messages"):
            for message in messages:
                attributes = message.get("MessageAttributes", {}).items()
                texts = {name: value["StringValue"] for name, value in attributes}
                yield DeadLetter(function, _content(message["Body"]), texts)


def _content(body: str) -> Any:
    try:
        return json.loads(body)
    except ValueError:
        return body


def fates(machine: Machine, letters: list[DeadLetter]) -> dict[Key, Fate]:
    """Give every fate by subscription and messageId."""
    found: dict[Key, Fate] = {}
    for entry in machine.log_lines():
        for message_id in _logged(entry):
            found.setdefault((entry["subscription"], message_id), Fate()).logged.append(entry["outcome"])
    for letter in letters:
        if "messageId" in letter.attributes:
            key = (letter.attributes["subscription"], letter.attributes["messageId"])
            found.setdefault(key, Fate()).dead.append(letter.attributes["outcome"])
    return found


def _logged(entry: dict[str, Any]) -> list[str]:
    if entry.get("message") == "outcomes":
        return [event["messageId"] for event in entry["events"]]
    return [entry["correlation_id"]] if entry.get("message") == "outcome" and entry.get("source") == "sqs" else []
