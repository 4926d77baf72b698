"""The environment in which every program of a local run works."""

from collections.abc import Mapping
from os import devnull, pathsep
from pathlib import Path

REGION = "eu-west-1"


def local_environment(inherited: Mapping[str, str], endpoint: str, binaries: Path) -> dict[str, str]:
    """Return the inherited environment with AWS meaning the emulator at ``endpoint``, and only it.

    Every AWS variable of the person is left out and no configuration file is read, so that a real
    account cannot be reached by mistake. ``binaries`` (the folder of our own Python) comes first on
    PATH: SAM CLI builds with the python3.13 that it finds there. No proxy stands before loopback.
    """
    kept = {name: value for name, value in inherited.items() if not name.startswith("AWS_")}
    direct = ",".join(filter(None, [inherited.get("NO_PROXY"), "127.0.0.1", "localhost"]))
    return kept | {
        "PATH": pathsep.join([str(binaries), inherited.get("PATH", "")]),
        "NO_PROXY": direct,
        "no_proxy": direct,
        "AWS_ENDPOINT_URL": endpoint,
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_CONFIG_FILE": devnull,
        "AWS_SHARED_CREDENTIALS_FILE": devnull,
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.1",
    }
