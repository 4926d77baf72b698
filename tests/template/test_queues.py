"""template.yaml: the queues, what fills and reads them, and how long a message stays in them."""

import heapq
from collections.abc import Callable
from random import Random
from typing import Any, Final

import pytest

from aws.action_queue import wait_seconds
from cli.actions import load_action
from tests.support.functions import ACTIONS
from tests.template.project import (
    EVENTBRIDGE,
    OWN_KEY,
    QUEUES,
    RESOURCES,
    TEMPLATE,
    WEBHOOK,
    arn,
    of_type,
    properties,
    resource_name,
    sub,
)

DAY: Final = 86_400
RETRY_FOR_HOURS: Final = TEMPLATE["Parameters"]["RetryForHours"]
EACH_QUEUE: Final = pytest.mark.parametrize("queue", QUEUES)
EACH_ACTION: Final = pytest.mark.parametrize("action", ACTIONS)
SEGMENTS: Final = {"prefix": sub("${SegmentSourcePrefix}/")}
BATCHES: Final = {
    "add_contact_to_list": (1000, "BatchingWindowSeconds"),
    "enrol_contact": (250, "EnrolmentBatchingWindowSeconds"),
    "record_event": (1000, "BatchingWindowSeconds"),
    "sync_audience": (1000, "BatchingWindowSeconds"),
}
MOST_RECEIVES: Final = min(properties(action, "Queue")["RedrivePolicy"]["maxReceiveCount"] for action in ACTIONS)


def source_of(queue: str, function: str, size: int, window: Any, concurrency: str) -> dict[str, Any]:
    return {
        "FunctionName": {"Ref": f"{resource_name(function)}Function.Alias"},
        "EventSourceArn": arn(f"{resource_name(queue)}Queue"),
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BatchSize": size,
        "MaximumBatchingWindowInSeconds": window,
        "ScalingConfig": {"MaximumConcurrency": {"Ref": concurrency}},
    }


def rule(description: str, bus: str, pattern: dict[str, Any]) -> dict[str, Any]:
    target = {
        "Id": "queue",
        "Arn": arn("EventBridgeQueue"),
        "RetryPolicy": {"MaximumEventAgeInSeconds": DAY, "MaximumRetryAttempts": 185},
        "DeadLetterConfig": {"Arn": arn("EventBridgeDeadLetterQueue")},
    }
    return {"Description": description, "EventBusName": {"Ref": bus}, "EventPattern": pattern, "Targets": [target]}


@EACH_QUEUE
def test_a_queue_is_encrypted_keeps_for_14_days_and_has_its_own_dead_letter_queue(queue: str) -> None:
    visibility, receives = (180, 1000) if queue in (WEBHOOK, EVENTBRIDGE) else (1200, 500)
    encrypted = {"SqsManagedSseEnabled": {"Fn::If": ["HasKmsKey", False, True]}, "KmsMasterKeyId": OWN_KEY}
    shared = encrypted | {"MaximumMessageSize": 1024 * 1024, "MessageRetentionPeriod": 14 * DAY}
    dead_letters = arn(f"{resource_name(queue)}DeadLetterQueue")
    assert properties(queue, "Queue") == shared | {
        "QueueName": sub(f"${{AWS::StackName}}-{queue}"),
        "VisibilityTimeout": visibility,
        "RedrivePolicy": {"deadLetterTargetArn": dead_letters, "maxReceiveCount": receives},
    }
    assert properties(queue, "DeadLetterQueue") == shared | {
        "QueueName": sub(f"${{AWS::StackName}}-{queue}-dead-letters")
    }


def test_there_is_no_queue_and_no_policy_of_queues_beside_those() -> None:
    names = map(resource_name, QUEUES)
    assert of_type("AWS::SQS::Queue") == {f"{name}{kind}" for name in names for kind in ("Queue", "DeadLetterQueue")}
    assert of_type("AWS::SQS::QueuePolicy") == {"EventBridgeQueuePolicy"}


@EACH_ACTION
def test_an_actions_queue_brings_its_function_what_is_gathered_and_takes_back_what_failed(action: str) -> None:
    size, window = BATCHES.get(action, (10, "SendBatchingWindowSeconds"))
    is_limited = action == "enrol_contact" or not load_action(action).is_send
    concurrency = "MaximumConcurrency" if is_limited else "SendMaximumConcurrency"
    assert properties(action, "EventSource") == source_of(action, action, size, {"Ref": window}, concurrency)


