"""Send an event file from the source that it was made for, and return what became of it."""

import json
import time
from collections import Counter
from collections.abc import Callable, Collection, Mapping, Sequence
from typing import Any

import boto3
import requests

from dev.local_cloud.deployment import PARTNER_PREFIX, Stack

WEBHOOK = "segment_webhook"
_ADDED_BY_API_GATEWAY = {"host", "x-amzn-trace-id", "x-forwarded-for", "x-forwarded-port", "x-forwarded-proto"}
_AWS_PREFIX = "aws.partner/segment.com"
_TIMEOUT_SECONDS = 60


def send_by_api_gateway(stack: Stack, function: str, event: Mapping[str, Any]) -> str:
    """Send what the API Gateway event holds as the HTTP request that it was made of."""
    headers = {name: value for name, value in event["headers"].items() if name.lower() not in _ADDED_BY_API_GATEWAY}
    response = requests.request(
        event["httpMethod"],
        stack.api_url + event["path"],
        data=event["body"].encode(),
        headers=headers,
        timeout=_TIMEOUT_SECONDS,
    )
    try:
        content = response.json()
    except requests.JSONDecodeError:
        return outcome_of(f"{response.status_code} {response.text}")
    return _of_a_batch(stack, json.loads(event["body"]), content) if "queued" in content else outcome_of(content)


def send_by_eventbridge(stack: Stack, function: str, event: Mapping[str, Any]) -> str:
    """Put the envelope, or that of each record, on the bus; the outcomes come from the actions' logs."""
    envelopes = [json.loads(record["body"]) for record in event["Records"]] if "Records" in event else [event]
    ids = [_correlation_id(envelope["detail"], _put(envelope)) for envelope in envelopes]
    functions = stack.action_functions() if function == WEBHOOK else [stack.function_name(function)]
    return summary(logged_outcomes(functions, ids, len(ids)))


def send_directly(stack: Stack, action: str, event: Mapping[str, Any]) -> str:
    """Invoke the function with the event and wait for its response."""
    invoked = boto3.client("lambda").invoke(FunctionName=stack.function_name(action), Payload=json.dumps(event))
    return outcome_of(json.loads(invoked["Payload"].read()))


def send_by_sqs(stack: Stack, function: str, event: Mapping[str, Any]) -> str:
    """Put the body of each record into the function's queue; the outcomes come from the actions' logs."""
    bodies = [json.loads(record["body"]) for record in event["Records"]]
    for body in bodies:
        boto3.client("sqs").send_message(QueueUrl=stack.queue_url(function), MessageBody=json.dumps(body))
    ids = [_correlation_id(body, None) for body in bodies]
    return summary(logged_outcomes(stack.action_functions(), ids, len(ids)))


SOURCES: Mapping[str, Callable[[Stack, str, Mapping[str, Any]], str]] = {
    "api_gateway": send_by_api_gateway,
    "eventbridge": send_by_eventbridge,
    "direct": send_directly,
    "sqs": send_by_sqs,
}
"""The sources by the name of their event file; each takes the stack, a function's name and the file's JSON."""


def outcome_of(response: object) -> str:
    """Return the outcome that a response names ("delivered"), else the response itself as text."""
    if isinstance(response, Mapping) and "outcome" in response:
        return str(response["outcome"])
    return f"no outcome: {json.dumps(response)}"


def summary(outcomes: Sequence[str]) -> str:
    """Return one outcome as it is, several as their numbers: "7 delivered, 1 skipped"."""
    if len(outcomes) == 1:
        return outcomes[0]
    return ", ".join(f"{number} {outcome}" for outcome, number in sorted(Counter(outcomes).items())) or "none"


def logged_outcomes(
    functions: Sequence[str], correlation_ids: Collection[str], number: int, wait_seconds: float = 30
) -> list[str]:
    """Wait for the lines that functions log about events and return their outcomes.

    A line is in its function's log group of CloudWatch Logs: JSON with message "outcome" and the event's
    correlation_id. Waits until there are `number` of them; "no outcome" stands for each that does not come within
    `wait_seconds`.
    """
    deadline = time.monotonic() + wait_seconds
    while True:
        messages = {function: _log_messages(function) for function in functions}
        lines = [json.loads(text) for texts in messages.values() for text in texts if text.startswith("{")]
        found = [str(line["outcome"]) for line in lines if _is_about(line, correlation_ids)]
        if len(found) >= number or time.monotonic() > deadline:
            return found + ["no outcome"] * (number - len(found))
        _fetch_late_lines(messages)
        time.sleep(0.2)


def _of_a_batch(stack: Stack, events: list[Mapping[str, Any]], response: Mapping[str, Any]) -> str:
    """Return what became of a batch: what was queued as the actions log it, the rest as the response says."""
    functions = [stack.function_name(action) for action in response["queued"]]
    ids = {str(event.get("messageId")) for event in events}
    queued = logged_outcomes(functions, ids, sum(response["queued"].values()))
    return summary(queued + [kind for kind in ("rejected", "skipped") for _ in range(response[kind])])


def _put(event: Mapping[str, Any]) -> str:
    """Put an event on the bus, one of Segment's with the source that the local stack knows; return the bus's id."""
    source = event.get("source", "").replace(_AWS_PREFIX, PARTNER_PREFIX)
    put = boto3.client("events").put_events(
        Entries=[{"Source": source, "DetailType": event["detail-type"], "Detail": json.dumps(event["detail"])}]
    )
    return put["Entries"][0]["EventId"]


def _correlation_id(content: Mapping[str, Any], other: str | None) -> str:
    """Return what the functions log an event under: its messageId, or for a payload of a bus the bus's id."""
    wrapped = content.get("event")
    event = wrapped if isinstance(wrapped, Mapping) else content
    return str(event.get("messageId", other))


def _log_messages(function: str) -> list[str]:
    pages = boto3.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{function}")
    return [event["message"] for page in pages for event in page["events"]]


def _fetch_late_lines(messages: Mapping[str, Sequence[str]]) -> None:
    """Invoke each function whose invocation ended without a line, with what it rejects.

    On a busy machine MiniStack stops reading an invocation's lines before they came; the next one brings them.
    """
    for function, texts in messages.items():
        ended = sum(text.startswith("END") for text in texts)
        if ended > sum(text.startswith("{") for text in texts):
            boto3.client("lambda").invoke(FunctionName=function, Qualifier="live", Payload=b"{}")


def _is_about(line: Mapping[str, Any], correlation_ids: Collection[str]) -> bool:
    return line.get("message") == "outcome" and line.get("correlation_id") in correlation_ids
