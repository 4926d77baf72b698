"""The checkout as the template tests see it."""

from typing import Any

from dev import PROJECT
from dev.expand import read_template
from tests.support.functions import ACTIONS

WEBHOOK = "segment_webhook"
EVENTBRIDGE = "eventbridge"
"""The queue that EventBridge fills and segment_webhook reads."""
ASKED = ("audiences", "catalog")
"""The functions that take requests and no events."""
FUNCTIONS = tuple(sorted(app.parent.name for app in PROJECT.glob("functions/*/app.py")))
QUEUES = (*ACTIONS, WEBHOOK, EVENTBRIDGE)
EVENT_FILES = tuple((action, name) for action in ACTIONS for name in ("api_gateway", "eventbridge", "direct", "sqs"))
WEBHOOK_FILES = tuple((WEBHOOK, name) for name in ("api_gateway", "eventbridge", "sqs"))
REQUEST_FILES = (
    *(("audiences", name) for name in ("create", "get", "read")),
    *(("catalog", name) for name in ("account", "lists", "programs_as_choices", "new_data_field")),
)
TEMPLATE = read_template()
RESOURCES: dict[str, Any] = TEMPLATE["Resources"]
OWN_KEY = {"Fn::If": ["HasKmsKey", {"Ref": "KmsKeyArn"}, {"Ref": "AWS::NoValue"}]}
"""The key that a stack is given, if it is given one."""


def resource_name(function: str) -> str:
    """Return how the template writes a function's name: SendSms for send_sms."""
    return "EventBridge" if function == EVENTBRIDGE else "".join(word.capitalize() for word in function.split("_"))


def properties(function: str, kind: str = "Function") -> dict[str, Any]:
    """Return the properties of a function's resource: SendSmsFunction, SendSmsQueue, SendSmsRule…"""
    found: dict[str, Any] = RESOURCES[f"{resource_name(function)}{kind}"]["Properties"]
    return found


def of_type(kind: str) -> set[str]:
    """Return the names of the resources of a type."""
    return {name for name, resource in RESOURCES.items() if resource["Type"] == kind}


def arn(resource: str) -> dict[str, str]:
    return {"Fn::GetAtt": f"{resource}.Arn"}


def sub(text: str) -> dict[str, str]:
    return {"Fn::Sub": text}
