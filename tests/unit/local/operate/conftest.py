"""A stack's queues in moto, and the command line as a person uses it."""

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from mypy_boto3_sqs import SQSClient
from typer.testing import CliRunner, Result

from local.operate.cli import app
from local.operate.place import Place, Waits
from tests.support.aws import REGION, Aws

STACK = "shop"
AT_ONCE = Waits(sleep=lambda _: None, poll=0)
ACTIONS = ("send_sms", "enrol_contact", "segment_webhook")
EVENT = {"messageId": "m-1", "type": "track", "event": "Send SMS", "properties": {"to": "+447700900001"}}
BODY = {"subscription": "Send SMS", "event": EVENT}


class Message(NamedTuple):
    """A message as it lies in a queue."""

    body: Any
    attributes: Mapping[str, str] = {}


class Queues:
    """The queues of stack `shop`, each with its dead-letter queue."""

    def __init__(self, sqs: SQSClient) -> None:
        self.sqs = sqs
        self.urls: dict[str, str] = {}
        for action in ACTIONS:
            for name in (action, f"{action}-dead-letters"):
                self.add(name)

    def add(self, name: str, stack: str = STACK) -> None:
        self.urls[name] = self.sqs.create_queue(QueueName=f"{stack}-{name}")["QueueUrl"]

    def put(self, name: str, body: Any, attributes: Mapping[str, str] | None = None) -> str:
        """Put a message and return SQS's id of it."""
        text = body if isinstance(body, str) else json.dumps(body)
        typed: Any = {key: {"DataType": "String", "StringValue": value} for key, value in (attributes or {}).items()}
        return self.sqs.send_message(QueueUrl=self.urls[name], MessageBody=text, MessageAttributes=typed)["MessageId"]

    def dead_letter(self, action: str = "send_sms", body: Any = None, **changes: str | None) -> str:
        """Put a dead letter as the functions do; None leaves an attribute out."""
        usual = {
            "outcome": "rejected",
            "action": action,
            "subscription": "Send SMS",
            "reason": "no",
            "messageId": "m-1",
        }
        attributes = {key: value for key, value in {**usual, **changes}.items() if value is not None}
        return self.put(f"{action}-dead-letters", BODY if body is None else body, attributes)

    def visible(self, name: str) -> list[Message]:
        """Every message that can be received now; it is hidden after that."""
        messages: list[Message] = []
        while found := self.sqs.receive_message(
            QueueUrl=self.urls[name], MaxNumberOfMessages=10, MessageAttributeNames=["All"]
        ).get("Messages"):
            for message in found:
                attributes = message.get("MessageAttributes", {})
                texts = {key: value["StringValue"] for key, value in attributes.items()}
                messages.append(Message(json.loads(message["Body"]), texts))
        return messages

    def bodies(self, name: str) -> list[Any]:
        return [message.body for message in self.visible(name)]


@pytest.fixture
def queues(aws: Aws) -> Iterator[Queues]:
    sqs = boto3.client("sqs")
    yield Queues(sqs)
    sqs.close()


@pytest.fixture
def place(queues: Queues) -> Place:
    return Place(queues.sqs, STACK, "stack shop", AT_ONCE)


class Cli:
    """Runs a command for stack `shop`."""

    def __call__(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        """Run it here; what ends it otherwise than by an exit status is raised."""
        words = [str(argument) for argument in arguments]
        result = CliRunner(env={"STACK": STACK}).invoke(app, words, input=stdin, obj=AT_ONCE)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def cli(queues: Queues) -> Cli:
    return Cli()


@pytest.fixture
def process_environment(queues: Queues) -> dict[str, str]:
    """The environment of a process that sees the same account."""
    return {**os.environ, "STACK": STACK, "AWS_DEFAULT_REGION": REGION, "PYTHONDONTWRITEBYTECODE": "1"}
