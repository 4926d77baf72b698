"""Secrets Manager is away: what the secret in memory can do goes on, what needs a fresh one is put off."""

import json
import os
from typing import Any

import pytest

from aws.handler import ActionFunction
from cli.actions import load_action
from dev.sandbox.server import Sandbox
from segment_webhook.app import WebhookFunction
from tests.support.aws import Aws
from tests.support.dotdigital_server import Clock
from tests.support.functions import http_response
from tests.support.lossy_proxy import Losing
from tests.support.queued import body
from tests.support.segment import rest_event, signature, written

EVENT = body()["event"]
NOT_SIGNED = (
    f"the header X-Signature is not that of the whole body ({len(written(EVENT))} bytes) under sharedSecret: "
    "the Shared Secret in Segment must be the secret's sharedSecret"
)
WRONG = {"X-Signature": signature(written(EVENT), "another")}


def test_an_event_is_queued_by_the_secret_in_memory_and_a_wrong_signature_is_answered_503(
    aws: Aws, losing: Losing, capsys: pytest.CaptureFixture[str]
) -> None:
    aws.make_queues("send_sms")
    clock = Clock()
    webhook = WebhookFunction(os.environ, clock)

    def post(**differences: Any) -> tuple[int, Any]:
        return http_response(webhook.respond(rest_event(EVENT, "/segment", **differences), None))

    with losing("SECRETS_MANAGER", "", 0) as secrets_manager:
        responses = [post(), post(headers=WRONG)]
        secrets_manager.times = 1000
        clock.seconds += 301
        responses += [post(), post(headers=WRONG), post(headers=WRONG)]
        asked = secrets_manager.lost
        secrets_manager.times = 0
        clock.seconds += 10
        responses += [post(headers=WRONG)]
    queued = (200, {"events": 1, "queued": {"send_sms": 1}, "skipped": 0, "rejected": 0})
    refused = (401, {"message": NOT_SIGNED})
    away = (503, {"message": "the secret of this function cannot be used"})
    assert responses == [queued, refused, queued, away, away, refused]
    assert asked == 1
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]
    assert sum("SignatureRefused" in line for line in lines) == 2


def test_credentials_that_dotdigital_refuses_are_a_retry_until_the_secret_can_be_read(
    losing: Losing, sandbox: Sandbox
) -> None:
    clock = Clock()
    function = ActionFunction(load_action("send_sms"), os.environ, monotonic=clock)

    def text(message_id: str) -> Any:
        status, outcome = http_response(function.respond(rest_event(EVENT | {"messageId": message_id}), None))
        return status, outcome["outcome"]

    with losing("SECRETS_MANAGER", "", 0) as secrets_manager:
        responses = [text("1")]
        secrets_manager.times = 1000
        clock.seconds += 301
        responses += [text("2")]
        sandbox.fail("status", status=401)
        responses += [text("3")]
        secrets_manager.times = 0
        clock.seconds += 10
        responses += [text("3")]
    assert responses == [(200, "delivered"), (200, "delivered"), (503, "retry"), (200, "delivered")]
