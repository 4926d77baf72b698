"""AWS on loopback: moto's server, reached over real HTTP by boto3 as it reaches AWS."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from itertools import batched
from typing import Any

import boto3
import pytest
import requests
import time_machine
from moto.core.models import DEFAULT_ACCOUNT_ID as ACCOUNT
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, MotoRequestHandler, create_backend_app
from moto.sqs.models import sqs_backends
from werkzeug.serving import make_server

from dev.sandbox.server import PASSWORD, USERNAME

REGION = "eu-west-1"
STACK = "stack"
SENDS_TABLE = "sends"
SECRET_ID = "segment-dotdigital"
ENVIRONMENT = {"DOTDIGITAL_SECRET_ID": SECRET_ID, "SENDS_TABLE": SENDS_TABLE, "QUEUE_PREFIX": f"{STACK}-"}
SHARED_SECRET = "local-shared-secret"
SECRET = {"region": "r1", "username": USERNAME, "password": PASSWORD, "sharedSecret": SHARED_SECRET}
"""The secret of the account that the sandbox plays."""
SENDS_SCHEMA: Any = {
    "AttributeDefinitions": [{"AttributeName": name, "AttributeType": "S"} for name in ("messageId", "subscription")],
    "KeySchema": [
        {"AttributeName": "messageId", "KeyType": "HASH"},
        {"AttributeName": "subscription", "KeyType": "RANGE"},
    ],
}
"""The keys of the table of sends, in the template and of CreateTable."""
_DAY = 86_400
_OF_WEBHOOK = ("segment_webhook", "eventbridge")


def credentials(url: str) -> dict[str, str]:
    """The environment in which boto3 finds the AWS at `url` and no other."""
    keys = {"AWS_ACCESS_KEY_ID": "test", "AWS_SECRET_ACCESS_KEY": "test", "AWS_EC2_METADATA_DISABLED": "true"}
    return {"AWS_ENDPOINT_URL": url, "AWS_DEFAULT_REGION": REGION, **keys}


class Aws:
    """An account that starts empty: its secrets, its queues and the table of sends."""

    def __init__(self, url: str) -> None:
        session = boto3.Session("test", "test", region_name=REGION)
        self._secrets = session.client("secretsmanager", endpoint_url=url)
        self._dynamodb = session.client("dynamodb", endpoint_url=url)
        self._sqs = session.client("sqs", endpoint_url=url)
        self._urls: dict[str, str] = {}

    def put_secret(self, value: Mapping[str, Any] | str, name: str = SECRET_ID) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            self._secrets.put_secret_value(SecretId=name, SecretString=text)
        except self._secrets.exceptions.ResourceNotFoundException:
            self._secrets.create_secret(Name=name, SecretString=text)

    def make_sends_table(self, *items: Mapping[str, Any], name: str = SENDS_TABLE) -> None:
        self._dynamodb.create_table(TableName=name, BillingMode="PAY_PER_REQUEST", **SENDS_SCHEMA)
        for item in items:
            self._dynamodb.put_item(TableName=name, Item=item)

    def drop_sends_table(self) -> None:
        """From now on the record of sends cannot be reached."""
        self._dynamodb.delete_table(TableName=SENDS_TABLE)

    def sends(self) -> list[dict[str, Any]]:
        """What the record of sends holds."""
        return [dict(item) for item in self._dynamodb.scan(TableName=SENDS_TABLE)["Items"]]

    def make_queues(self, *names: str) -> None:
        """Make the queue and the dead-letter queue of each function, as template.yaml does."""
        for name in names:
            kept = {"MessageRetentionPeriod": str(14 * _DAY)}
            dead: Any = {**kept, "VisibilityTimeout": str(_DAY // 2)}  # so that each dead letter is received once
            self._sqs.create_queue(QueueName=f"{STACK}-{name}-dead-letters", Attributes=dead)
            visibility, receives = (180, 1000) if name in _OF_WEBHOOK else (1200, 500)
            redrive = {"deadLetterTargetArn": arn_of(f"{name}-dead-letters"), "maxReceiveCount": receives}
            own: Any = {**kept, "VisibilityTimeout": str(visibility), "RedrivePolicy": json.dumps(redrive)}
            self._sqs.create_queue(QueueName=f"{STACK}-{name}", Attributes=own)

    def drop_queue(self, name: str) -> None:
        """From now on the queue cannot be reached."""
        self._sqs.delete_queue(QueueUrl=self._url(name))

    def put(self, name: str, *bodies: Any) -> None:
        """Put messages into a queue: JSON, or text as it is."""
        texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
        for some in batched(enumerate(texts), 10, strict=False):
            entries: Any = [{"Id": str(number), "MessageBody": text} for number, text in some]
            assert not self._sqs.send_message_batch(QueueUrl=self._url(name), Entries=entries).get("Failed")

    def receive(self, name: str, most: int = 10) -> list[dict[str, Any]]:
        """Receive up to `most` messages, but not more than ten: the Records of a Lambda event."""
        got = self._sqs.receive_message(
            QueueUrl=self._url(name),
            MaxNumberOfMessages=min(most, 10),
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [message_record(message, name) for message in got.get("Messages", [])]

    def receive_all(self, name: str) -> list[dict[str, Any]]:
        """Receive every message of a queue."""
        records: list[dict[str, Any]] = []
        while some := self.receive(name):
            records += some
        return records

    def delete(self, name: str, receipts: Sequence[str]) -> None:
        for some in batched(enumerate(receipts), 10, strict=False):
            entries: Any = [{"Id": str(number), "ReceiptHandle": receipt} for number, receipt in some]
            assert not self._sqs.delete_message_batch(QueueUrl=self._url(name), Entries=entries).get("Failed")

    def waiting(self, name: str) -> dict[str, int]:
        """How many messages of a queue can be received, and how many are in flight."""
        got = self._sqs.get_queue_attributes(QueueUrl=self._url(name), AttributeNames=["All"])["Attributes"]
        visible, in_flight = got["ApproximateNumberOfMessages"], got["ApproximateNumberOfMessagesNotVisible"]
        return {"visible": int(visible), "in flight": int(in_flight)}

    def seconds_out_of_sight(self, name: str) -> float:
        """For how long the one message of a queue cannot be received yet. SQS does not say; moto's memory does.

        It is exact where time is `standing_still`.
        """
        [message] = sqs_backends[ACCOUNT][REGION].get_queue(f"{STACK}-{name}")._messages
        return (message.visible_at - time.time() * 1000) / 1000

    def close(self) -> None:
        for client in (self._secrets, self._dynamodb, self._sqs):
            client.close()

    def _url(self, name: str) -> str:
        if name not in self._urls:
            self._urls[name] = self._sqs.get_queue_url(QueueName=f"{STACK}-{name}")["QueueUrl"]
        return self._urls[name]


def arn_of(name: str) -> str:
    """The ARN of a function's queue."""
    return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{STACK}-{name}"