@pytest.mark.parametrize("queue", [WEBHOOK, EVENTBRIDGE])
def test_both_other_queues_bring_the_webhook_what_they_hold(queue: str) -> None:
    assert properties(queue, "EventSource") == source_of(queue, WEBHOOK, 100, 1, "WebhookMaximumConcurrency")


def test_events_of_the_own_bus_that_name_an_action_and_all_of_segment_go_to_eventbridges_queue() -> None:
    # A rule has no name, so that it can move to another bus.
    every = rule("Every event of Segment's EventBridge destination", "SegmentEventBusName", {"source": [SEGMENTS]})
    expected = {"SegmentRule": every}
    for action in ACTIONS:
        pattern = {"source": [{"anything-but": SEGMENTS}], "detail-type": [action]}
        name = resource_name(action)
        expected[f"{name}Rule"] = rule(f"Events of your own for {name}", "EventBusName", pattern)
    assert {name: RESOURCES[name]["Properties"] for name in of_type("AWS::Events::Rule")} == expected


def test_eventbridges_rules_of_this_account_alone_may_send_to_its_queues() -> None:
    policy = RESOURCES["EventBridgeQueuePolicy"]["Properties"]
    rules = sub("arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*")
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert policy["Queues"] == [{"Ref": "EventBridgeQueue"}, {"Ref": "EventBridgeDeadLetterQueue"}]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:SourceArn": rules}},
    }


@pytest.mark.parametrize("function", [*ACTIONS, WEBHOOK])
def test_a_message_is_invisible_for_six_times_what_its_function_may_take(function: str) -> None:
    timeout = properties(function).get("Timeout", TEMPLATE["Globals"]["Function"]["Timeout"])
    assert properties(function, "Queue")["VisibilityTimeout"] >= 6 * timeout


@EACH_QUEUE
def test_a_message_that_crashes_its_function_each_time_is_a_dead_letter_for_seven_days(queue: str) -> None:
    own = properties(queue, "Queue")
    crashed_for = own["RedrivePolicy"]["maxReceiveCount"] * own["VisibilityTimeout"]
    # SQS counts the age of a dead letter that it moved itself from when the message was first sent.
    assert properties(queue, "DeadLetterQueue")["MessageRetentionPeriod"] >= crashed_for + 7 * DAY
    assert own["MessageRetentionPeriod"] >= crashed_for + 7 * DAY


WAITS: dict[str, Callable[[Random], float | None]] = {
    "nobody named": lambda random: None,
    "the rest of a minute": lambda random: random.uniform(1, 60),
    "a second": lambda random: 1.0,
    "a minute and more": lambda random: random.choice([60.0, 120.0, 300.0, 3600.0]),
}


@pytest.mark.parametrize("bound", ["MinValue", "Default", "MaxValue"])
@pytest.mark.parametrize("named", WAITS.values(), ids=WAITS)
def test_a_message_that_waits_for_as_long_as_it_is_tried_is_given_up_by_its_function_and_not_by_sqs(
    bound: str, named: Callable[[Random], float | None]
) -> None:
    hours = RETRY_FOR_HOURS[bound]
    random = Random(hours)
    for _ in range(200):
        age, receives = 0.0, 1
        while age <= hours * 3600:
            age += wait_seconds(receives, named(random), hours, random.random())
            receives += 1
        assert receives < 0.9 * MOST_RECEIVES


def test_a_queue_that_waits_for_a_limit_for_19_hours_drains_at_its_rate_and_stays_far_from_sqss_count() -> None:
    # A fifth of 40,000 messages at 35 requests a minute, which wait for as long and are received as often.
    messages, a_minute = 8_000, 7
    random = Random(1)
    queue = [(0.0, number, 0) for number in range(messages)]
    now, minute, made, most, last = 0.0, 0, 0, 0, 0.0
    while queue:
        seen_at, number, receives = heapq.heappop(queue)
        now = max(now, seen_at)
        most = max(most, receives + 1)
        if now // 60 != minute:
            minute, made = int(now // 60), 0
        if made < a_minute:
            made, last = made + 1, now
        else:
            reset = (minute + 1) * 60 - now
            wait = wait_seconds(receives + 1, max(reset, 1.0), RETRY_FOR_HOURS["Default"], random.random())
            heapq.heappush(queue, (now + wait, number, receives + 1))
    assert most < 0.5 * MOST_RECEIVES
    assert messages / (a_minute * (last / 60 + 1)) > 0.95
