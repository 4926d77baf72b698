"""Send an event file through the door that it was made for, and return the outcome."""

import json
from collections.abc import Callable, Mapping
from typing import Any

import boto3
import requests

from local.cloud.deployment import Stack
from local.cloud.outcomes import logged_outcome, outcome_of
from local.cloud.partner_events import put_partner_event

ADDED_BY_API_GATEWAY = {
    "host",
    "x-amzn-trace-id",
    "x-forwarded-for",
    "x-forwarded-port",
    "x-forwarded-proto",
}
TIMEOUT_SECONDS = 60


def send_by_api_gateway(stack: Stack, action: str, event: Mapping[str, Any]) -> str:
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
        return outcome_of(answer.json())
    except requests.JSONDecodeError:
        return outcome_of(f"{answer.status_code} {answer.text}")


def send_by_eventbridge(stack: Stack, action: str, event: Mapping[str, Any]) -> str:
    """Put the event on the bus; the outcome comes from the function's log."""
    event_id = put_partner_event(event) if _is_partners(event) else _put(event)
    return logged_outcome(stack.function_name(action), _correlation_id(event["detail"], event_id))


def send_directly(stack: Stack, action: str, event: Mapping[str, Any]) -> str:
    """Invoke the function with the event and wait for its answer."""
    answer = boto3.client("lambda").invoke(FunctionName=stack.function_name(action), Payload=json.dumps(event))
    return outcome_of(json.loads(answer["Payload"].read()))


DOORS: Mapping[str, Callable[[Stack, str, Mapping[str, Any]], str]] = {
    "api_gateway": send_by_api_gateway,
    "eventbridge": send_by_eventbridge,
    "direct": send_directly,
}
"""The doors by the name of their event file; each takes the stack, an action and the file's JSON."""


def _is_partners(event: Mapping[str, Any]) -> bool:
    return str(event["source"]).startswith("aws.")


def _put(event: Mapping[str, Any]) -> str:
    answer = boto3.client("events").put_events(
        Entries=[
            {
                "Source": event["source"],
                "DetailType": event["detail-type"],
                "Detail": json.dumps(event["detail"]),
            }
        ]
    )
    return answer["Entries"][0]["EventId"]


def _correlation_id(detail: Mapping[str, Any], event_id: str) -> str:
    """Return what the function logs an event under: its messageId, or for a payload the bus's id."""
    wrapped = detail.get("event")
    event = wrapped if isinstance(wrapped, Mapping) else detail
    return str(event.get("messageId", event_id))
