import socket
from os import devnull
from pathlib import Path

import pytest

from dev.local_cloud.programs import LocalCloudError
from dev.local_cloud.servers import LOOPBACK, choose_port, local_environment

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


def test_a_free_port_is_chosen_where_none_is_wanted() -> None:
    port = choose_port(None, "CLOUD_PORT")
    with socket.socket() as server:
        server.bind((LOOPBACK, port))


def test_a_wanted_port_that_is_free_is_kept() -> None:
    port = choose_port(None, "CLOUD_PORT")
    assert choose_port(str(port), "CLOUD_PORT") == port


def test_a_taken_port_is_one_line_that_says_what_to_set() -> None:
    with socket.socket() as server:
        server.bind((LOOPBACK, 0))
        server.listen()
        port = server.getsockname()[1]
        with pytest.raises(LocalCloudError) as raised:
            choose_port(str(port), "SANDBOX_PORT")
    assert str(raised.value) == (
        f"Port {port} is not free (Address already in use): give another as SANDBOX_PORT=<port>, "
        "or leave SANDBOX_PORT out to have a free one chosen."
    )


@pytest.mark.parametrize("wanted", ["0", "65536", "-1", "8080x", ""])
def test_what_is_no_port_is_one_line_that_says_what_to_set(wanted: str) -> None:
    with pytest.raises(LocalCloudError) as raised:
        choose_port(wanted, "CLOUD_PORT")
    assert str(raised.value) == (
        f"CLOUD_PORT={wanted} is no port: give a number from 1 to 65535, "
        "or leave CLOUD_PORT out to have a free one chosen."
    )
