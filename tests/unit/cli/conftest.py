"""A stack's queues in moto, and the command line as a person uses it."""

import json
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import boto3
import pytest
from moto.core.models import DEFAULT_ACCOUNT_ID
from moto.sqs.models import sqs_backends
from mypy_boto3_sqs import SQSClient
from pytest_httpserver import HTTPServer
from typer.testing import CliRunner, Result

from cli.__main__ import app
from cli.stack import Stack, Waits
from tests.support.aws import REGION, Aws
from tests.unit.cli.deployed import deployed, environment_of_a_pipeline

__all__ = ["deployed", "environment_of_a_pipeline"]

NAME = "shop"
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

    def add(self, name: str, stack: str = NAME) -> None:
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

    def waiting(self, name: str) -> int:
        """How many messages can be received."""
        answer = self.sqs.get_queue_attributes(QueueUrl=self.urls[name], AttributeNames=["ApproximateNumberOfMessages"])
        return int(answer["Attributes"]["ApproximateNumberOfMessages"])

    def all_ids(self, name: str) -> set[str]:
        """SQS's id of every message, hidden ones too. SQS does not say; moto's memory does."""
        queue = sqs_backends[DEFAULT_ACCOUNT_ID][REGION].get_queue(f"{NAME}-{name}")
        return {message.id for message in queue._messages}

    def bodies(self, name: str) -> list[Any]:
        return [message.body for message in self.visible(name)]


@pytest.fixture
def stack(aws: Aws) -> Iterator[Stack]:
    there = Stack(NAME, "stack shop", AT_ONCE, boto3.Session())
    yield there
    there.sqs.close()


@pytest.fixture
def queues(stack: Stack) -> Queues:
    return Queues(stack.sqs)


class Cli:
    """Runs a command for stack `shop`."""

    def __call__(self, *arguments: str | Path, stdin: str | bytes | None = None) -> Result:
        """Run it here; what ends it otherwise than by an exit status is raised."""
        words = [str(argument) for argument in arguments]
        result = CliRunner(env={"STACK": NAME}).invoke(app, words, input=stdin, obj=AT_ONCE)
        if result.exception and not isinstance(result.exception, SystemExit):
            raise result.exception
        return result


@pytest.fixture
def cli(queues: Queues) -> Cli:
    return Cli()


def failed(*positions: int, sender: bool = False) -> dict[str, Any]:
    """SQS's response in which these entries failed."""
    return {
        "Successful": [],
        "Failed": [{"Id": str(position), "Code": "InternalError", "SenderFault": sender} for position in positions],
    }


class Script:
    """An SQS that gives the responses it is told to, and keeps what it was asked."""

    def __init__(self, http: HTTPServer) -> None:
        self.http = http
        self.waits: list[float] = []
        session = boto3.Session(region_name=REGION)
        self.stack = Stack(NAME, "stack shop", Waits(self.waits.append), session, http.url_for("/"))

    def responds(self, *responses: dict[str, Any]) -> None:
        for response in responses:
            self.http.expect_ordered_request("/", "POST").respond_with_json(response)

    @property
    def asked(self) -> list[list[str]]:
        """The ids of the entries of each request."""
        return [[entry["Id"] for entry in json.loads(request.data)["Entries"]] for request, _ in self.http.log]


@pytest.fixture
def script(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Iterator[Script]:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "test")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "test")
    scripted = Script(httpserver)
    yield scripted
    scripted.stack.sqs.close()
