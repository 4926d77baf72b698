"""template.yaml: each action is one function of the same form, with the least that it needs."""

import pytest

from tests.template.project import ACTIONS, read_template, resource_name

TEMPLATE = read_template()
RESOURCES = TEMPLATE["Resources"]


def _of_type(kind: str) -> set[str]:
    return {name for name, resource in RESOURCES.items() if resource["Type"] == kind}


@pytest.mark.parametrize("action", ACTIONS)
def test_an_action_is_one_function_with_its_route_its_rules_its_log_and_its_secret(action: str) -> None:
    assert RESOURCES[f"{resource_name(action)}Function"] == {
        "Type": "AWS::Serverless::Function",
        "Properties": {
            "FunctionName": {"Fn::Sub": f"${{AWS::StackName}}-{action}"},
            "CodeUri": f"functions/{action}/",
            "Policies": [{"AWSSecretsManagerGetSecretValuePolicy": {"SecretArn": {"Ref": "DotdigitalSecret"}}}],
            "LoggingConfig": {"LogGroup": {"Ref": f"{resource_name(action)}LogGroup"}},
            "Events": {
                "Route": {
                    "Type": "Api",
                    "Properties": {
                        "RestApiId": {"Ref": "ActionsApi"},
                        "Path": f"/actions/{action.replace('_', '-')}",
                        "Method": "post",
                    },
                },
                "Event": {
                    "Type": "EventBridgeRule",
                    "Properties": {
                        "EventBusName": {"Ref": "EventBusName"},
                        "Pattern": {
                            "source": [{"anything-but": {"prefix": "aws.partner/segment.com/"}}],
                            "detail-type": [action],
                        },
                    },
                },
                "SegmentEvent": {
                    "Type": "EventBridgeRule",
                    "Properties": {
                        "EventBusName": {"Ref": "SegmentEventBusName"},
                        "Pattern": {"source": [{"prefix": "aws.partner/segment.com/"}]},
                    },
                },
            },
        },
    }


@pytest.mark.parametrize("action", ACTIONS)
def test_a_log_group_is_the_functions_own_and_forgets(action: str) -> None:
    assert RESOURCES[f"{resource_name(action)}LogGroup"] == {
        "Type": "AWS::Logs::LogGroup",
        "Properties": {
            "LogGroupName": {"Fn::Sub": f"/aws/lambda/${{AWS::StackName}}-{action}"},
            "RetentionInDays": {"Ref": "LogRetentionDays"},
        },
    }


def test_there_is_a_function_for_each_folder_and_no_other() -> None:
    assert _of_type("AWS::Serverless::Function") == {f"{resource_name(action)}Function" for action in ACTIONS}


def test_no_right_is_given_beside_the_functions_policies() -> None:
    kinds = {resource["Type"] for resource in RESOURCES.values()}
    assert kinds == {
        "AWS::Logs::LogGroup",
        "AWS::SecretsManager::Secret",
        "AWS::Serverless::Api",
        "AWS::Serverless::Function",
        "AWS::Serverless::LayerVersion",
    }


def test_the_secret_has_no_value_here_and_outlives_the_stack() -> None:
    secret = RESOURCES["DotdigitalSecret"]
    assert set(secret["Properties"]) == {"Description"}
    assert (secret["DeletionPolicy"], secret["UpdateReplacePolicy"]) == ("Retain", "Retain")


def test_what_all_functions_share_is_said_once() -> None:
    shared = TEMPLATE["Globals"]["Function"]
    assert shared["Handler"] == "app.handler"
    assert shared["Runtime"] == "python3.13"
    assert shared["Layers"] == [{"Ref": "DependenciesLayer"}, {"Ref": "SharedLayer"}, {"Ref": "SubscriptionsLayer"}]
    assert shared["Tracing"] == {"Ref": "Tracing"}


def test_layers_are_built_but_for_the_subscriptions_whose_file_lands_in_opt_as_it_is() -> None:
    layers = {name: RESOURCES[name] for name in _of_type("AWS::Serverless::LayerVersion")}
    assert {name: layer["Properties"]["ContentUri"] for name, layer in layers.items()} == {
        "DependenciesLayer": "layers/dependencies/",
        "SharedLayer": "layers/shared/",
        "SubscriptionsLayer": "layers/subscriptions/",
    }
    built = {name: layer["Metadata"]["BuildMethod"] for name, layer in layers.items() if "Metadata" in layer}
    assert built == {"DependenciesLayer": "python3.13", "SharedLayer": "python3.13"}


def test_an_unknown_route_is_404_with_a_message() -> None:
    responses = RESOURCES["ActionsApi"]["Properties"]["GatewayResponses"]
    assert responses == {
        "MISSING_AUTHENTICATION_TOKEN": {
            "StatusCode": 404,
            "ResponseTemplates": {
                "application/json": '{"message": "No such route: POST an event to /actions/<action>"}'
            },
        }
    }


def test_tracing_is_off_unless_asked_for() -> None:
    assert TEMPLATE["Parameters"]["Tracing"]["Default"] == "Disabled"
    assert TEMPLATE["Conditions"] == {"IsTraced": {"Fn::Equals": [{"Ref": "Tracing"}, "Active"]}}
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
    assert outputs == functions | {
        "ApiUrl": {"Fn::Sub": "https://${ActionsApi}.execute-api.${AWS::Region}.${AWS::URLSuffix}/${StageName}"},
        "ApiId": {"Ref": "ActionsApi"},
        "SecretArn": {"Ref": "DotdigitalSecret"},
    }
