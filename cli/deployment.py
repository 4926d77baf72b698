"""What CloudFormation says of a stack: its state, its outputs, and the parameters that it was deployed with.

https://docs.aws.amazon.com/AWSCloudFormation/latest/APIReference/API_DescribeStacks.html
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from botocore.exceptions import ClientError

from cli.ending import CommandError
from cli.stack import Stack

if TYPE_CHECKING:
    from mypy_boto3_cloudformation.type_defs import StackTypeDef


@dataclass(frozen=True)
class Deployment:
    """A deployed stack. `status` is CloudFormation's word, `changed` when it was deployed last."""

    status: str
    changed: datetime
    outputs: Mapping[str, str]
    parameters: Mapping[str, str]
    segment_url: str
    secret_id: str

    @property
    def base_url(self) -> str | None:
        """Where Dotdigital is, if the stack takes something in its place: the sandbox."""
        return self.parameters.get("DotdigitalBaseUrl") or None


def read_deployment(stack: Stack) -> Deployment:
    """Ask CloudFormation for the stack. Raises CommandError where there is none, or one of something else."""
    client = stack.session.client("cloudformation", endpoint_url=stack.endpoint, config=stack.config)
    try:
        described = client.describe_stacks(StackName=stack.name)["Stacks"][0]
    except ClientError as error:
        if error.response["Error"]["Code"] != "ValidationError":
            raise
        raise CommandError(
            f"There is no {stack.title}. Give its name with --stack or STACK, and check that AWS_PROFILE and "
            "AWS_DEFAULT_REGION are those that it was deployed with."
        ) from None
    finally:
        client.close()
    return _read(stack, described)


def _read(stack: Stack, described: StackTypeDef) -> Deployment:
    outputs = {each["OutputKey"]: each["OutputValue"] for each in described.get("Outputs", [])}
    parameters = {each["ParameterKey"]: each["ParameterValue"] for each in described.get("Parameters", [])}
    status = described["StackStatus"]
    if not {"SecretArn", "SegmentUrl", "ApiId"} <= outputs.keys():
        raise CommandError(
            f"The {stack.title} is {status} and lacks the outputs SecretArn, SegmentUrl and ApiId: deploy it first, "
            "or name the stack of this template."
        )
    changed = described.get("LastUpdatedTime", described["CreationTime"])
    url = outputs["SegmentUrl"]
    if stack.is_local:  # MiniStack's own address of a REST API
        url = f"{stack.endpoint}/_aws/execute-api/{outputs['ApiId']}/{parameters['StageName']}/segment"
    return Deployment(status, changed, outputs, parameters, url, outputs["SecretArn"])
