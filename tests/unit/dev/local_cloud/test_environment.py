from os import devnull
from pathlib import Path

from dev.local_cloud.servers import local_environment

MINE = {
    "HOME": "/home/ada",
    "PATH": "/usr/bin",
    "AWS_PROFILE": "production",
    "AWS_SESSION_TOKEN": "a real one",
    "NO_PROXY": "intranet.example.com",
}


def test_only_the_emulator_is_aws_and_our_python_comes_first() -> None:
    assert local_environment(MINE, "http://127.0.0.1:4566", Path("/checkout/.venv/bin")) == {
        "HOME": "/home/ada",
        "PATH": "/checkout/.venv/bin:/usr/bin",
        "NO_PROXY": "intranet.example.com,127.0.0.1,localhost",
        "no_proxy": "intranet.example.com,127.0.0.1,localhost",
        "AWS_ENDPOINT_URL": "http://127.0.0.1:4566",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": "eu-west-1",
        "AWS_CONFIG_FILE": devnull,
        "AWS_SHARED_CREDENTIALS_FILE": devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.1",
    }
