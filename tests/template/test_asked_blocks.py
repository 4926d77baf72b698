"""template.yaml: the functions that take questions have the secret alone, and the catalog answers to IAM alone."""

from typing import Any

from dev.expand import read_template
from tests.template.project import ROOT, VERSION

TEMPLATE = read_template()
RESOURCES = TEMPLATE["Resources"]
FOR_IAM = {"Auth": {"Authorizer": "AWS_IAM", "InvokeRole": "NONE"}}


def _function(name: str, resource: str, events: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "FunctionName": {"Fn::Sub": f"${{AWS::StackName}}-{name}"},
            "CodeUri": "functions/",
            "Handler": f"{name}.app.handler",
            "VersionDescription": {"Fn::Sub": VERSION},
            "Timeout": 30,
            "Policies": [{"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": {"Ref": "DotdigitalSecret"}}}],
            "LoggingConfig": {"LogGroup": {"Ref": f"{resource}LogGroup"}},
            "Events": events,
            **more,
        },
    }


def _route(path: str, method: str, **more: Any) -> dict[str, Any]:
    return {"Type": "Api", "Properties": {"RestApiId": {"Ref": "ActionsApi"}, "Path": path, "Method": method, **more}}


def test_audiences_are_found_and_made_by_signed_requests() -> None:
    events = {"Create": _route("/audiences", "post"), "Find": _route("/audiences/{id}", "get")}
    assert RESOURCES["AudiencesFunction"] == _function("audiences", "Audiences", events)


def test_the_catalog_is_read_by_requests_that_iam_lets_in() -> None:
    events = {
        method: _route("/catalog/{listing}", verb, **FOR_IAM) for method, verb in (("Read", "get"), ("Create", "post"))
    }
    variables = {"CATALOG_MAY_CREATE_DATA_FIELDS": {"Ref": "CatalogMayCreateDataFields"}}
    version = {"Fn::Sub": f"{VERSION} ${{CatalogMayCreateDataFields}}"}
    more = {"Environment": {"Variables": variables}, "VersionDescription": version}
    assert RESOURCES["CatalogFunction"] == _function("catalog", "Catalog", events, **more)


def test_no_handler_is_looked_for_in_a_package_of_the_layer() -> None:
    # Python takes the layer's package, which has an __init__.py, though the function's folder comes before it.
    handlers = [each["Properties"]["Handler"] for each in RESOURCES.values() if "Handler" in each["Properties"]]
    modules = {handler.partition(".")[0] for handler in handlers}
    assert {"send_sms", "segment_webhook", "catalog"} <= modules
    assert not [module for module in modules if (ROOT / "layers/shared" / module).exists()]


def test_no_other_route_is_left_to_iam() -> None:
    signed = [
        name
        for name, resource in RESOURCES.items()
        for event in resource.get("Properties", {}).get("Events", {}).values()
        if "Auth" in event["Properties"]
    ]
    assert set(signed) == {"CatalogFunction"}
    assert "Auth" not in RESOURCES["ActionsApi"]["Properties"]


def test_nothing_creates_a_data_field_unless_the_stack_says_so() -> None:
    assert TEMPLATE["Parameters"]["CatalogMayCreateDataFields"]["Default"] == "false"
