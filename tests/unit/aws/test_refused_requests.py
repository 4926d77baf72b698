"""What the log says of a request that AWS refuses or that breaks: the operation and AWS's error code, not its words."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from aws.observability import logger
from aws.outage_table import OutageTable
from aws.queues import Entry, Queues
from aws.record import SendsTable
from aws.secret import SecretError, SecretReader
from aws.settings import Settings
from delivery.claim import Send
from delivery.outcome import Outcome
from dotdigital.send_gate import Outage
from tests.support.aws import ENVIRONMENT, credentials

SETTINGS = Settings.from_environment(ENVIRONMENT)
SEND = Send("Send SMS", "send_sms", "m-1")
DELIVERED = Outcome("delivered", "send_sms", "Send SMS")
WORDS = "User: Priya is not authorized"
RESPONSES: dict[str, Any] = {"GetQueueUrl": {"QueueUrl": "http://127.0.0.1/queue"}, "UpdateItem": {}, "PutItem": {}}


def table() -> SendsTable:
    return SendsTable(SETTINGS, time.time, sleep=lambda _: None)


def outages() -> OutageTable:
    return OutageTable(SETTINGS, "send_sms", table().client, time.time)


def queues() -> Queues:
    return Queues("stack-", sleep=lambda _: None)


def send() -> None:
    queues().send({"send_sms": [Entry("a")]}, lambda: True)


def postpone() -> None:
    queues().postpone("send_sms", {"receipt": 60})


def give_up() -> None:
    sends = table()
    assert sends.claim(SEND) is None
    sends.complete(SEND, Outcome("retry", "send_sms", "Send SMS"))


def read_secret() -> None:
    try:
        SecretReader(SETTINGS).read()
    except SecretError as error:
        logger.error(str(error))


Told = tuple[str, str | None]
"""A line's message and error."""


@pytest.fixture
def told(
    httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> Callable[[str, Callable[[], object], str], list[Told]]:
    """Do something while AWS answers an operation with an error code, and give the lines that the log has of it."""

    def when(refused: str, do: Callable[[], object], body: str) -> list[Told]:
        def respond(request: Request) -> Response:
            operation = request.headers["X-Amz-Target"].rpartition(".")[2]
            if operation == refused:
                return Response(body, status=400 if "__type" in body else 200)
            return Response(json.dumps(RESPONSES[operation]))

        httpserver.expect_request("/").respond_with_handler(respond)
        for name, value in credentials(httpserver.url_for("/")).items():
            monkeypatch.setenv(name, value)
        do()
        lines = [(each.getMessage(), vars(each)) for each in caplog.records if each.levelname != "INFO"]
        return [(message, line.get("error")) for message, line in lines]

    return when


@pytest.mark.parametrize(
    ("operation", "do", "message"),
    [
        ("GetQueueUrl", send, "messages could not be sent"),
        ("SendMessageBatch", send, "messages could not be sent"),
        ("GetQueueUrl", postpone, "messages could not be postponed"),
        ("ChangeMessageVisibilityBatch", postpone, "messages could not be postponed"),
        ("PutItem", lambda: table().claim(SEND), "the record of sends cannot be reached"),
        ("UpdateItem", lambda: table().complete(SEND, DELIVERED), "the record of sends cannot be written"),
        ("DeleteItem", give_up, "the record of sends cannot be written"),
        ("GetItem", lambda: outages().read(None), "the outage of sends cannot be read"),
        ("PutItem", lambda: outages().change(None, Outage(60, 0)), "the outage of sends cannot be written"),
    ],
)
def test_a_request_that_aws_refuses_is_told_by_its_operation_and_aws_code(
    told: Any, operation: str, do: Callable[[], object], message: str
) -> None:
    refusal = json.dumps({"__type": "com.amazonaws#AccessDeniedException", "message": WORDS})
    assert set(told(operation, do, refusal)) == {(message, f"{operation}: AccessDeniedException")}


def test_entries_that_sqs_did_not_take_are_told_by_sqss_code(told: Any) -> None:
    missed = {"Failed": [{"Id": "0", "SenderFault": False, "Code": "InternalError", "Message": WORDS}]}
    line = ("messages could not be sent", "SendMessageBatch: InternalError")
    assert told("SendMessageBatch", send, json.dumps(missed)) == [line] * 3


def test_a_secret_that_may_not_be_read_is_told_in_aws_own_words(told: Any) -> None:
    refusal = json.dumps({"__type": "AccessDeniedException", "message": "no secretsmanager:GetSecretValue"})
    [(message, _)] = told("GetSecretValue", read_secret, refusal)
    assert message == (
        "the secret segment-dotdigital cannot be read: An error occurred (AccessDeniedException) when calling the "
        "GetSecretValue operation (reached max retries: 0): no secretsmanager:GetSecretValue"
    )


def test_a_request_without_a_response_is_told_by_how_it_broke(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    for name, value in credentials("http://127.0.0.1:9").items():
        monkeypatch.setenv(name, value)
    postpone()
    assert [(each.getMessage(), vars(each)["error"]) for each in caplog.records if each.levelname != "INFO"] == [
        ("messages could not be postponed", "EndpointConnectionError")
    ]
