"""The options of the template as SAM translates it: each is off by default, and makes what it says where it is set."""

import json
import re
from collections.abc import Callable
from graphlib import TopologicalSorter
from typing import Any

import pytest

from tests.support.cloudformation import Stack
from tests.template.project import FUNCTIONS, QUEUES, resource_name

pytestmark = pytest.mark.sam
type Translate = Callable[..., dict[str, Any]]
WEB_ACL = "arn:aws:wafv2:eu-west-1:123456789012:regional/webacl/edge/1"
KEY = "arn:aws:kms:eu-west-1:123456789012:key/1"
CERTIFICATE = "arn:aws:acm:eu-west-1:123456789012:certificate/1"
CANARY = "Canary10Percent5Minutes"
STAGE = "<ActionsApiStage>"
OPTIONAL = (
    *("AWS::WAFv2::WebACLAssociation", "AWS::ApiGateway::DomainName", "AWS::ApiGateway::BasePathMapping"),
    *("AWS::Route53::RecordSet", "AWS::CodeDeploy::Application", "AWS::CodeDeploy::DeploymentGroup"),
)


@pytest.fixture
def made(translated: Translate) -> Callable[..., Stack]:
    return lambda **parameters: Stack(translated(**parameters), **parameters)


@pytest.fixture
def default(made: Callable[..., Stack]) -> Stack:
    return made()


def _outputs(stack: Stack, template: dict[str, Any]) -> dict[str, str]:
    return {
        name: stack.resolve(output["Value"])
        for name, output in template["Outputs"].items()
        if stack.holds(output.get("Condition"))
    }


def test_every_option_is_off_by_default(default: Stack) -> None:
    assert [kind for kind in OPTIONAL if default.resources(kind)] == []
    (stage,) = default.resources("AWS::ApiGateway::Stage").values()
    assert "AccessLogSetting" not in stage
    assert "AccessLogGroup" not in default.resources("AWS::Logs::LogGroup")
    assert [name for name in default.resources("AWS::IAM::Policy") if "Kms" in name] == []
    kept = [
        default.resources(f"AWS::{kind}") for kind in ("Logs::LogGroup", "SecretsManager::Secret", "DynamoDB::Table")
    ]
    assert re.findall(r"K[Mm][Ss]\w*Key\w*", str(kept)) == []
    assert {queue["SqsManagedSseEnabled"] for queue in default.resources("AWS::SQS::Queue").values()} == {True}


def test_a_web_acl_is_put_before_the_stage(made: Callable[..., Stack]) -> None:
    stack = made(WebAclArn=WEB_ACL)
    assert stack.resources("AWS::WAFv2::WebACLAssociation") == {
        "WebAclAssociation": {
            "ResourceArn": f"arn:aws:apigateway:eu-west-1::/restapis/<ActionsApi>/stages/{STAGE}",
            "WebACLArn": WEB_ACL,
        }
    }


def test_access_logs_hold_no_body_no_query_and_no_address(made: Callable[..., Stack]) -> None:
    stack = made(AccessLogs="true")
    (stage,) = stack.resources("AWS::ApiGateway::Stage").values()
    group = "arn:aws:logs:eu-west-1:123456789012:log-group:/aws/apigateway/segment-dotdigital"
    assert stage["AccessLogSetting"]["DestinationArn"] == group
    entry = json.loads(stage["AccessLogSetting"]["Format"])
    assert set(entry.values()) == {
        f"$context.{name}"
        for name in (
            *("requestId", "requestTime", "httpMethod", "resourcePath", "status", "responseLength", "responseLatency"),
            "integration.status",
        )
    }
    assert stack.resources("AWS::Logs::LogGroup")["AccessLogGroup"] == {
        "LogGroupName": "/aws/apigateway/segment-dotdigital",
        "RetentionInDays": 30,
    }


def test_a_key_of_ones_own_encrypts_all_that_is_kept_and_each_function_may_use_it(made: Callable[..., Stack]) -> None:
    stack = made(KmsKeyArn=KEY, AccessLogs="true")
    queues = stack.resources("AWS::SQS::Queue").values()
    keys = [(queue["SqsManagedSseEnabled"], queue["KmsMasterKeyId"]) for queue in queues]
    assert keys == [(False, KEY)] * 2 * len(QUEUES)
    (table,) = stack.resources("AWS::DynamoDB::Table").values()
    assert table["SSESpecification"] == {"SSEEnabled": True, "SSEType": "KMS", "KMSMasterKeyId": KEY}
    kept = [*stack.resources("AWS::Logs::LogGroup").values(), *stack.resources("AWS::SecretsManager::Secret").values()]
    assert [each["KmsKeyId"] for each in kept] == [KEY] * (len(FUNCTIONS) + 2)
    rights = {
        policy["Roles"][0]: policy["PolicyDocument"]["Statement"]
        for name, policy in stack.resources("AWS::IAM::Policy").items()
        if name.endswith("KmsPolicy")
    }
    use = {"Effect": "Allow", "Action": ["kms:Decrypt", "kms:GenerateDataKey", "kms:DescribeKey"], "Resource": KEY}
    assert rights == {f"<{resource_name(name)}FunctionRole>": [use] for name in FUNCTIONS}


