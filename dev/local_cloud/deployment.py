"""Build template.yaml and deploy it to the local cloud, as SAM CLI does to AWS."""

import json
import platform
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import boto3
import yaml

from dev.local_cloud.programs import LocalCloudError, Programs
from dev.local_cloud.rights import add_local_names, missing_rights
from dev.sandbox.server import PASSWORD, USERNAME

STACK = "local"
STAGE = "local"
SHARED_SECRET = "local-shared-secret"
SECRET = {"region": "r1", "username": USERNAME, "password": PASSWORD, "sharedSecret": SHARED_SECRET}
"""What a user puts in Secrets Manager, with the sandbox's credentials."""

PARTNER_PREFIX = "local.partner/segment.com"
"""Stands for aws.partner/segment.com: only AWS's partners may put events whose source begins with "aws."."""

CONFIG = Path(__file__).with_name("samconfig.toml")
BUILT_TEMPLATE = Path(".local/build/template.yaml")


@dataclass(frozen=True, slots=True)
class Stack:
    """The deployed stack: the emulator's URL and the template's outputs by name."""

    endpoint: str
    outputs: Mapping[str, str]

    @property
    def api_url(self) -> str:
        """Return the start of every route (MiniStack's own address of a REST API)."""
        return f"{self.endpoint}/_aws/execute-api/{self.outputs['ApiId']}/{STAGE}"

    def function_name(self, action: str) -> str:
        """Return the name of an action's function; raise KeyError if the template has none."""
        resource = "".join(word.capitalize() for word in action.split("_"))
        return self.outputs[f"{resource}FunctionName"]

    def action_functions(self) -> list[str]:
        """Return the names of all actions' functions."""
        return [name for output, name in self.outputs.items() if output.endswith("FunctionName")]

    def queue_url(self, function: str) -> str:
        """Return the URL of the queue of an action or of segment_webhook; "-dead-letters" may follow the name."""
        return boto3.client("sqs").get_queue_url(QueueName=f"{STACK}-{function}")["QueueUrl"]


def build(programs: Programs, checkout: Path, template: str = "template.yaml") -> None:
    """Build functions and layers for this machine's processor, from the cache where it can.

    In the built template the roles have the rights that MiniStack has other names for.
    """
    command = ["build", "--template-file", template]
    _sam(programs, checkout, command, [f"Architecture={machine_architecture()}"])
    content = yaml.safe_load(BUILT_TEMPLATE.read_text())
    add_local_names(content)
    BUILT_TEMPLATE.write_text(yaml.safe_dump(content, sort_keys=False))


def deploy(programs: Programs, checkout: Path, endpoint: str, sandbox_url: str) -> Stack:
    """Deploy the build, put its secret, return the stack. Raises LocalCloudError where AWS would refuse it."""
    create_stack(programs, checkout, sandbox_url)
    if missing := missing_rights():
        raise LocalCloudError(f"AWS would not let this work: {'; '.join(missing)}")
    described = boto3.client("cloudformation").describe_stacks(StackName=STACK)["Stacks"][0]
    outputs = {item["OutputKey"]: item["OutputValue"] for item in described["Outputs"]}
    boto3.client("secretsmanager").put_secret_value(SecretId=outputs["SecretArn"], SecretString=json.dumps(SECRET))
    _put_gateway_responses(outputs["ApiId"])
    _put_concurrency()
    return Stack(endpoint, outputs)


def create_stack(programs: Programs, checkout: Path, sandbox_url: str, name: str = STACK) -> None:
    """Make the resources of the build's template, or update them."""
    parameters = [
        f"StageName={STAGE}",
        f"Architecture={machine_architecture()}",
        f"DotdigitalBaseUrl={sandbox_url}",
        f"SegmentSourcePrefix={PARTNER_PREFIX}",
        "AllowPayloads=true",  # events/ has one
        "BatchingWindowSeconds=1",
        "EnrolmentBatchingWindowSeconds=1",
        "SendMaximumConcurrency=2",
        "MetricMathAlarms=false",  # MiniStack cannot make them
    ]
    _sam(programs, checkout, ["deploy", "--stack-name", name], parameters)


def _sam(programs: Programs, checkout: Path, command: list[str], parameters: list[str]) -> None:
    sam = str(checkout / ".venv-sam/bin/sam")
    options = ["--config-file", str(CONFIG), "--parameter-overrides", *parameters]
    programs.finish(f"sam-{command[0]}", [sam, *command, *options])


def machine_architecture() -> str:
    """Return this machine's processor as Lambda calls it: x86_64 or arm64."""
    return "arm64" if platform.machine() in {"arm64", "aarch64"} else "x86_64"


def _put_gateway_responses(api_id: str) -> None:
    """Put the template's gateway responses, which MiniStack does not read from a REST API's body."""
    template = yaml.safe_load(BUILT_TEMPLATE.read_text())
    responses = template["Resources"]["ActionsApi"]["Properties"]["GatewayResponses"]
    client = boto3.client("apigateway")
    for kind, response in responses.items():
        client.put_gateway_response(
            restApiId=api_id,
            responseType=kind,
            statusCode=str(response["StatusCode"]),
            responseTemplates=response["ResponseTemplates"],
        )
    client.create_deployment(restApiId=api_id, stageName=STAGE)  # the stage keeps what it was deployed with


def _put_concurrency() -> None:
    """Put the event sources' concurrency as numbers: MiniStack keeps a parameter's value as text, and fails on it."""
    client = boto3.client("lambda")
    for mapping in client.list_event_source_mappings()["EventSourceMappings"]:
        if "ScalingConfig" in mapping:
            most = int(mapping["ScalingConfig"]["MaximumConcurrency"])
            client.update_event_source_mapping(UUID=mapping["UUID"], ScalingConfig={"MaximumConcurrency": most})
