"""The servers of a local run, on loopback only: the Dotdigital sandbox, MiniStack and previews."""

import socket
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from os import devnull, pathsep
from pathlib import Path

import requests

from dev.local_cloud.deployment import PARTNER_PREFIX
from dev.local_cloud.programs import LocalCloudError, Programs

LOOPBACK = "127.0.0.1"
REGION = "eu-west-1"
_LAST_PORT = 65535


@dataclass(frozen=True, slots=True)
class Server:
    """A started server: its URL without a last slash, and the path that responds once it is ready."""

    name: str
    url: str
    health_path: str
    program: subprocess.Popen[bytes]

    def is_ready(self) -> bool:
        """Return whether the server responds already."""
        try:
            return requests.get(self.url + self.health_path, timeout=2).ok
        except requests.ConnectionError:
            return False


def choose_port(wanted: str | None, setting: str) -> int:
    """Return the wanted port, or a free one if none is wanted.

    `setting` is how the person gives the port to `make run` ("CLOUD_PORT"); the error names it.
    Raises LocalCloudError if what is wanted is no port, or one that is taken or not to be had.
    """
    or_else = f"or leave {setting} out to have a free one chosen."
    if wanted is not None and not (wanted.isdecimal() and 0 < int(wanted) <= _LAST_PORT):
        raise LocalCloudError(f"{setting}={wanted} is no port: give a number from 1 to {_LAST_PORT}, {or_else}")
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((LOOPBACK, int(wanted or 0)))
        except OSError as error:
            raise LocalCloudError(
                f"Port {wanted} is not free ({error.strerror}): give another as {setting}=<port>, {or_else}"
            ) from None
        return int(probe.getsockname()[1])


def local_environment(inherited: Mapping[str, str], endpoint: str, binaries: Path) -> dict[str, str]:
    """Return the environment of every program of a run: the inherited one with AWS meaning the emulator at `endpoint`.

    Every AWS variable of the person is left out and no configuration file is read, so that a real
    account cannot be reached by mistake. `binaries` (the folder of our own Python) comes first on
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


def start_sandbox(programs: Programs, port: int) -> Server:
    """Start the Dotdigital sandbox; it is not ready yet."""
    command = [sys.executable, "-m", "dev.sandbox", "--host", LOOPBACK, "--port", str(port)]
    return Server("sandbox", _url(port), "/_sandbox/journal", programs.start("sandbox", command))


def start_preview(programs: Programs, port: int, subscriptions: Path) -> Server:
    """Start what responds to POST /preview; it is not ready yet."""
    command = [sys.executable, "-m", "cli", "preview-server", "--port", str(port)]
    command += ["--subscriptions", str(subscriptions)]
    command += ["--segment-source-prefix", PARTNER_PREFIX, "--allow-payloads"]
    return Server("preview", _url(port), "/preview", programs.start("preview", command))


def start_cloud(programs: Programs, port: int, checkout: Path, subscriptions: Path, scratch: Path) -> Server:
    """Start MiniStack (https://pypi.org/project/ministack/); it is not ready yet.

    It runs Lambdas as processes with its own Python and environment, each under its function's role. They have no /opt,
    so they are told where the file of `subscriptions` is. What MiniStack unpacks goes to `scratch`.
    """
    environment = {
        "AUTH": "true",
        "BIND_HOST": LOOPBACK,
        "GATEWAY_PORT": str(port),
        "MINISTACK_REGION": REGION,
        "SUBSCRIPTIONS_PATH": str(subscriptions.absolute()),
        "TMPDIR": str(scratch),
    }
    program = programs.start("ministack", [str(checkout / ".venv-ministack/bin/ministack")], environment)
    return Server("ministack", _url(port), "/_ministack/health", program)


def _url(port: int) -> str:
    return f"http://{LOOPBACK}:{port}"
