"""What `make deploy` does beside `sam build` and `sam deploy`: it checks the stack's name, and protects production.

The environments are those of samconfig.toml; `dev` is its [default].
"""

import re
import sys
import tomllib
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Final

import boto3
import typer
from botocore.exceptions import BotoCoreError, ClientError

from dev import PROJECT
from dev.expand import read_template

_LIMITS: Final = {"FunctionName": 64, "QueueName": 80, "LayerName": 140, "DashboardName": 255, "LogGroupName": 512}
"""The most characters of each name that begins with the stack's, by its property in the template.

https://docs.aws.amazon.com/lambda/latest/api/API_CreateFunction.html and …/API_PublishLayerVersion.html
https://docs.aws.amazon.com/AWSSimpleQueueService/latest/SQSDeveloperGuide/quotas-queues.html
https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html
https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html
"""
_STACK_NAME: Final = "${AWS::StackName}"
_PROTECTED: Final = "prod"


class DeployError(RuntimeError):
    """The deploy cannot be made, or is not all done; the message says what to do."""


def environment_settings(name: str, config: Path) -> Mapping[str, Any]:
    """Return what samconfig.toml says of the deploys of an environment. Raises DeployError where it has none."""
    environments = tomllib.loads(config.read_text(encoding="utf-8"))
    found = environments.get("default" if name == "dev" else name)
    if name == "default" or not isinstance(found, dict):
        known = ["dev" if key == "default" else key for key, value in environments.items() if isinstance(value, dict)]
        raise DeployError(f"{config.name} has no environment {name!r}: set ENV to one of {', '.join(known)}.")
    commands = [found.get(command, {}).get("parameters", {}) for command in ("global", "deploy")]
    settings = {**commands[0], **commands[1]}
    if "stack_name" not in settings:
        raise DeployError(f"{config.name} has no stack_name for {name}: add it under [{name}.global.parameters].")
    return settings


def check_stack_name(stack: str, template: Mapping[str, Any]) -> None:
    """Raise DeployError where a resource of the template would get a name that is too long for it."""
    most, longest = min(
        (limit - len(text) + len(_STACK_NAME), text)
        for resource in template["Resources"].values()
        for key, limit in _LIMITS.items()
        if _STACK_NAME in (text := _text(resource["Properties"].get(key)))
    )
    if len(stack) > most:
        raise DeployError(
            f"The stack name {stack!r} has {len(stack)} characters and may have at most {most}: the name of "
            f"{longest.replace(_STACK_NAME, '<stack>')} would be too long for AWS. Change stack_name in samconfig.toml."
        )


def _text(value: Any) -> str:
    if isinstance(value, dict):
        value = value.get("Fn::Sub", _STACK_NAME if value == {"Ref": "AWS::StackName"} else None)
    return re.sub(r"\s", "", value) if isinstance(value, str) else ""


def protect(settings: Mapping[str, Any]) -> None:
    """Turn on a stack's termination protection, which `sam deploy` cannot. Raises DeployError where AWS refuses.

    https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_UpdateTerminationProtection.html
    """
    try:
        session = boto3.Session(region_name=settings.get("region"), profile_name=settings.get("profile"))
        client = session.client("cloudformation")
        client.update_termination_protection(StackName=settings["stack_name"], EnableTerminationProtection=True)
    except (BotoCoreError, ClientError) as error:
        raise DeployError(
            f"The stack is deployed, but its termination protection is not on: {error}. "
            "It needs the right cloudformation:UpdateTerminationProtection; then run the command again."
        ) from error


_commands: Final = typer.Typer(add_completion=False)
_Environment = Annotated[str, typer.Argument(help="An environment of samconfig.toml; dev is its [default].")]
_Config = Annotated[Path, typer.Option(help="The file that says what is deployed.")]
_CONFIG: Final = PROJECT / "samconfig.toml"


@_commands.command("check")
def check_command(environment: _Environment, config: _Config = _CONFIG) -> None:
    """Check what `sam build` and `sam deploy` would find out late."""
    check_stack_name(environment_settings(environment, config)["stack_name"], read_template())


@_commands.command("protect")
def protect_command(environment: _Environment, config: _Config = _CONFIG) -> None:
    """Keep the stack of production from being deleted; other stacks stay as they are."""
    if environment == _PROTECTED:
        settings = environment_settings(environment, config)
        protect(settings)
        typer.echo(f"Termination protection is on: {settings['stack_name']} cannot be deleted until you turn it off.")


if __name__ == "__main__":
    try:
        _commands()
    except DeployError as problem:
        sys.exit(str(problem))
