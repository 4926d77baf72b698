"""template.yaml: each action is a block of the same form, with the least that it needs."""

from typing import Any

import pytest

from cli.actions import load_action
from dev.expand import read_template
from tests.template.project import ACTIONS, ASKED, EVENTBRIDGE, VERSION, WEBHOOK, resource_name

RESOURCES = read_template()["Resources"]
MOST_BYTES = 1024 * 1024
FOURTEEN_DAYS = 14 * 24 * 3600
ONE_BY_ONE = {"BatchSize": 10, "Window": {"Ref": "SendBatchingWindowSeconds"}}
IN_BULK = {"BatchSize": 1000, "Window": {"Ref": "BatchingWindowSeconds"}}
GATHERED: dict[str, dict[str, Any]] = {
    "add_contact_to_list": IN_BULK,
    "enrol_contact": {"BatchSize": 250, "Window": {"Ref": "EnrolmentBatchingWindowSeconds"}},
    "record_event": IN_BULK,
    "sync_audience": IN_BULK,
}


def _arn(resource: str) -> dict[str, str]:
    return {"Fn::GetAtt": f"{resource}.Arn"}


def _allow(actions: list[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_one_function_with_its_route_its_log_its_secret_and_rights_on_its_own_queues(action: str) -> None:
    name = resource_name(action)
    receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"]
    statements = [
        _allow([*receive, "sqs:GetQueueAttributes", "sqs:GetQueueUrl"], _arn(f"{name}Queue")),
        _allow(["sqs:SendMessage", "sqs:GetQueueUrl"], _arn(f"{name}DeadLetterQueue")),
    ]
    assert RESOURCES[f"{name}Function"] == {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "FunctionName": {"Fn::Sub": f"${{AWS::StackName}}-{action}"},
            "CodeUri": "functions/",
            "Handler": f"{action}.app.handler",
            "VersionDescription": {"Fn::Sub": VERSION},
            "Policies": [
                {"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": {"Ref": "DotdigitalSecret"}}},
                {"Version": "2012-10-17", "Statement": statements},
            ],
            "LoggingConfig": {"LogGroup": {"Ref": f"{name}LogGroup"}},
            "Events": {
                "Route": {
                    "Type": "Api",
                    "Properties": {
                        "RestApiId": {"Ref": "ActionsApi"},
                        "Path": f"/actions/{action.replace('_', '-')}",
                        "Method": "post",
                    },
                },
            },
        },
    }


def test_an_action_that_sends_has_a_right_on_the_record_of_sends_and_no_other_action_has() -> None:
    verbs = [f"dynamodb:{verb}Item" for verb in ("Get", "Put", "Update", "Delete")]
    document = {"Version": "2012-10-17", "Statement": [_allow(verbs, _arn("SendsTable"))]}
    policies = {
        name: policy["Properties"] for name, policy in RESOURCES.items() if policy["Type"] == "AWS::IAM::Policy"
    }
    assert policies == {
        f"{resource_name(action)}RecordPolicy": {
            "PolicyName": "record-of-sends",
            "Roles": [{"Ref": f"{resource_name(action)}FunctionRole"}],
            "PolicyDocument": document,
        }
        for action in ACTIONS
        if load_action(action).is_send
    }


@pytest.mark.parametrize("action", ACTIONS)
def test_an_actions_queue_brings_its_function_what_is_gathered_and_takes_back_what_failed(action: str) -> None:
    gathered = GATHERED.get(action, ONE_BY_ONE)
    is_counted = action == "enrol_contact" or not load_action(action).is_send
    assert RESOURCES[f"{resource_name(action)}EventSource"] == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": f"{resource_name(action)}Function.Alias"},
            "EventSourceArn": _arn(f"{resource_name(action)}Queue"),
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BatchSize": gathered["BatchSize"],
            "MaximumBatchingWindowInSeconds": gathered["Window"],
            "ScalingConfig": {
                "MaximumConcurrency": {"Ref": "MaximumConcurrency" if is_counted else "SendMaximumConcurrency"}
            },
        },
    }


@pytest.mark.parametrize("action", ACTIONS)
def test_events_of_the_own_bus_that_name_the_action_go_to_eventbridges_queue(action: str) -> None:
    assert RESOURCES[f"{resource_name(action)}Rule"] == {
        "Type": "AWS::Events::Rule",
        "Properties": {
            "Description": f"Events of your own for {resource_name(action)}",
            "EventBusName": {"Ref": "EventBusName"},
            "EventPattern": {
                "source": [{"anything-but": {"prefix": {"Fn::Sub": "${SegmentSourcePrefix}/"}}}],
                "detail-type": [action],
            },
            "Targets": [
                {
                    "Id": "queue",
                    "Arn": _arn("EventBridgeQueue"),
                    "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
                    "DeadLetterConfig": {"Arn": _arn("EventBridgeDeadLetterQueue")},
                }
            ],
        },
    }


@pytest.mark.parametrize(
    ("function", "visibility", "receives"),
    [*((action, 1200, 500) for action in ACTIONS), (WEBHOOK, 180, 1000), (EVENTBRIDGE, 180, 1000)],
)
def test_a_queue_is_encrypted_keeps_for_14_days_and_has_its_own_dead_letter_queue(
    function: str, visibility: int, receives: int
) -> None:
    name = resource_name(function)
    assert RESOURCES[f"{name}Queue"] == {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": {"Fn::Sub": f"${{AWS::StackName}}-{function}"},
            "SqsManagedSseEnabled": True,
            "MaximumMessageSize": MOST_BYTES,
            "VisibilityTimeout": visibility,
            "MessageRetentionPeriod": FOURTEEN_DAYS,
            "RedrivePolicy": {"deadLetterTargetArn": _arn(f"{name}DeadLetterQueue"), "maxReceiveCount": receives},
        },
    }
    assert RESOURCES[f"{name}DeadLetterQueue"] == {
        "Type": "AWS::SQS::Queue",
        "Properties": {
            "QueueName": {"Fn::Sub": f"${{AWS::StackName}}-{function}-dead-letters"},
            "SqsManagedSseEnabled": True,
            "MaximumMessageSize": MOST_BYTES,
            "MessageRetentionPeriod": FOURTEEN_DAYS,
        },
    }


@pytest.mark.parametrize("function", [*ACTIONS, WEBHOOK])
def test_a_message_is_invisible_for_six_times_what_its_function_may_take(function: str) -> None:
    usual = read_template()["Globals"]["Function"]["Timeout"]
    timeout = RESOURCES[f"{resource_name(function)}Function"]["Properties"].get("Timeout", usual)
    assert RESOURCES[f"{resource_name(function)}Queue"]["Properties"]["VisibilityTimeout"] >= 6 * timeout


@pytest.mark.parametrize("function", [*ACTIONS, WEBHOOK, *ASKED])
def test_a_log_group_is_the_functions_own_and_forgets(function: str) -> None:
    assert RESOURCES[f"{resource_name(function)}LogGroup"] == {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {
            "LogGroupName": {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{function}"},
            "RetentionInDays": {"Ref": "LogRetentionDays"},
        },
    }


def test_there_is_no_queue_beside_those() -> None:
    queues = {name for name, resource in RESOURCES.items() if resource["Type"] == "AWS::SQS::Queue"}
    names = [resource_name(function) for function in (*ACTIONS, WEBHOOK, EVENTBRIDGE)]
    assert queues == {f"{name}{kind}" for name in names for kind in ("Queue", "DeadLetterQueue")}
