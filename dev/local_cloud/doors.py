"""Send an event file through the door that it was made for, and return the outcome."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import requests

from dev.local_cloud.deployment import PARTNER_PREFIX, Stack
from dev.local_cloud.outcomes import logged_outcomes, outcome_of, summary

WEBHOOK = "segment_webhook"
ADDED_BY_API_GATEWAY = {
    "host",
    "x-amzn-trace-id",
    "x-forwarded-for",
    "x-forwarded-port",
    "x-forwarded-proto",
}
TIMEOUT_SECONDS = 60
_AWS_PREFIX = "aws.partner/segment.com"


def send_by_api_gateway(stack: Stack, function: str, event: Mapping[str, Any]) -> str:
    """Send what the API Gateway event holds as the HTTP request that it was made of."""
    headers = {name: value for name, value in event["headers"].items() if name.lower() not in ADDED_BY_API_GATEWAY}
    answer = requests.request(
        event["httpMethod"],
        stack.api_url + event["path"],
        data=event["body"].encode(),
        headers=headers,
        timeout=TIMEOUT_SECONDS,
    )
    try:
        content = answer.json()
    except requests.JSONDecodeError:
        return outcome_of(f"{answer.status_code} {answer.text}")
    return _of_a_batch(stack, json.loads(event["body"]), content) if "queued" in content else outcome_of(content)


def send_by_eventbridge(stack: Stack, function: str, event: Mapping[str, Any]) -> str:
    """Put the envelope, or that of each record, on the bus; the outcomes come from the actions' logs."""
    envelopes = [json.loads(record["body"]) for record in event["Records"]] if "Records" in event else [event]
    ids = [_correlation_id(envelope["detail"], _put(envelope)) for envelope in envelopes]
    functions = stack.action_functions() if function == WEBHOOK else [stack.function_name(function)]
    return summary(logged_outcomes(functions, ids, len(ids)))


def send_directly(stack: Stack, action: str, event: Mapping[str, Any]) -> str:
    """Invoke the function with the event and wait for its answer."""
    answer = boto3.client("lambda").invoke(FunctionName=stack.function_name(action), Payload=json.dumps(event))
    return outcome_of(json.loads(answer["Payload"].read()))


def send_by_sqs(stack: Stack, function: str, event: Mapping[str, Any]) -> str:
    """Put the body of each record into the function's queue; the outcomes come from the actions' logs."""
    bodies = [json.loads(record["body"]) for record in event["Records"]]
    for body in bodies:
        boto3.client("sqs").send_message(QueueUrl=stack.queue_url(function), MessageBody=json.dumps(body))
    ids = [_correlation_id(body, None) for body in bodies]
    return summary(logged_outcomes(stack.action_functions(), ids, len(ids)))


DOORS: Mapping[str, Callable[[Stack, str, Mapping[str, Any]], str]] = {
    "api_gateway": send_by_api_gateway,
    "eventbridge": send_by_eventbridge,
    "direct": send_directly,
    "sqs": send_by_sqs,
}
"""The doors by the name of their event file; each takes the stack, a function's name and the file's JSON."""


def _of_a_batch(stack: Stack, events: list[Mapping[str, Any]], answer: Mapping[str, Any]) -> str:
    """Return what became of a batch: what was queued as the actions log it, the rest as the answer says."""
    functions = [stack.function_name(action) for action in answer["queued"]]
    ids = {str(event.get("messageId")) for event in events}
    queued = logged_outcomes(functions, ids, sum(answer["queued"].values()))
    rest = [kind for kind in ("rejected", "skipped") for _ in range(answer[kind])]
    return summary(queued + rest)


def _put(event: Mapping[str, Any]) -> str:
    answer = boto3.client("events").put_events(
        Entries=[
            {
                "Source": _localised(event)["source"],
                "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"]),
            }
        ]
    )
    return answer["Entries"][0]["EventId"]


def _localised(event: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return an event of Segment's with the source that the local stack knows, any other as it is."""
    source = event.get("source", "")
    return {**event, "source": source.replace(_AWS_PREFIX, PARTNER_PREFIX)} if source else event


def _correlation_id(content: Mapping[str, Any], other: str | None) -> str:
    """Return what the functions log an event under: its messageId, or for a payload of a bus the bus's id."""
    wrapped = content.get("event")
    event = wrapped if isinstance(wrapped, Mapping) else content
    return str(event.get("messageId", other))