def message_record(message: Mapping[str, Any], name: str) -> dict[str, Any]:
    """A message of a queue as Lambda gives it to a function."""
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {name: value["StringValue"] for name, value in attributes.items()},
        "eventSource": "aws:sqs",
        "eventSourceARN": arn_of(name),
        "awsRegion": REGION,
    }


@contextmanager
def standing_still() -> Iterator[None]:
    """Let no time pass, from a whole second on at which all can be received that was sent until now."""
    with time_machine.travel(int(time.time()) + 1, tick=False):
        yield


class _OneWriteAtATime:
    """moto with DynamoDB's conditional writes as they are in AWS: moto's own are not safe against threads."""

    def __init__(self, moto: Callable[..., Iterable[bytes]]) -> None:
        self._moto = moto
        self._writing = threading.Lock()

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        if not str(environ.get("HTTP_X_AMZ_TARGET", "")).startswith("DynamoDB"):
            return self._moto(environ, start_response)
        with self._writing:
            return self._moto(environ, start_response)


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    aws = _OneWriteAtATime(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, aws, threaded=True, request_handler=MotoRequestHandler)
    serving = threading.Thread(target=server.serve_forever, daemon=True)
    serving.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    serving.join(60)
    server.server_close()


@pytest.fixture
def aws(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An empty account, the only one that boto3 finds."""
    requests.post(f"{moto_url}/moto-api/reset", timeout=5).raise_for_status()
    for name, value in credentials(moto_url).items():
        monkeypatch.setenv(name, value)
    account = Aws(moto_url)
    yield account
    account.close()
