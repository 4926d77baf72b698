"""AWS on loopback: moto's server, reached over real HTTP by boto3 as it reaches AWS."""

import json
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
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

REGION = "eu-west-1"
STACK = "stack"
SENDS_TABLE = "sends"
SECRET_ID = "segment-dotdigital"
ENVIRONMENT = {"DOTDIGITAL_SECRET_ID": SECRET_ID, "SENDS_TABLE": SENDS_TABLE, "QUEUE_PREFIX": f"{STACK}-"}
SHARED_SECRET = "local-shared-secret"
SECRET = {
    "region": "r1",
    "username": "apiuser-1@apiconnector.com",
    "password": "sandbox-password",
    "sharedSecret": SHARED_SECRET,
}


class Aws:
    """An account that starts empty: its secrets, its queues and the table of sends."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._secrets = boto3.client("secretsmanager", endpoint_url=url, region_name=REGION)
        self._dynamodb = boto3.client("dynamodb", endpoint_url=url, region_name=REGION)
        self._sqs = boto3.client("sqs", endpoint_url=url, region_name=REGION)

    def put_secret(self, value: Mapping[str, Any] | str, name: str = SECRET_ID) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            self._secrets.put_secret_value(SecretId=name, SecretString=text)
        except self._secrets.exceptions.ResourceNotFoundException:
            self._secrets.create_secret(Name=name, SecretString=text)

    def make_sends_table(self, *items: Mapping[str, Any]) -> None:
        self._dynamodb.create_table(
            TableName=SENDS_TABLE,
            BillingMode="PAY_PER_REQUEST",
            KeySchema=[
                {"AttributeName": "messageId", "KeyType": "HASH"},
                {"AttributeName": "subscription", "KeyType": "RANGE"},
            ],
            AttributeDefinitions=[
                {"AttributeName": name, "AttributeType": "S"} for name in ("messageId", "subscription")
            ],
        )
        for item in items:
            self._dynamodb.put_item(TableName=SENDS_TABLE, Item=item)

    def drop_sends_table(self) -> None:
        """From now on the record of sends cannot be reached."""
        self._dynamodb.delete_table(TableName=SENDS_TABLE)

    def sends(self) -> list[dict[str, Any]]:
        """What the record of sends holds."""
        return [dict(item) for item in self._dynamodb.scan(TableName=SENDS_TABLE)["Items"]]

    def make_queues(self, *names: str) -> None:
        """Make the queue and the dead-letter queue of each function."""
        for name in names:
            self.make_queue(name)
            self._sqs.create_queue(QueueName=f"{STACK}-{name}-dead-letters")

    def make_queue(self, name: str) -> None:
        """Make a queue without its dead-letter queue."""
        self._sqs.create_queue(QueueName=f"{STACK}-{name}", Attributes={"VisibilityTimeout": "900"})

    def drop_queue(self, name: str) -> None:
        """From now on the queue cannot be reached."""
        self._sqs.delete_queue(QueueUrl=self.queue_url(name))

    def queue_url(self, name: str) -> str:
        return self._sqs.get_queue_url(QueueName=f"{STACK}-{name}")["QueueUrl"]

    def put(self, name: str, *bodies: Any) -> None:
        """Put messages into a queue: JSON, or text as it is."""
        texts = [body if isinstance(body, str) else json.dumps(body) for body in bodies]
        url = self.queue_url(name)
        for some in batched(enumerate(texts), 10, strict=False):
            entries: Any = [{"Id": str(number), "MessageBody": text} for number, text in some]
            assert not self._sqs.send_message_batch(QueueUrl=url, Entries=entries).get("Failed")

    def receive(self, name: str) -> list[dict[str, Any]]:
        """Receive up to ten messages as an event source mapping does: the Records of a Lambda event."""
        got = self._sqs.receive_message(
            QueueUrl=self.queue_url(name),
            MaxNumberOfMessages=10,
            AttributeNames=["All"],
            MessageAttributeNames=["All"],
        )
        return [_record(message, name) for message in got.get("Messages", [])]

    def delete(self, name: str, receipts: list[str]) -> None:
        url = self.queue_url(name)
        for some in batched(enumerate(receipts), 10, strict=False):
            entries: Any = [{"Id": str(number), "ReceiptHandle": receipt} for number, receipt in some]
            assert not self._sqs.delete_message_batch(QueueUrl=url, Entries=entries).get("Failed")

    def waiting(self, name: str) -> dict[str, int]:
        """How many messages of a queue can be received, and how many are in flight."""
        got = self._sqs.get_queue_attributes(QueueUrl=self.queue_url(name), AttributeNames=["All"])["Attributes"]
        return {
            "visible": int(got["ApproximateNumberOfMessages"]),
            "in flight": int(got["ApproximateNumberOfMessagesNotVisible"]),
        }

    def seconds_out_of_sight(self, name: str) -> float:
        """For how long the one message of a queue cannot be received yet. SQS does not say; moto's memory does.

        It is exact where time is `standing_still`.
        """
        [message] = sqs_backends[ACCOUNT][REGION].get_queue(f"{STACK}-{name}")._messages
        return (message.visible_at - time.time() * 1000) / 1000

    def close(self) -> None:
        for client in (self._secrets, self._dynamodb, self._sqs):
            client.close()


@contextmanager
def standing_still() -> Iterator[None]:
    """Let no time pass, from a whole second on at which all can be received that was sent until now."""
    with time_machine.travel(int(time.time()) + 1, tick=False):
        yield


def _record(message: Any, name: str) -> dict[str, Any]:
    attributes = message.get("MessageAttributes", {})
    return {
        "messageId": message["MessageId"],
        "receiptHandle": message["ReceiptHandle"],
        "body": message["Body"],
        "attributes": dict(message["Attributes"]),
        "messageAttributes": {name: value["StringValue"] for name, value in attributes.items()},
        "eventSource": "aws:sqs",
        "eventSourceARN": f"arn:aws:sqs:{REGION}:{ACCOUNT}:{STACK}-{name}",
        "awsRegion": REGION,
    }


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
    serving.join()
    server.server_close()


@pytest.fixture
def aws(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An empty account, the only one that boto3 finds."""
    requests.post(f"{moto_url}/moto-api/reset", timeout=5).raise_for_status()
    environment = {
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    account = Aws(moto_url)
    yield account
    account.close()
