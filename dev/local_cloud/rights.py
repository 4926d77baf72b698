"""The rights of the functions' roles on the local AWS, and what AWS checks beside them.

MiniStack started with AUTH=true checks each request of a function against its role, as AWS does, but for two things:
it has names of its own for two rights, and it does not ask what AWS asks before a queue is read or filled.
"""

import json
from collections.abc import Iterator
from fnmatch import fnmatchcase
from typing import Any, Final

import boto3

LOCAL_NAMES: Final = {
    "sqs:SendMessage": "sqs:SendMessageBatch",
    "sqs:ChangeMessageVisibility": "sqs:ChangeMessageVisibilityBatch",
}
"""Rights of AWS, and what MiniStack asks for in a batch; in AWS the right to one message is that to a batch.

https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/sqs-api-permissions-reference.html
"""

TO_READ_A_QUEUE: Final = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
"""What Lambda reads a queue with as the function's role. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html"""


def add_local_names(content: Any) -> None:
    """Give each statement of a template, wherever it stands, MiniStack's names of the rights that it gives."""
    if isinstance(content, list):
        for each in content:
            add_local_names(each)
    elif isinstance(content, dict):
        if "Effect" in content and isinstance(content["Action"], list):
            content["Action"] += [LOCAL_NAMES[right] for right in content["Action"] if right in LOCAL_NAMES]
        for each in content.values():
            add_local_names(each)


def missing_rights() -> list[str]:
    """Name what AWS would refuse in what is deployed and MiniStack lets through.

    Lambda makes an event source only where the function's role may read the queue. EventBridge delivers to a queue, and
    to a dead-letter queue, only where the queue's policy lets that rule.
    """
    return [*_unreadable(), *_unreachable()]


def _unreadable() -> Iterator[str]:
    functions, iam = boto3.client("lambda"), boto3.client("iam")
    for source in functions.list_event_source_mappings()["EventSourceMappings"]:
        function, queue = source["FunctionArn"], source["EventSourceArn"]
        role = functions.get_function_configuration(FunctionName=function)["Role"]
        simulated = iam.simulate_principal_policy(
            PolicySourceArn=role, ActionNames=TO_READ_A_QUEUE, ResourceArns=[queue]
        )
        for result in simulated["EvaluationResults"]:
            if result["EvalDecision"] != "allowed":
                yield f"{function} may not {result['EvalActionName']} on {queue}"


def _unreachable() -> Iterator[str]:
    events, sqs = boto3.client("events"), boto3.client("sqs")
    for rule in events.list_rules()["Rules"]:
        for target in events.list_targets_by_rule(Rule=rule["Name"])["Targets"]:
            for queue in (target["Arn"], target["DeadLetterConfig"]["Arn"]):
                url = sqs.get_queue_url(QueueName=queue.rpartition(":")[2])["QueueUrl"]
                attributes = sqs.get_queue_attributes(QueueUrl=url, AttributeNames=["Policy"])["Attributes"]
                if not _lets(json.loads(attributes.get("Policy", "{}")), rule["Arn"]):
                    yield f"{rule['Arn']} may not sqs:SendMessage on {queue}"


def _lets(policy: Any, rule: str) -> bool:
    """Tell whether a queue's policy, in the form of the template's, lets EventBridge send for a rule."""
    return any(
        statement["Effect"] == "Allow"
        and statement["Principal"] == {"Service": "events.amazonaws.com"}
        and statement["Action"] == "sqs:SendMessage"
        and fnmatchcase(rule, statement["Condition"]["ArnLike"]["aws:SourceArn"])
        for statement in policy.get("Statement", ())
    )
