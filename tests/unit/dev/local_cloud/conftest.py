from collections.abc import Iterator

import pytest
from moto import mock_aws
from pytest_httpserver import HTTPServer

from dev.local_cloud.deployment import Stack

OUTPUTS = {"ApiId": "a1b2c3d4", "SendSmsFunctionName": "local-send_sms"}


@pytest.fixture(autouse=True)
def credentials(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "local")
    monkeypatch.setenv("AWS_SECRET_ACCESS_KEY", "local")
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-west-1")


@pytest.fixture
def aws() -> Iterator[None]:
    with mock_aws():
        yield


@pytest.fixture
def stack(httpserver: HTTPServer, monkeypatch: pytest.MonkeyPatch) -> Stack:
    """A stack whose AWS is the HTTP server of the test."""
    endpoint = httpserver.url_for("/").rstrip("/")
    monkeypatch.setenv("AWS_ENDPOINT_URL", endpoint)
    return Stack(endpoint, OUTPUTS)
