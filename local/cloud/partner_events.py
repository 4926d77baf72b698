"""Do what EventBridge does with an event of a partner (Segment) once it is on the bus.

Only the partner itself can put such an event: PutEvents refuses a source that starts with "aws.",
on AWS and in MiniStack, and MiniStack drops what PutPartnerEvents brings. So the deployed rules are
asked which of them match, and their targets are invoked with the event, as the bus would.
https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_TestEventPattern.html
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3


def put_partner_event(event: Mapping[str, Any]) -> str:
    """Invoke the target of each deployed rule that matches, without waiting; return the event's id."""
    body = json.dumps(event)
    for target in _matching_targets(body):
        boto3.client("lambda").invoke(FunctionName=target, InvocationType="Event", Payload=body)
    return str(event["id"])


def _matching_targets(body: str) -> Iterator[str]:
    events = boto3.client("events")
    for rule in events.list_rules()["Rules"]:
        pattern = rule["EventPattern"]
        if events.test_event_pattern(EventPattern=pattern, Event=body)["Result"]:
            targets = events.list_targets_by_rule(Rule=rule["Name"])["Targets"]
            yield from (target["Arn"] for target in targets)
