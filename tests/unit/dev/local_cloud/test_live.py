import json
import time
from typing import Any

import boto3
import pytest

from dev.local_cloud.live import Tail, Told, read_line

OUTCOME: dict[str, Any] = {
    "level": "INFO",
    "message": "outcome",
    "outcome": "delivered",
    "action": "send_sms",
    "subscription": "Send SMS",
    "correlation_id": "m-1",
    "reason": None,
    "fields": [],
    "dotdigital": {"sms_parts": 1},
}
REJECTED = OUTCOME | {"outcome": "rejected", "reason": "the payload is not valid", "fields": ["to"], "dotdigital": None}
QUEUED = {"message": "queued", "counts": {"events": 3, "queued": {"send_sms": 2}, "skipped": 1, "rejected": 0}}


@pytest.mark.parametrize(
    ("line", "told"),
    [
        (OUTCOME, Told("delivered", "f", "m-1 for Send SMS")),
        (REJECTED, Told("rejected", "f", "m-1 for Send SMS", "the payload is not valid; fields: to")),
        (
            OUTCOME | {"message": "outcomes", "events": [{"messageId": "m-1"}, {"messageId": "m-2"}]},
            Told("delivered", "f", "2 events for Send SMS"),
        ),
        (QUEUED, Told("queued", "f", "2 for send_sms, 1 that no subscription wants")),
        (
            {"level": "WARNING", "message": "refused", "status": 401, "reason": "the signature does not match"},
            Told("HTTP 401", "f", "the request is refused", "the signature does not match"),
        ),
        (
            {"level": "WARNING", "message": "messages could not be sent", "error": "SendMessageBatch: AccessDenied"},
            Told("warning", "f", "messages could not be sent", "SendMessageBatch: AccessDenied"),
        ),
        ({"level": "INFO", "message": "sms parts"}, None),
        ({"_aws": {}, "Outcomes": [1]}, None),
    ],
)
def test_a_line_of_a_log_tells_what_became_of_events(line: dict[str, Any], told: Told | None) -> None:
    assert read_line("f", json.dumps(line)) == told


def test_a_line_of_lambda_tells_nothing() -> None:
    assert read_line("f", "START RequestId: 1") is None


def log(function: str, *lines: dict[str, Any]) -> None:
    client, group = boto3.client("logs"), f"/aws/lambda/{function}"
    events: Any = [{"timestamp": int(time.time() * 1000), "message": json.dumps(line)} for line in lines]
    client.put_log_events(logGroupName=group, logStreamName="one", logEvents=events)


@pytest.mark.usefixtures("aws")
def test_each_new_line_of_the_stacks_functions_is_told_once() -> None:
    client = boto3.client("logs")
    for function in ("local-send_sms", "local-segment_webhook", "other-send_sms"):
        client.create_log_group(logGroupName=f"/aws/lambda/{function}")
        client.create_log_stream(logGroupName=f"/aws/lambda/{function}", logStreamName="one")
        log(function, OUTCOME | {"correlation_id": "before"})
    tail = Tail(time.time)
    assert tail.new() == []
    log("local-segment_webhook", QUEUED)
    assert tail.new() == [Told("queued", "segment_webhook", "2 for send_sms, 1 that no subscription wants")]
    log("local-send_sms", OUTCOME)
    log("other-send_sms", OUTCOME)
    assert tail.new() == [Told("delivered", "send_sms", "m-1 for Send SMS")]
    assert tail.new() == []
