"""What template.yaml makes and the functions use, in an AWS on loopback: queues, the table of sends, the secret."""

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Final

from dev import PROJECT, SUBSCRIPTIONS_FILE

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

REGION: Final = "eu-west-1"
WEBHOOK: Final = "segment_webhook"
EVENTBRIDGE: Final = "eventbridge"
"""The queue that EventBridge fills and segment_webhook reads."""
_OTHER_FUNCTIONS: Final = {WEBHOOK, "audiences", "catalog"}
ACTIONS: Final = tuple(sorted({app.parent.name for app in PROJECT.glob("functions/*/app.py")} - _OTHER_FUNCTIONS))
_SHARED_SECRET: Final = "local-shared-secret"
_PREFIX: Final = "stack-"
_TABLE: Final = "sends"
_SECRET_ID: Final = "segment-dotdigital"
_FOURTEEN_DAYS: Final = str(14 * 86_400)
_VISIBILITY: Final = {WEBHOOK: "180", EVENTBRIDGE: "180"}


def queue_of(function: str) -> str:
    """Name a function's queue."""
    return _PREFIX + function


def dead_letters_of(function: str) -> str:
    """Name a function's dead-letter queue."""
    return f"{_PREFIX}{function}-dead-letters"


def make_queues(sqs: "SQSClient", functions: Iterable[str] = (*ACTIONS, WEBHOOK, EVENTBRIDGE)) -> None:
    """Make the queue and the dead-letter queue of each function, and those of EventBridge."""
    for function in functions:
        dead = sqs.create_queue(
            QueueName=dead_letters_of(function), Attributes={"MessageRetentionPeriod": _FOURTEEN_DAYS}
        )
        asked = sqs.get_queue_attributes(QueueUrl=dead["QueueUrl"], AttributeNames=["QueueArn"])
        redrive = {
            "deadLetterTargetArn": asked["Attributes"]["QueueArn"],
            "maxReceiveCount": 500 if function in ACTIONS else 1000,
        }
        sqs.create_queue(
            QueueName=queue_of(function),
            Attributes={
                "VisibilityTimeout": _VISIBILITY.get(function, "900"),
                "MessageRetentionPeriod": _FOURTEEN_DAYS,
                "RedrivePolicy": json.dumps(redrive),
            },
        )


def make_table(dynamodb: "DynamoDBClient") -> None:
    """Make the table of sends."""
    dynamodb.create_table(
        TableName=_TABLE,
        KeySchema=[
            {"AttributeName": "messageId", "KeyType": "HASH"},
            {"AttributeName": "subscription", "KeyType": "RANGE"},
        ],
        AttributeDefinitions=[{"AttributeName": name, "AttributeType": "S"} for name in ("messageId", "subscription")],
        BillingMode="PAY_PER_REQUEST",
    )


def put_secret(secrets: "SecretsManagerClient", username: str, password: str) -> None:
    """Write the secret, new or anew."""
    text = json.dumps({"region": "r1", "username": username, "password": password, "sharedSecret": _SHARED_SECRET})
    try:
        secrets.put_secret_value(SecretId=_SECRET_ID, SecretString=text)
    except secrets.exceptions.ResourceNotFoundException:
        secrets.create_secret(Name=_SECRET_ID, SecretString=text)


def environment_of(aws_url: str, dotdigital_url: str, subscriptions: Path = SUBSCRIPTIONS_FILE) -> Mapping[str, str]:
    """Give a function's environment."""
    return {
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "DOTDIGITAL_SECRET_ID": _SECRET_ID,
        "DOTDIGITAL_BASE_URL": dotdigital_url,
        "SUBSCRIPTIONS_PATH": str(subscriptions),
        "QUEUE_PREFIX": _PREFIX,
        "SENDS_TABLE": _TABLE,
        "POWERTOOLS_SERVICE_NAME": "segment-dotdigital",
        "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
    }
