"""The rights that template.yaml gives: no function asks for another, and each one is asked for.

Each is taken out of its role in turn, and what the function does then is refused. One action stands for all: one loop
of the template makes them.
"""

import copy
import json
import re
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, NamedTuple
from uuid import uuid4

import boto3
import pytest

from dev.local_cloud.deployment import STACK
from dev.local_cloud.rights import LOCAL_NAMES, TO_READ_A_QUEUE, missing_rights
from tests.end_to_end.cloud import WAIT_SECONDS, Cloud
from tests.support.functions import event_file
from tests.support.queued import body, queue_event

pytestmark = pytest.mark.local_cloud
LIMITED = "447700900701"
KEPT = ("secretsmanager:GetSecretValue", "sqs:GetQueueUrl", "dynamodb:GetItem")
"""What a process asks for at its start and remembers."""
REFUSED = re.compile(r"(\w+): AccessDenied|\(AccessDenied\w*\) when calling the (\w+)")
"""An operation that AWS refused, as the functions log it."""


class Right(NamedTuple):
    """A right of a role: where it stands, and its name."""

    role: str
    policy: str
    statement: int
    name: str

    @property
    def operation(self) -> str:
        """What the function asks of the local AWS with it."""
        return LOCAL_NAMES.get(self.name, self.name).partition(":")[2]


def document(role: str, policy: str) -> Any:
    return boto3.client("iam").get_role_policy(RoleName=role, PolicyName=policy)["PolicyDocument"]


def rights_of(function: str) -> list[Right]:
    arn = boto3.client("lambda").get_function_configuration(FunctionName=f"{STACK}-{function}")["Role"]
    role = arn.rpartition("/")[2]
    return [
        Right(role, policy, number, name)
        for policy in boto3.client("iam").list_role_policies(RoleName=role)["PolicyNames"]
        for number, statement in enumerate(document(role, policy)["Statement"])
        for name in statement["Action"]
        if name not in LOCAL_NAMES.values()
    ]


@contextmanager
def without(right: Right) -> Iterator[None]:
    """Take a right out of its role, and put it back."""
    iam = boto3.client("iam")
    whole = document(right.role, right.policy)
    rest = copy.deepcopy(whole)
    left = [
        each
        for each in rest["Statement"][right.statement]["Action"]
        if each not in (right.name, LOCAL_NAMES.get(right.name))
    ]
    rest["Statement"][right.statement]["Action"] = left or ["none:None"]
    iam.put_role_policy(RoleName=right.role, PolicyName=right.policy, PolicyDocument=json.dumps(rest))
    try:
        yield
    finally:
        iam.put_role_policy(RoleName=right.role, PolicyName=right.policy, PolicyDocument=json.dumps(whole))


def events_for(function: str) -> list[dict[str, Any]]:
    """Events with which a function does all that it does: an action delivers, waits for a limit, and rejects."""
    if function == "send_sms":
        phones = ("+447700900702", f"+{LIMITED}", "12")
        return [queue_event(*(body(message_id=str(uuid4()), phone=phone) for phone in phones), queue=function)]
    if function == "segment_webhook":
        poison = [queue_event({"type": "poison"}, queue=queue) for queue in ("segment_webhook", "eventbridge")]
        return [event_file(function, "api_gateway"), *poison]
    return [event_file(function, {"audiences": "get", "catalog": "account"}[function])]


def start_anew(function: str) -> None:
    """Have the next invocation start a process, which knows no secret and no queue yet."""
    boto3.client("lambda").update_function_configuration(FunctionName=f"{STACK}-{function}", Timeout=150)


def invoke(function: str) -> None:
    for event in events_for(function):
        boto3.client("lambda").invoke(FunctionName=f"{STACK}-{function}", Payload=json.dumps(event))


def refused(function: str) -> Counter[str]:
    """The operations that the function was refused so far, as its log says."""
    pages = (
        boto3.client("logs").get_paginator("filter_log_events").paginate(logGroupName=f"/aws/lambda/{STACK}-{function}")
    )
    lines = [event["message"] for page in pages for event in page["events"]]
    return Counter(found[1] or found[2] for line in lines for found in REFUSED.finditer(line))


def is_noticed(function: str, right: Right) -> bool:
    if right.name in TO_READ_A_QUEUE:
        return bool(missing_rights())
    before = refused(function)[right.operation]
    if right.name in KEPT:
        start_anew(function)
    deadline = time.monotonic() + WAIT_SECONDS
    while time.monotonic() < deadline:
        invoke(function)  # again: a busy machine's log has the lines with the next invocation
        if refused(function)[right.operation] > before:
            return True
    return False


@pytest.fixture
def limited(cloud: Cloud) -> Iterator[Cloud]:
    """A Dotdigital that refuses one number for a limit; afterwards no message is left."""
    cloud.fail(action="status", status=429, times=None, headers={"Retry-After": "2"}, match={"path": LIMITED})
    yield cloud
    sqs = boto3.client("sqs")
    for url in sqs.list_queues(QueueNamePrefix=STACK)["QueueUrls"]:
        if url.endswith("-dead-letters"):
            sqs.purge_queue(QueueUrl=url)
    cloud.left()


@pytest.mark.usefixtures("limited")
@pytest.mark.parametrize("function", ["send_sms", "segment_webhook", "audiences", "catalog"])
def test_a_function_has_the_rights_that_it_needs_and_no_other(function: str) -> None:
    for _ in range(2):
        invoke(function)
    assert (refused(function), missing_rights()) == (Counter(), [])
    unnoticed = []
    for right in rights_of(function):
        with without(right):
            if not is_noticed(function, right):
                unnoticed.append(right)
    assert unnoticed == []


def test_eventbridge_fills_its_queues_by_their_policy_alone(cloud: Cloud) -> None:
    sqs = boto3.client("sqs")
    for queue in ("eventbridge", "eventbridge-dead-letters"):
        url = sqs.get_queue_url(QueueName=f"{STACK}-{queue}")["QueueUrl"]
        policy = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]["Policy"]
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": ""})
        missing = missing_rights()
        sqs.set_queue_attributes(QueueUrl=url, Attributes={"Policy": policy})
        assert missing
        assert all(
            each.endswith(f"may not sqs:SendMessage on arn:aws:sqs:eu-west-1:000000000000:{STACK}-{queue}")
            for each in missing
        )
    assert missing_rights() == []
