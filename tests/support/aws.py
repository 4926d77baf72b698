"""AWS on loopback: moto's server, reached over real HTTP by boto3 as it reaches AWS."""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import boto3
import pytest
import requests
from aws_lambda_powertools.utilities import parameters
from moto.server import ThreadedMotoServer

REGION = "eu-west-1"
SECRET_ID = "segment-dotdigital"
SHARED_SECRET = "local-shared-secret"
SECRET = {
    "region": "r1",
    "username": "apiuser-1@apiconnector.com",
    "password": "sandbox-password",
    "sharedSecret": SHARED_SECRET,
}


class Aws:
    """The secrets of an account that starts empty."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._secrets = boto3.client("secretsmanager", endpoint_url=url, region_name=REGION)

    def put_secret(self, value: Mapping[str, Any] | str, name: str = SECRET_ID) -> None:
        text = value if isinstance(value, str) else json.dumps(value)
        try:
            self._secrets.put_secret_value(SecretId=name, SecretString=text)
        except self._secrets.exceptions.ResourceNotFoundException:
            self._secrets.create_secret(Name=name, SecretString=text)

    def close(self) -> None:
        self._secrets.close()


@pytest.fixture(scope="session")
def moto_url() -> Iterator[str]:
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    yield f"http://{host}:{port}"
    server.stop()


@pytest.fixture
def aws(moto_url: str, monkeypatch: pytest.MonkeyPatch) -> Iterator[Aws]:
    """An empty account, the only one that boto3 finds, with nothing in Powertools' memory."""
    requests.post(f"{moto_url}/moto-api/reset", timeout=5).raise_for_status()
    environment = {
        "AWS_ENDPOINT_URL": moto_url,
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_EC2_METADATA_DISABLED": "true",
    }
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    parameters.clear_caches()
    account = Aws(moto_url)
    yield account
    account.close()
    parameters.clear_caches()
