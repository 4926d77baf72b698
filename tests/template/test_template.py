"""template.yaml: what all functions share."""

import json

import pytest

from dev.expand import read_template
from tests.support.aws import SENDS_SCHEMA
from tests.template.project import ACTIONS, ASKED, WEBHOOK, resource_name

TEMPLATE = read_template()
RESOURCES = TEMPLATE["Resources"]
NO_SUCH_ROUTE = (
    "No such route: POST events to /segment, or one event to /actions/<action>; requests to /catalog are signed for IAM"
)


def _of_type(kind: str) -> set[str]:
    return {name for name, resource in RESOURCES.items() if resource["Type"] == kind}


def test_there_is_a_function_for_each_action_the_webhook_and_questions_and_no_other() -> None:
    names = {f"{resource_name(name)}Function" for name in (*ACTIONS, WEBHOOK, *ASKED)}
    assert _of_type("AWS::Serverless::Function") == names


def test_no_right_is_given_beside_the_functions_policies_and_eventbridges_queue_policy() -> None:
    kinds = {resource["Type"] for resource in RESOURCES.values()}
    assert _of_type("AWS::SQS::QueuePolicy") == {"EventBridgeQueuePolicy"}
    assert kinds == {
        "AWS::CloudWatch::Alarm",
        "AWS::CloudWatch::Dashboard",
        "AWS::DynamoDB::Table",
        "AWS::Events::Rule",
        "AWS::IAM::Policy",
        "AWS::Lambda::EventSourceMapping",
        "AWS::Logs::LogGroup",
        "AWS::SQS::Queue",
        "AWS::SQS::QueuePolicy",
        "AWS::SecretsManager::Secret",
        "AWS::Serverless::Api",
        "AWS::Serverless::Function",
        "AWS::Serverless::LayerVersion",
    }


def test_the_secret_has_no_value_here_and_outlives_the_stack_but_for_one_that_could_not_be_made() -> None:
    secret = RESOURCES["DotdigitalSecret"]
    assert set(secret["Properties"]) == {"Description"}
    assert (secret["DeletionPolicy"], secret["UpdateReplacePolicy"]) == ("RetainExceptOnCreate", "Retain")


def test_the_record_of_sends_forgets_is_encrypted_and_goes_with_its_stack() -> None:
    assert RESOURCES["SendsTable"] == {
        "Type": "AWS::DynamoDB::Table",
        "DeletionPolicy": "Delete",
        "UpdateReplacePolicy": "Delete",
        "Properties": {
            "BillingMode": "PAY_PER_REQUEST",
            **SENDS_SCHEMA,
            "TimeToLiveSpecification": {"AttributeName": "expiration", "Enabled": True},
            "SSESpecification": {"SSEEnabled": True},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    }


def test_what_all_functions_share_is_said_once() -> None:
    shared = TEMPLATE["Globals"]["Function"]
    assert shared["Runtime"] == "python3.13"
    assert shared["Layers"] == [{"Ref": "DependenciesLayer"}, {"Ref": "SharedLayer"}, {"Ref": "SubscriptionsLayer"}]
    assert shared["Tracing"] == {"Ref": "Tracing"}
    assert shared["Environment"]["Variables"] == {
        "DOTDIGITAL_SECRET_ID": {"Ref": "DotdigitalSecret"},
        "DOTDIGITAL_BASE_URL": {"Ref": "DotdigitalBaseUrl"},
        "SEGMENT_SOURCE_PREFIX": {"Ref": "SegmentSourcePrefix"},
        "ALLOW_PAYLOADS": {"Ref": "AllowPayloads"},
        "QUEUE_PREFIX": {"Fn::Sub": "${AWS::StackName}-"},
        "SENDS_TABLE": {"Ref": "SendsTable"},
        "SENDS_KEPT_DAYS": {"Ref": "SendsKeptDays"},
        "RETRY_FOR_HOURS": {"Ref": "RetryForHours"},
        "POWERTOOLS_SERVICE_NAME": {"Ref": "AWS::StackName"},
        "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
        "POWERTOOLS_LOG_LEVEL": {"Ref": "LogLevel"},
    }


def test_layers_are_built_but_for_the_subscriptions_whose_file_lands_in_opt_as_it_is() -> None:
    layers = {name: RESOURCES[name] for name in _of_type("AWS::Serverless::LayerVersion")}
    assert {name: layer["Properties"]["ContentUri"] for name, layer in layers.items()} == {
        "DependenciesLayer": "layers/dependencies/",
        "SharedLayer": "layers/shared/",
        "SubscriptionsLayer": "layers/subscriptions/",
    }
    names = {layer["Properties"]["LayerName"]["Fn::Sub"] for layer in layers.values()}
    assert names == {f"${{AWS::StackName}}-{name}" for name in ("dependencies", "shared", "subscriptions")}
    built = {name: layer["Metadata"]["BuildMethod"] for name, layer in layers.items() if "Metadata" in layer}
    assert built == {"DependenciesLayer": "makefile", "SharedLayer": "makefile"}


def test_an_unknown_route_is_404_with_a_message() -> None:
    responses = RESOURCES["ActionsApi"]["Properties"]["GatewayResponses"]
    assert responses == {
        "MISSING_AUTHENTICATION_TOKEN": {
            "StatusCode": 404,
            "ResponseTemplates": {"application/json": json.dumps({"message": NO_SUCH_ROUTE})},
        }
    }


def test_tracing_is_off_unless_asked_for() -> None:
    assert TEMPLATE["Parameters"]["Tracing"]["Default"] == "Disabled"
    assert TEMPLATE["Conditions"]["IsTraced"] == {"Fn::Equals": [{"Ref": "Tracing"}, "Active"]}
    assert RESOURCES["ActionsApi"]["Properties"]["TracingEnabled"] == {"Fn::If": ["IsTraced", True, False]}


@pytest.mark.parametrize("name", TEMPLATE["Parameters"])
def test_a_parameter_says_what_it_is_for_works_unset_and_is_bounded(name: str) -> None:
    parameter = TEMPLATE["Parameters"][name]
    assert parameter["Description"]
    assert "Default" in parameter
    assert {"AllowedValues", "AllowedPattern", "MinValue"} & set(parameter)


def test_each_functions_name_is_an_output_beside_the_api_and_the_secret() -> None:
    outputs = {name: output["Value"] for name, output in TEMPLATE["Outputs"].items()}
    functions = {f"{resource_name(a)}FunctionName": {"Ref": f"{resource_name(a)}Function"} for a in ACTIONS}
    api = "https://${ActionsApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${StageName}"
    assert next(iter(outputs)) == "SegmentUrl"
    assert outputs == functions | {
        "SegmentUrl": {"Fn::Sub": f"{api}/segment"},
        "ApiUrl": {"Fn::Sub": api},
        "ApiId": {"Ref": "ActionsApi"},
        "SecretArn": {"Ref": "DotdigitalSecret"},
        "AudiencesUrl": {"Fn::Sub": f"{api}/audiences"},
        "CatalogFunctionName": {"Ref": "CatalogFunction"},
    }
