"""template.yaml: each function is a block of the same form, with the least that it needs, and a version of all it is.

SAM makes another version of a function when its code, a layer or another property changes, but not when a parameter in
one has another value (https://github.com/aws/serverless-application-model/issues/3820). CloudFormation does, where the
version's description has the value.
"""

import re
from typing import Any

import pytest

from cli.actions import load_action
from dev import PROJECT
from tests.support.functions import ACTIONS
from tests.template.project import (
    ASKED,
    FUNCTIONS,
    OWN_KEY,
    RESOURCES,
    TEMPLATE,
    WEBHOOK,
    arn,
    of_type,
    properties,
    resource_name,
    sub,
)

EACH_FUNCTION = pytest.mark.parametrize("function", FUNCTIONS)
PARAMETERS = TEMPLATE["Parameters"]
SHARED = TEMPLATE["Globals"]["Function"]
NOT_LAMBDAS = {"DeploymentPreference", "Events", "Policies", "VersionDescription"}
NOT_WITH_SNAP_START = {"ProvisionedConcurrencyConfig", "FileSystemConfigs", "EphemeralStorage"}
LONGEST_DESCRIPTION = 256
READ = ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"]
POSTPONE = ["sqs:ChangeMessageVisibility", "sqs:GetQueueUrl"]
SEND = ["sqs:SendMessage", "sqs:GetQueueUrl"]


def allow(actions: list[str], resource: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": actions, "Resource": resource}


def route(path: str, method: str = "post", **more: Any) -> dict[str, Any]:
    return {"Type": "Api", "Properties": {"RestApiId": {"Ref": "ActionsApi"}, "Path": path, "Method": method, **more}}


def block(name: str, events: dict[str, Any], statements: list[Any] | None = None, **more: Any) -> dict[str, Any]:
    """The properties of a function, but for the description of its version."""
    secret = {"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": {"Fn::GetAtt": "DotdigitalSecret.Id"}}}
    alarms = [f"{resource_name(name)}ErrorsAlarm", f"{resource_name(name)}ThrottlesAlarm", "ApiErrorsAlarm"]
    return {
        "DeploymentPreference": {"Alarms": [{"Ref": alarm} for alarm in alarms]},
        "FunctionName": sub(f"${{AWS::StackName}}-{name}"),
        "CodeUri": "functions/",
        "Handler": f"{name}.app.handler",
        "Policies": [secret, *([{"Version": "2012-10-17", "Statement": statements}] if statements else [])],
        "LoggingConfig": {"LogGroup": {"Ref": f"{resource_name(name)}LogGroup"}},
        "Events": events,
        **more,
    }


def expected(function: str) -> dict[str, Any]:
    name = resource_name(function)
    match function:
        case "audiences":
            events = {"Create": route("/audiences"), "Find": route("/audiences/{id}", "get")}
            return block(function, events, Timeout=30)
        case "catalog":
            for_iam = {"Auth": {"Authorizer": "AWS_IAM", "InvokeRole": "NONE"}}
            events = {
                key: route("/catalog/{listing}", method, **for_iam)
                for key, method in (("Read", "get"), ("Create", "post"))
            }
            variables = {"CATALOG_MAY_CREATE_DATA_FIELDS": {"Ref": "CatalogMayCreateDataFields"}}
            return block(function, events, Timeout=30, Environment={"Variables": variables})
        case "segment_webhook":
            targets = properties(WEBHOOK)["Policies"][-1]["Statement"][1]["Resource"]  # their order says nothing
            queues = [*map(resource_name, ACTIONS), "SegmentWebhookDeadLetter", "EventBridgeDeadLetter"]
            assert sorted(map(str, targets)) == sorted(str(arn(f"{queue}Queue")) for queue in queues)
            rights = [allow(READ, [arn("SegmentWebhookQueue"), arn("EventBridgeQueue")]), allow(SEND, targets)]
            return block(function, {"Route": route("/segment")}, rights, Timeout=30, MemorySize=1769)
    rights = [
        allow([*READ, *POSTPONE], arn(f"{name}Queue")),
        allow(SEND, arn(f"{name}DeadLetterQueue")),
    ]
    return block(function, {"Route": route(load_action(function).route)}, rights)


def named(content: Any) -> set[str]:
    """All names that are referred to."""
    if isinstance(content, list):
        return set().union(*map(named, content))
    if not isinstance(content, dict):
        return set()
    names = {content["Ref"]} if "Ref" in content else set()
    return names.union(re.findall(r"\$\{(\w+)\}", str(content.get("Fn::Sub"))), *map(named, content.values()))


