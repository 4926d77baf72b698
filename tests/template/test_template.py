"""template.yaml: what all functions share, and what there is beside functions, queues and alarms."""

import json

import pytest

from tests.support.aws import SENDS_SCHEMA
from tests.support.functions import ACTIONS
from tests.template.project import OWN_KEY, RESOURCES, TEMPLATE, of_type, resource_name, sub

PARAMETERS = TEMPLATE["Parameters"]
NO_SUCH_ROUTE = (
    "No such route: POST events to /segment, or one event to /actions/<action>; requests to /catalog are signed for IAM"
)


def test_there_is_no_other_kind_of_resource_above_all_none_that_gives_rights() -> None:
    kinds = {resource["Type"].removeprefix("AWS::") for resource in RESOURCES.values()}
    serverless = {f"Serverless::{kind}" for kind in ("Api", "Function", "LayerVersion")}
    watching = {"CloudWatch::Alarm", "CloudWatch::Dashboard", "Logs::LogGroup"}
    flow = {"Events::Rule", "Lambda::EventSourceMapping", "SQS::Queue", "SQS::QueuePolicy"}
    domain = {"ApiGateway::BasePathMapping", "ApiGateway::DomainName", "Route53::RecordSet", "WAFv2::WebACLAssociation"}
    kept = {"DynamoDB::Table", "IAM::Policy", "SecretsManager::Secret"}
    assert kinds == serverless | watching | flow | domain | kept


def test_the_secret_has_no_value_here_and_outlives_the_stack_but_for_one_that_could_not_be_made() -> None:
    secret = RESOURCES["DotdigitalSecret"]
    assert set(secret["Properties"]) == {"Description", "KmsKeyId"}
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
            "SSESpecification": {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": OWN_KEY},
            "PointInTimeRecoverySpecification": {"PointInTimeRecoveryEnabled": True},
        },
    }


def test_what_all_functions_share_is_said_once() -> None:
    shared = TEMPLATE["Globals"]["Function"]
    assert (shared["Runtime"], shared["Tracing"]) == ("python3.13", {"Ref": "Tracing"})
    assert shared["Layers"] == [{"Ref": f"{name}Layer"} for name in ("Dependencies", "Shared", "Subscriptions")]
    references = {
        "DOTDIGITAL_SECRET_ID": "DotdigitalSecret",
        "DOTDIGITAL_BASE_URL": "DotdigitalBaseUrl",
        "SEGMENT_SOURCE_PREFIX": "SegmentSourcePrefix",
        "ALLOW_PAYLOADS": "AllowPayloads",
        "SENDS_TABLE": "SendsTable",
        "SENDS_KEPT_DAYS": "SendsKeptDays",
        "RETRY_FOR_HOURS": "RetryForHours",
        "POWERTOOLS_SERVICE_NAME": "AWS::StackName",
        "POWERTOOLS_LOG_LEVEL": "LogLevel",
    }
    assert shared["Environment"]["Variables"] == {name: {"Ref": each} for name, each in references.items()} | {
        "QUEUE_PREFIX": sub("${AWS::StackName}-"),
        "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
    }


def test_layers_are_built_but_for_the_subscriptions_whose_file_lands_in_opt_as_it_is() -> None:
    found = {name: RESOURCES[name] for name in of_type("AWS::Serverless::LayerVersion")}
    said = {
        name: (each["Properties"]["LayerName"], each["Properties"]["ContentUri"], each.get("Metadata"))
        for name, each in found.items()
    }
    built = {"BuildMethod": "makefile"}
    assert said == {
        f"{name.capitalize()}Layer": (sub(f"${{AWS::StackName}}-{name}"), f"layers/{name}/", metadata)
        for name, metadata in (("dependencies", built), ("shared", built), ("subscriptions", None))
    }


def test_an_unknown_route_is_404_with_a_message() -> None:
    templates = {"application/json": json.dumps({"message": NO_SUCH_ROUTE})}
    assert RESOURCES["ActionsApi"]["Properties"]["GatewayResponses"] == {
        "MISSING_AUTHENTICATION_TOKEN": {"StatusCode": 404, "ResponseTemplates": templates}
    }


def test_tracing_is_off_unless_asked_for() -> None:
    assert PARAMETERS["Tracing"]["Default"] == "Disabled"
    assert TEMPLATE["Conditions"]["IsTraced"] == {"Fn::Equals": [{"Ref": "Tracing"}, "Active"]}
    assert RESOURCES["ActionsApi"]["Properties"]["TracingEnabled"] == {"Fn::If": ["IsTraced", True, False]}


def test_an_event_brings_no_payload_unless_the_stack_says_so() -> None:
    parameter = PARAMETERS["AllowPayloads"]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("false", ["true", "false"])


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_says_what_it_is_for_works_unset_and_is_bounded(name: str) -> None:
    assert PARAMETERS[name]["Description"]
    assert "Default" in PARAMETERS[name]
    assert {"AllowedValues", "AllowedPattern", "MinValue"} & set(PARAMETERS[name])


def test_each_functions_name_is_an_output_beside_the_api_and_the_secret() -> None:
    outputs = {name: output["Value"] for name, output in TEMPLATE["Outputs"].items()}
    functions = {f"{name}FunctionName": {"Ref": f"{name}Function"} for name in map(resource_name, ACTIONS)}
    api = "https://${ActionsApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${StageName}"
    urls = {"SegmentUrl": "/segment", "ApiUrl": "", "AudiencesUrl": "/audiences"}
    assert next(iter(outputs)) == "SegmentUrl"
    assert outputs == functions | {
        **{
            name: {"Fn::If": ["HasDomain", sub(f"https://${{DomainName}}{path}"), sub(api + path)]}
            for name, path in urls.items()
        },
        "DomainTarget": {"Fn::GetAtt": "ApiDomain.RegionalDomainName"},
        "ApiId": {"Ref": "ActionsApi"},
        "SecretArn": {"Ref": "DotdigitalSecret"},
        "CatalogFunctionName": {"Ref": "CatalogFunction"},
    }
