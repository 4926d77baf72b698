"""template.yaml: the one URL of Segment, its queue, and who may put messages there."""

from tests.template.project import ACTIONS, VERSION, read_template, resource_name

RESOURCES = read_template()["Resources"]
RULES = "arn:${AWS::Partition}:events:${AWS::Region}:${AWS::AccountId}:rule/*"
ALL_QUEUES = "arn:${AWS::Partition}:sqs:${AWS::Region}:${AWS::AccountId}:${AWS::StackName}-*"


def test_the_webhook_is_a_function_of_a_whole_processor_that_may_send_to_the_stacks_queues() -> None:
    receive = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility", "sqs:GetQueueAttributes"]
    own = {"Effect": "Allow", "Action": receive, "Resource": {"Fn::GetAtt": "SegmentWebhookQueue.Arn"}}
    send = {"Effect": "Allow", "Action": ["sqs:SendMessage", "sqs:GetQueueUrl"], "Resource": {"Fn::Sub": ALL_QUEUES}}
    assert RESOURCES["SegmentWebhookFunction"] == {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "FunctionName": {"Fn::Sub": "${AWS::StackName}-segment_webhook"},
            "CodeUri": "functions/segment_webhook/",
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


def test_the_webhooks_queue_brings_it_what_the_buses_hold() -> None:
    assert RESOURCES["SegmentWebhookEventSource"] == {
        "Type": "AWS::Lambda::EventSourceMapping",
        "Properties": {
            "FunctionName": {"Ref": "SegmentWebhookFunction.Alias"},
            "EventSourceArn": {"Fn::GetAtt": "SegmentWebhookQueue.Arn"},
            "FunctionResponseTypes": ["ReportBatchItemFailures"],
            "BatchSize": 100,
            "MaximumBatchingWindowInSeconds": 1,
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
                    "Arn": {"Fn::GetAtt": "SegmentWebhookQueue.Arn"},
                    "RetryPolicy": {"MaximumEventAgeInSeconds": 86400, "MaximumRetryAttempts": 185},
                    "DeadLetterConfig": {"Arn": {"Fn::GetAtt": "SegmentWebhookDeadLetterQueue.Arn"}},
                }
            ],
        },
    }


def test_eventbridges_rules_of_this_account_alone_may_send_to_the_webhooks_queues() -> None:
    policy = RESOURCES["SegmentWebhookQueuePolicy"]["Properties"]
    (statement,) = policy["PolicyDocument"]["Statement"]
    assert policy["Queues"] == [{"Ref": "SegmentWebhookQueue"}, {"Ref": "SegmentWebhookDeadLetterQueue"}]
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
