"""Stack `shop` as CloudFormation knows it, in moto: its secret, and its webhook, the function itself behind HTTP."""

import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from io import StringIO
from typing import Any

import boto3
import pytest
from botocore.config import Config
from pytest_httpserver import HTTPServer
from werkzeug import Request, Response

from cli.stack import Stack
from dev import SUBSCRIPTIONS_FILE
from dev.sandbox.server import PASSWORD, USERNAME, Sandbox
from tests.support.aws import SECRET
from tests.support.functions import Context, load_handler

_OUTPUTS = ("SecretArn", "SegmentUrl", "ApiId")
_PARAMETERS = (*_OUTPUTS, "DotdigitalBaseUrl", "StageName")
TEMPLATE = {
    "Parameters": {name: {"Type": "String"} for name in _PARAMETERS},
    "Resources": {"Queue": {"Type": "AWS::SQS::Queue", "Properties": {"QueueName": "of-the-template"}}},
    "Outputs": {name: {"Value": {"Ref": name}} for name in _OUTPUTS},
}


class Deployed:
    """The stack, whose secret has no value to begin with. Its webhook is at `<http>/segment`."""

    def __init__(self, stack: Stack, http: HTTPServer, sandbox_url: str) -> None:
        self.stack, self.http = stack, http
        self.secrets = boto3.client("secretsmanager")
        self.arn = self.secrets.create_secret(Name="DotdigitalSecret-x")["ARN"]
        self.url = http.url_for("/segment")
        self.requests: list[Request] = []
        # The first stack takes moto long to make, and is not to be asked for twice.
        once = Config(read_timeout=600, retries={"total_max_attempts": 1})
        self.cloudformation = boto3.client("cloudformation", config=once)
        values = (self.arn, self.url, "a1", sandbox_url, "live")
        self.cloudformation.create_stack(
            StackName=stack.name,
            TemplateBody=json.dumps(TEMPLATE),
            Parameters=[
                {"ParameterKey": key, "ParameterValue": value} for key, value in zip(_PARAMETERS, values, strict=True)
            ],
        )
        http.expect_request("/segment", method="POST").respond_with_handler(self._respond)

    def put(self, **differences: str | None) -> None:
        """Put a usable value into the secret; None leaves a key out."""
        value = {key: text for key, text in {**SECRET, **differences}.items() if text is not None}
        self.secrets.put_secret_value(SecretId=self.arn, SecretString=json.dumps(value))

    @property
    def has_value(self) -> bool:
        """Whether a value was put into the secret."""
        return "VersionIdsToStages" in self.secrets.describe_secret(SecretId=self.arn)

    @property
    def value(self) -> dict[str, Any]:
        """What the secret holds now."""
        value: dict[str, Any] = json.loads(self.secrets.get_secret_value(SecretId=self.arn)["SecretString"])
        return value

    def close(self) -> None:
        self.secrets.close()
        self.cloudformation.close()

    def _respond(self, request: Request) -> Response:
        """Respond as API Gateway does: by the function, started anew."""
        self.requests.append(request)
        event = {
            "path": "/segment",
            "httpMethod": "POST",
            "headers": dict(request.headers),
            "requestContext": {"requestId": "request-1"},
            "body": request.get_data(as_text=True),
        }
        with redirect_stdout(StringIO()):  # its metrics are no words of the command
            response = load_handler("segment_webhook")(event, Context())
        return Response(response["body"], response["statusCode"], response["headers"])


@pytest.fixture
def deployed(
    stack: Stack, httpserver: HTTPServer, sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployed]:
    there = Deployed(stack, httpserver, sandbox.url)
    for name, value in {
        "DOTDIGITAL_SECRET_ID": there.arn,
        "SENDS_TABLE": "sends",
        "QUEUE_PREFIX": f"{stack.name}-",
        "SUBSCRIPTIONS_PATH": str(SUBSCRIPTIONS_FILE),
        "POWERTOOLS_METRICS_NAMESPACE": "SegmentDotdigital",
        "POWERTOOLS_SERVICE_NAME": stack.name,
    }.items():
        monkeypatch.setenv(name, value)
    yield there
    there.close()


@pytest.fixture
def environment_of_a_pipeline(monkeypatch: pytest.MonkeyPatch) -> None:
    """The API user of the sandbox, so that nobody is asked."""
    monkeypatch.setenv("DOTDIGITAL_USERNAME", USERNAME)
    monkeypatch.setenv("DOTDIGITAL_PASSWORD", PASSWORD)