def test_a_new_version_takes_over_step_by_step_and_goes_back_when_an_alarm_rings(translated: Translate) -> None:
    template = translated(DeploymentPreference=CANARY)
    stack = Stack(template, DeploymentPreference=CANARY)
    groups = stack.resources("AWS::CodeDeploy::DeploymentGroup")
    assert groups.keys() == {f"{resource_name(name)}FunctionDeploymentGroup" for name in FUNCTIONS}
    for name in map(resource_name, FUNCTIONS):
        group = groups[f"{name}FunctionDeploymentGroup"]
        assert group["DeploymentConfigName"] == f"CodeDeployDefault.Lambda{CANARY}"
        alarms = (f"<{name}ErrorsAlarm>", f"<{name}ThrottlesAlarm>", "<ApiErrorsAlarm>")
        assert group["AlarmConfiguration"] == {"Enabled": True, "Alarms": [{"Name": alarm} for alarm in alarms]}
        assert "DEPLOYMENT_STOP_ON_ALARM" in group["AutoRollbackConfiguration"]["Events"]
        update = template["Resources"][f"{name}FunctionAliaslive"]["UpdatePolicy"]["CodeDeployLambdaAliasUpdate"]
        assert update["DeploymentGroupName"] == {"Ref": f"{name}FunctionDeploymentGroup"}


@pytest.mark.parametrize("parameters", [{}, {"DeploymentPreference": CANARY}])
def test_no_resource_waits_for_itself(translated: Translate, parameters: dict[str, str]) -> None:
    resources = translated(**parameters)["Resources"]

    def needed(content: Any) -> set[str]:
        text = json.dumps(content)
        names = re.findall(r'"Ref": "(\w+)"', text) + re.findall(r'"Fn::GetAtt": (?:\[)?"(\w+)', text)
        return {name for name in names + re.findall(r"\$\{(\w+)[.}]", text) if name in resources}

    order = TopologicalSorter({name: needed(resource) - {name} for name, resource in resources.items()}).static_order()
    assert set(order) == resources.keys()
    assert len(resources) <= 500


@pytest.mark.parametrize("zone", ["", "Z123"])
def test_a_domain_of_ones_own_is_the_address_of_the_api(translated: Translate, zone: str) -> None:
    parameters = {"DomainName": "events.example.com", "CertificateArn": CERTIFICATE, "HostedZoneId": zone}
    template = translated(**parameters)
    stack = Stack(template, **parameters)
    assert stack.resources("AWS::ApiGateway::DomainName") == {
        "ApiDomain": {
            "DomainName": "events.example.com",
            "RegionalCertificateArn": CERTIFICATE,
            "EndpointConfiguration": {"Types": ["REGIONAL"]},
            "SecurityPolicy": "TLS_1_2",
        }
    }
    assert stack.resources("AWS::ApiGateway::BasePathMapping") == {
        "ApiDomainMapping": {"DomainName": "<ApiDomain>", "RestApiId": "<ActionsApi>", "Stage": STAGE}
    }
    target = {"DNSName": "<ApiDomain.RegionalDomainName>", "HostedZoneId": "<ApiDomain.RegionalHostedZoneId>"}
    record = {"HostedZoneId": zone, "Name": "events.example.com", "Type": "A", "AliasTarget": target}
    assert stack.resources("AWS::Route53::RecordSet") == ({"ApiDomainRecord": record} if zone else {})
    outputs = _outputs(stack, template)
    assert [outputs[name] for name in ("SegmentUrl", "ApiUrl", "AudiencesUrl", "DomainTarget")] == [
        "https://events.example.com/segment",
        "https://events.example.com",
        "https://events.example.com/audiences",
        "<ApiDomain.RegionalDomainName>",
    ]


def test_without_a_domain_the_api_has_api_gateways_address(translated: Translate) -> None:
    template = translated()
    outputs = _outputs(Stack(template), template)
    assert outputs["SegmentUrl"] == "https://<ActionsApi>.execute-api.eu-west-1.amazonaws.com/live/segment"
    assert "DomainTarget" not in outputs


def test_the_apis_metrics_have_the_name_of_the_stack_which_its_alarm_watches(default: Stack) -> None:
    (api,) = default.resources("AWS::ApiGateway::RestApi").values()
    (stage,) = default.resources("AWS::ApiGateway::Stage").values()
    alarm = default.resources("AWS::CloudWatch::Alarm")["ApiErrorsAlarm"]
    watched = {each["Name"]: each["Value"] for each in alarm["Dimensions"]}
    assert watched == {"ApiName": api["Body"]["info"]["title"], "Stage": stage["StageName"]}
