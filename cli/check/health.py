"""How a stack does: what waits in its queues, its dead letters, its alarms, and whether it delivers.

https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_GetMetricData.html
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from cli.check.findings import Finding, note, right, wrong
from cli.deployment import Deployment
from cli.output import length
from cli.queues import count_messages, dead_letter_queues
from cli.stack import Stack

_NAMESPACE: Final = "SegmentDotdigital"
_DONE: Final = ("CREATE_COMPLETE", "UPDATE_COMPLETE")


def check_deployment(deployment: Deployment) -> Iterator[Finding]:
    """Tell whether the last deployment ended well."""
    if deployment.status in _DONE:
        yield right("stack", f"{deployment.status}, {deployment.changed:%Y-%m-%d %H:%M}")
    elif deployment.status.endswith("_IN_PROGRESS"):
        yield note("stack", f"{deployment.status}: something is being deployed just now", "check again afterwards")
    else:
        yield wrong("stack", f"the last deployment did not end well: {deployment.status}", "deploy again")


def check_queues(stack: Stack, local: str, most_seconds: int) -> Iterator[Finding]:
    """Count what waits and the dead letters, and tell how old the oldest message is. `local` is --stack or --local."""
    queues = dead_letter_queues(stack)
    waiting = {queue.action: count_messages(stack, queue.source_url) for queue in queues}
    dead = {queue.action: count_messages(stack, queue.url) for queue in queues}
    for action, number in dead.items():
        if number:
            advice = f"segment-dotdigital failures list {local} --action {action}"
            yield wrong("dead letters", f"{action} has {number:,}", advice)
    if not any(dead.values()):
        yield right("dead letters", f"none in {len(queues)} queues")
    yield right("queues", ", ".join(f"{action}: {n:,}" for action, n in waiting.items() if n) or "nothing waits")
    if any(waiting.values()):
        yield from _check_ages(stack, [action for action, number in waiting.items() if number], most_seconds)


def check_alarms(stack: Stack, parameters: Mapping[str, str]) -> Iterator[Finding]:
    """Tell which alarms ring, and whether anybody is told."""
    ours = re.compile(rf"{re.escape(stack.name)}-\w+(-\w+)?")
    client = _cloudwatch(stack)
    pages = client.get_paginator("describe_alarms").paginate(AlarmNamePrefix=f"{stack.name}-")
    alarms = [alarm for page in pages for alarm in page["MetricAlarms"] if ours.fullmatch(alarm["AlarmName"])]
    client.close()
    ringing = [alarm for alarm in alarms if alarm["StateValue"] == "ALARM"]
    for alarm in ringing:
        yield wrong("alarm", f"{alarm['AlarmName']}: {alarm.get('AlarmDescription', '')}", "docs/operating.md#alarms")
    if not ringing:
        yield right("alarms", f"none of {len(alarms)} rings") if alarms else note("alarms", "the stack has none")
    if not parameters.get("AlarmTopicArn") and not stack.is_local:
        yield note("alarms", "they tell nobody", "deploy with the parameter AlarmTopicArn")


def check_delivered(stack: Stack, now: datetime | None = None) -> Iterator[Finding]:
    """Tell how many messages were delivered in the last day, and how many rejected."""
    wanted = [
        (_NAMESPACE, "Outcomes", {"service": stack.name, "outcome": outcome}, "Sum")
        for outcome in ("delivered", "rejected")
    ]
    delivered, rejected = map(sum, _metric(stack, wanted, timedelta(days=1), now))
    words = f"{delivered:,.0f} delivered, {rejected:,.0f} rejected"
    if delivered:
        yield right("last 24 hours", words)
    else:
        yield note("last 24 hours", words, "send an event: segment-dotdigital connect --event FILE, or from Segment")


def _check_ages(stack: Stack, actions: Sequence[str], most_seconds: int) -> Iterator[Finding]:
    wanted = [
        ("AWS/SQS", "ApproximateAgeOfOldestMessage", {"QueueName": f"{stack.name}-{action}"}, "Maximum")
        for action in actions
    ]
    ages = {
        action: max(values)
        for action, values in zip(actions, _metric(stack, wanted, timedelta(minutes=15)), strict=True)
        if values
    }
    for action, seconds in ages.items():
        if seconds > most_seconds:
            found = f"the oldest of {action} waits for {length(seconds)}"
            yield wrong("oldest message", found, "look at the limits and at Dotdigital's status")
    if not ages:
        yield note("oldest message", "CloudWatch has no age of it yet")
    elif max(ages.values()) <= most_seconds:
        yield right("oldest message", f"waits for {length(max(ages.values()))}")


def _metric(
    stack: Stack,
    wanted: Sequence[tuple[str, str, Mapping[str, str], str]],
    since: timedelta,
    now: datetime | None = None,
) -> list[list[float]]:
    """Return the values of metrics, each a namespace, a name, dimensions and a statistic."""
    end = now or datetime.now(UTC)
    client = _cloudwatch(stack)
    period = 3600 if since >= timedelta(days=1) else 300
    queries = [
        {
            "Id": f"m{place}",
            "MetricStat": {
                "Metric": {
                    "Namespace": namespace,
                    "MetricName": name,
                    "Dimensions": [{"Name": key, "Value": value} for key, value in dimensions.items()],
                },
                "Period": period,
                "Stat": statistic,
            },
        }
        for place, (namespace, name, dimensions, statistic) in enumerate(wanted)
    ]
    results = client.get_metric_data(MetricDataQueries=queries, StartTime=end - since, EndTime=end)["MetricDataResults"]
    client.close()
    by_id = {result["Id"]: list(result["Values"]) for result in results}
    return [by_id.get(query["Id"], []) for query in queries]


def _cloudwatch(stack: Stack) -> Any:
    return stack.session.client("cloudwatch", endpoint_url=stack.endpoint, config=stack.config)
