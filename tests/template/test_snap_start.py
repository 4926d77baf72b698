"""template.yaml: SnapStart, and the versions of the functions that it is for.

SAM makes another version of a function when its code, a layer or another property changes, but not when a parameter in
one has another value (https://github.com/aws/serverless-application-model/issues/3820). CloudFormation does, where the
version's description has the value.
"""

import re
from typing import Any

import pytest

from dev.expand import read_template
from tests.template.project import FUNCTIONS, resource_name

TEMPLATE = read_template()
PARAMETERS = TEMPLATE["Parameters"]
RESOURCES = TEMPLATE["Resources"]
SHARED = TEMPLATE["Globals"]["Function"]
LONGEST_DESCRIPTION = 256
NOT_LAMBDAS = {"Events", "Policies", "VersionDescription"}
REFUSED = {"ProvisionedConcurrencyConfig", "FileSystemConfigs", "EphemeralStorage"}


def _properties(function: str) -> dict[str, Any]:
    properties: dict[str, Any] = RESOURCES[f"{resource_name(function)}Function"]["Properties"]
    return properties


def _description(function: str) -> str:
    text: str = _properties(function)["VersionDescription"]["Fn::Sub"]
    return text


def _named(content: Any) -> set[str]:
    """All names that are referred to."""
    if isinstance(content, list):
        return set().union(*map(_named, content))
    if not isinstance(content, dict):
        return set()
    named = {content["Ref"]} if "Ref" in content else set()
    return named.union(re.findall(r"\$\{(\w+)\}", str(content.get("Fn::Sub"))), *map(_named, content.values()))


def _longest(parameter: dict[str, Any]) -> int:
    """The characters of the longest value that a parameter takes."""
    if "AllowedValues" in parameter:
        return max(len(str(value)) for value in parameter["AllowedValues"])
    return int(parameter["MaxLength"]) if "MaxLength" in parameter else len(str(parameter["MaxValue"]))


def test_snap_start_is_off_unless_asked_for() -> None:
    parameter = PARAMETERS["SnapStart"]
    assert (parameter["Default"], parameter["AllowedValues"]) == ("None", ["None", "PublishedVersions"])
    assert SHARED["SnapStart"] == {"ApplyOn": {"Ref": "SnapStart"}}


def test_each_function_has_a_version_of_all_that_it_is_and_the_one_before_goes() -> None:
    assert (SHARED["AutoPublishAlias"], SHARED["AutoPublishAliasAllProperties"]) == ("live", True)
    assert SHARED["VersionDeletionPolicy"] == "Delete"
    assert TEMPLATE["Globals"]["LayerVersion"] == {"PublishLambdaVersion": True}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_version_is_described_with_the_parameters_that_the_function_has_and_no_other(function: str) -> None:
    # With another one, a version would be asked for of a function that has not changed, which Lambda refuses.
    of_lambda = {name: value for name, value in (SHARED | _properties(function)).items() if name not in NOT_LAMBDAS}
    of_lambda["Environment"] = [SHARED["Environment"], _properties(function).get("Environment")]
    assert _named(_properties(function)["VersionDescription"]) == _named(of_lambda) & set(PARAMETERS)


@pytest.mark.parametrize("function", FUNCTIONS)
def test_no_description_of_a_version_is_too_long(function: str) -> None:
    text = re.sub(r"\$\{(\w+)\}", lambda name: "x" * _longest(PARAMETERS[name[1]]), _description(function))
    assert len(text) <= LONGEST_DESCRIPTION


def test_nothing_in_the_stack_calls_a_function_past_its_alias() -> None:
    functions = {f"{resource_name(function)}Function" for function in FUNCTIONS}
    past = {name: _named(resource) & functions for name, resource in RESOURCES.items()}
    assert {name: names for name, names in past.items() if names} == {}


@pytest.mark.parametrize("function", FUNCTIONS)
def test_a_function_has_nothing_that_snap_start_does_not_take(function: str) -> None:
    assert REFUSED & (SHARED.keys() | _properties(function).keys()) == set()
