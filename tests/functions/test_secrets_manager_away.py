"""Secrets Manager is away: what the secret in memory can do goes on, what needs a fresh one is put off."""

import json
import os
from collections.abc import Iterator
from typing import Any

import pytest

from aws.handler import ActionFunction
from cli.actions import load_action
from dev.sandbox.server import Sandbox
from segment_webhook.app import WebhookFunction
from tests.support.aws import Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import outcome_of
from tests.support.lossy_proxy import LossyProxy
from tests.support.queued import body
from tests.support.segment import rest_event, signature, written

pytestmark = pytest.mark.usefixtures("environment")

EVENT = body()["event"]
WRONG = {"X-Signature": signature(written(EVENT), "another")}
NO_SECRET = "the secret of this function cannot be used"


@pytest.fixture
def secrets_manager(moto_url: str, aws: Aws, monkeypatch: pytest.MonkeyPatch) -> Iterator[LossyProxy]:
    """A proxy before Secrets Manager, which is there until the proxy is told otherwise."""
    with LossyProxy(moto_url, "secretsmanager.", 0) as proxy:
        monkeypatch.setenv("AWS_ENDPOINT_URL_SECRETS_MANAGER", proxy.url)
        yield proxy


def refused_signatures(captured: str) -> int:
    lines = [json.loads(line) for line in captured.splitlines() if line.startswith("{")]
    return sum("SignatureRefused" in line for line in lines)


def test_an_event_is_queued_by_the_secret_in_memory_and_a_wrong_signature_is_answered_503(
    aws: Aws, secrets_manager: LossyProxy, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.make_queues("send_sms")
    clock = Clock()
    webhook = WebhookFunction(os.environ, clock)

    def post(**differences: Any) -> tuple[int, Any]:
        answered = webhook.respond(rest_event(EVENT, "/segment", **differences), None)
        return answered["statusCode"], json.loads(answered["body"])

    answers = [post(), post(headers=WRONG)]
    secrets_manager.times = 1000
    clock.seconds += 301
    answers += [post(), post(headers=WRONG), post(headers=WRONG)]
    asked = secrets_manager.lost
    secrets_manager.times = 0
    clock.seconds += 10
    answers += [post(headers=WRONG)]
    queued = {"events": 1, "queued": {"send_sms": 1}, "skipped": 0, "rejected": 0}
    refused = {"message": "the signature is missing or wrong"}
    away = {"message": NO_SECRET}
    assert answers == [(200, queued), (401, refused), (200, queued), (503, away), (503, away), (401, refused)]
    assert asked == 1
    assert refused_signatures(capsys.readouterr().out) == 2


def test_credentials_that_dotdigital_refuses_are_a_retry_until_the_secret_can_be_read(
    secrets_manager: LossyProxy, sandbox: Sandbox
) -> None:
    clock = Clock()
    function = ActionFunction(load_action("send_sms"), os.environ, monotonic=clock)

    def text(message_id: str) -> Any:
        answered = function.respond(rest_event(EVENT | {"messageId": message_id}), None)
        return answered["statusCode"], outcome_of(answered)["outcome"]

    answers = [text("1")]
    secrets_manager.times = 1000
    clock.seconds += 301
    answers += [text("2")]
    sandbox.fail("status", status=401)
    answers += [text("3")]
    secrets_manager.times = 0
    clock.seconds += 10
    answers += [text("3")]
    assert answers == [(200, "delivered"), (200, "delivered"), (503, "retry"), (200, "delivered")]
