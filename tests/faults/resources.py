"""What the template makes and the functions use: queues with their dead-letter queues, the table of sends, the secret."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from tests.support.aws import REGION, SECRET, SECRET_ID
from tests.support.functions import PROJECT

if TYPE_CHECKING:
    from mypy_boto3_dynamodb import DynamoDBClient
    from mypy_boto3_secretsmanager import SecretsManagerClient
    from mypy_boto3_sqs import SQSClient

PREFIX = "faults-"
TABLE = "faults-sends"
WEBHOOK = "segment_webhook"
ACTIONS = tuple(sorted(path.parent.name for path in PROJECT.glob("functions/*/app.py") if path.parent.name != WEBHOOK))
SENDS = ("enrol_contact", "send_email_campaign", "send_sms", "send_transactional_email", "send_transactional_sms")
FOURTEEN_DAYS = str(14 * 86_400)


def queue_of(function: str) -> str:
    """The name of a function's queue."""
    return PREFIX + function


def dead_letters_of(function: str) -> str:
    """The name of a function's dead-letter queue."""
    return f"{PREFIX}{function}-dead-letters"


def make_resources(sqs: "SQSClient", dynamodb: "DynamoDBClient") -> None:
    """Make queues and table as template.yaml has them."""
    for function in (*ACTIONS, WEBHOOK):
        dead = sqs.create_queue(
            QueueName=dead_letters_of(function), Attributes={"MessageRetentionPeriod": FOURTEEN_DAYS}
        )
        asked = sqs.get_queue_attributes(QueueUrl=dead["QueueUrl"], AttributeNames=["QueueArn"])
        redrive = {"deadLetterTargetArn": asked["Attributes"]["QueueArn"], "maxReceiveCount": 1000}
        attributes = {
            "VisibilityTimeout": "180" if function == WEBHOOK else "900",
            "MessageRetentionPeriod": FOURTEEN_DAYS,
            "RedrivePolicy": json.dumps(redrive),
        }
        sqs.create_queue(QueueName=queue_of(function), Attributes=attributes)
    dynamodb.create_table(
        TableName=TABLE,
        KeySchema=[{"AttributeName": "id", "KeyType": "HASH"}],
        AttributeDefinitions=[{"AttributeName": "id", "AttributeType": "S"}],
        BillingMode="PAY_PER_REQUEST",
    )


def put_secret(secrets: "SecretsManagerClient", username: str, password: str) -> None:
    """Write the secret anew."""
    text = json.dumps(SECRET | {"username": username, "password": password})
    try:
        secrets.put_secret_value(SecretId=SECRET_ID, SecretString=text)
    except secrets.exceptions.ResourceNotFoundException:
        secrets.create_secret(Name=SECRET_ID, SecretString=text)


def environment_of(aws_url: str, dotdigital_url: str, subscriptions: Path) -> Mapping[str, str]:
    """A function's environment."""
    return {
        "AWS_ENDPOINT_URL": aws_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
        "DOTDIGITAL_SECRET_ID": SECRET_ID,
        "DOTDIGITAL_BASE_URL": dotdigital_url,
        "SUBSCRIPTIONS_PATH": str(subscriptions),
        "QUEUE_PREFIX": PREFIX,
        "SENDS_TABLE": TABLE,
        "POWERTOOLS_SERVICE_NAME": "segment-dotdigital",
        "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
    }
