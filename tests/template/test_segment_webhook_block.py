"""template.yaml: the one URL of Segment, its queue, that of EventBridge, and who may put messages there."""

import pytest

from dev.expand import read_template
from tests.template.project import ACTIONS, EVENTBRIDGE, VERSION, WEBHOOK, resource_name

TEMPLATE = read_template()
RESOURCES = TEMPLATE["Resources"]
RULES = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
ACTION_QUEUES = {f"{resource_name(action)}Queue.Arn" for action in ACTIONS}


def test_the_webhook_is_a_function_of_a_whole_processor_that_may_send_to_each_actions_queue() -> None:
    receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
    queues = [{"Fn::GetAtt": "SegmentWebhookQueue.Arn"}, {"Fn::GetAtt": "EventBridgeQueue.Arn"}]
    own = {"Effect": "Allow", "Action": receive, "Resource": queues}
    statements = RESOURCES["SegmentWebhookFunction"]["Properties"]["Policies"][-1]
    targets = statements["Statement"][1]["Resource"]
    assert ({target["Fn::GetAtt"] for target in targets}, len(targets)) == (ACTION_QUEUES, len(ACTIONS))
    send = {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"], "Resource": targets}
    assert RESOURCES["SegmentWebhookFunction"] == {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "FunctionName": {"Fn::Sub": "${AWS::StackName}-segment_webhook"},
            "CodeUri": "functions/",
            "Handler": "segment_webhook.app.handler",
            "VersionDescription": {"Fn::Sub": VERSION},
            "Timeout": 30,
            "MemorySize": 1769,
            "Policies": [
                {"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": {"Ref": "DotdigitalSecret"}}},
                {"Version": "2012-10-17", "Statement": [own, send]},
            ],
            "LoggingConfig": {"LogGroup": {"Ref": "SegmentWebhookLogGroup"}},
            "Events": {
                "Route": {
                    "Type": "Api",
                    "Properties": {"RestApiId": {"Ref": "ActionsApi"}, "Path": "/segment", "Method": "post"},
                }
            },
        },
    }


@pytest.mark.parametrize("queue", [WEBHOOK, EVENTBRIDGE])
def test_both_queues_bring_the_webhook_what_they_hold(queue: str) -> None:
    assert RESOURCES[f"{resource_name(queue)}EventSource"] == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": "SegmentWebhookFunction.Alias"},
            "EventSourceArn": {"Fn::GetAtt": f"{resource_name(queue)}Queue.Arn"},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BatchSize": 100,
            "MaximumBatchingWindowInSeconds": 1,
            "ScalingConfig": {"MaximumConcurrency": {"Ref": "WebhookMaximumConcurrency"}},
        },
    }


def test_every_event_of_segment_is_matched_by_one_rule() -> None:
    assert RESOURCES["SegmentRule"] == {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "Description": "Every event of Segment's EventBridge destination",
            "EventBusName": {"Ref": "SegmentEventBusName"},
            "EventPattern": {"source": [{"prefix": {"Fn::Sub": "${SegmentSourcePrefix}/"}}]},
            "Targets": [
                {
                    "Id": "queue",
                    "Arn": {"Fn::GetAtt": "EventBridgeQueue.Arn"},
                    "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
                    "DeadLetterConfig": {"Arn": {"Fn::GetAtt": "EventBridgeDeadLetterQueue.Arn"}},
                }
            ],
        },
    }


def test_eventbridges_rules_of_this_account_alone_may_send_to_its_queues() -> None:
    policy = RESOURCES["EventBridgeQueuePolicy"]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert policy["Queues"] == [{"Ref": "EventBridgeQueue"}, {"Ref": "EventBridgeDeadLetterQueue"}]
    assert statement == {
        "Effect": "Allow",
        "Principal": {"Service": "events.amazonaws.com"},
        "Action": "sqs:SendMessage",
        "Resource": "*",
        "Condition": {"ArnLike": {"aws:SourceArn": {"Fn::Sub": RULES}}},
    }


def test_a_rule_has_no_name_so_that_it_can_move_to_another_bus() -> None:
    rules = {name: resource for name, resource in RESOURCES.items() if resource["Type"] == "AWS::Events::Rule"}
    assert set(rules) == {"SegmentRule", *(f"{resource_name(action)}Rule" for action in ACTIONS)}
    assert [name for name, rule in rules.items() if "Name" in rule["Properties"]] == []


def test_an_event_brings_no_payload_unless_the_stack_says_so() -> None:
    parameter = TEMPLATE["Parameters"]["AllowPayloads"]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("false", ["true", "false"])