def longest(parameter: dict[str, Any]) -> int:
    """The characters of the longest value that a parameter takes."""
    if "AllowedValues" in parameter:
        return max(len(str(value)) for value in parameter["AllowedValues"])
    return int(parameter["MaxLength"]) if "MaxLength" in parameter else len(str(parameter["MaxValue"]))


@EACH_FUNCTION
def test_a_function_has_its_routes_its_log_the_secret_and_rights_on_its_own_queues_alone(function: str) -> None:
    assert properties(function) == expected(function) | {
        "VersionDescription": properties(function)["VersionDescription"]
    }


def test_an_action_that_sends_has_a_right_on_the_record_of_sends_and_no_other_action_has() -> None:
    verbs = [f"dynamodb:{verb}Item" for verb in ("Get", "Put", "Update", "Delete")]
    sends = [resource_name(action) for action in ACTIONS if load_action(action).is_send]
    keys = {f"{resource_name(name)}KmsPolicy" for name in FUNCTIONS}
    assert of_type("AWS::IAM::Policy") == {f"{name}RecordPolicy" for name in sends} | keys
    for name in sends:
        assert RESOURCES[f"{name}RecordPolicy"]["Properties"] == {
            "PolicyName": "record-of-sends",
            "Roles": [{"Ref": f"{name}FunctionRole"}],
            "PolicyDocument": {"Version": "2012-10-17", "Statement": [allow(verbs, arn("SendsTable"))]},
        }


def test_there_is_a_function_for_each_action_the_webhook_and_requests_and_no_other() -> None:
    assert set(FUNCTIONS) == {*ACTIONS, WEBHOOK, *ASKED}
    assert of_type("AWS::Serverless::Function") == {f"{resource_name(name)}Function" for name in FUNCTIONS}


def test_a_log_group_is_the_functions_own_and_forgets() -> None:
    logs = {f"{resource_name(name)}LogGroup" for name in FUNCTIONS}
    assert of_type("AWS::Logs::LogGroup") == logs | {"AccessLogGroup"}
    for name in FUNCTIONS:
        log = {"LogGroupName": sub(f"/aws/lambda/${{AWS::StackName}}-{name}")}
        kept = {"RetentionInDays": {"Ref": "LogRetentionDays"}, "KmsKeyId": OWN_KEY}
        assert properties(name, "LogGroup") == log | kept


def test_no_handler_is_looked_for_in_a_package_of_the_layer() -> None:
    # Python takes the layer's package, which has an __init__.py, though the function's folder comes before it.
    assert not [name for name in FUNCTIONS if (PROJECT / "layers/shared" / name).exists()]


def test_no_other_route_is_left_to_iam_and_nothing_creates_a_data_field_unless_the_stack_says_so() -> None:
    assert "Auth" not in RESOURCES["ActionsApi"]["Properties"]
    assert PARAMETERS["CatalogMayCreateDataFields"]["Default"] == "false"


def test_snap_start_is_off_unless_asked_for() -> None:
    parameter = PARAMETERS["SnapStart"]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("None", ["None", "PublishedVersions"])
    assert SHARED["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}


def test_each_function_has_a_version_of_all_that_it_is_and_the_one_before_goes() -> None:
    assert (SHARED["AutoPublishAlias"], SHARED["AutoPublishAliasAllProperties"]) == ("live", True)
    assert SHARED["VersionDeletionPolicy"] == "Delete"
    assert TEMPLATE["Globals"]["LayerVersion"] == {"PublishLambdaVersion": True}


@EACH_FUNCTION
def test_a_version_is_described_with_the_parameters_that_the_function_has_and_no_other(function: str) -> None:
    # With another one, a version would be asked for of a function that has not changed, which Lambda refuses.
    own = properties(function)
    of_lambda = {name: value for name, value in (SHARED | own).items() if name not in NOT_LAMBDAS}
    of_lambda["Environment"] = [SHARED["Environment"], own.get("Environment")]
    assert named(own["VersionDescription"]) == named(of_lambda) & set(PARAMETERS)
    text = re.sub(r"\$\{(\w+)\}", lambda name: "x" * longest(PARAMETERS[name[1]]), own["VersionDescription"]["Fn::Sub"])
    assert len(text) <= LONGEST_DESCRIPTION
    assert NOT_WITH_SNAP_START & (SHARED.keys() | own.keys()) == set()


def test_nothing_in_the_stack_calls_a_function_past_its_alias() -> None:
    functions = {f"{resource_name(function)}Function" for function in FUNCTIONS}
    alarms = of_type("AWS::CloudWatch::Alarm")
    past = {name: named(resource) & functions for name, resource in RESOURCES.items() if name not in alarms}
    assert {name: names for name, names in past.items() if names} == {}
