"""The servers of a local run: the Dotdigital sandbox, MiniStack and previews."""

import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import requests

from dev.local_cloud.deployment import PARTNER_PREFIX
from dev.local_cloud.environment import REGION
from dev.local_cloud.ports import LOOPBACK
from dev.local_cloud.programs import Programs


@dataclass(frozen=True, slots=True)
class Server:
    """A started server: its URL without a last slash, and the path that answers once it is ready."""

    name: str
    url: str
    health_path: str
    program: subprocess.Popen[bytes]

    def is_ready(self) -> bool:
        """Tell whether the server answers already."""
        try:
            return requests.get(self.url + self.health_path, timeout=2).ok
        except requests.ConnectionError:
            return False


def start_sandbox(programs: Programs, port: int) -> Server:
    """Start the Dotdigital sandbox on loopback; it is not ready yet."""
    command = [sys.executable, "-m", "dev.sandbox", "--host", LOOPBACK, "--port", str(port)]
    program = programs.start("sandbox", command)
    return Server("sandbox", f"http://{LOOPBACK}:{port}", "/_sandbox/journal", program)


def start_preview(programs: Programs, port: int) -> Server:
    """Start what answers POST /preview on loopback; it is not ready yet."""
    command = [sys.executable, "-m", "cli", "preview-server", "--port", str(port)]
    command += ["--segment-source-prefix", PARTNER_PREFIX, "--allow-payloads"]
    return Server("preview", f"http://{LOOPBACK}:{port}", "/preview", programs.start("preview", command))


def start_cloud(programs: Programs, port: int, checkout: Path, scratch: Path) -> Server:
    """Start MiniStack (https://pypi.org/project/ministack/) on loopback; it is not ready yet.

    It runs Lambdas as processes with its own Python and environment. They have no /opt, so they
    find the subscriptions in the checkout. What MiniStack unpacks goes to ``scratch``.
    """
    program = programs.start(
        "ministack",
        [str(checkout / ".venv-ministack/bin/ministack")],
        {
            "BIND_HOST": LOOPBACK,
            "GATEWAY_PORT": str(port),
            "MINISTACK_REGION": REGION,
            "SUBSCRIPTIONS_PATH": str(checkout / "layers/subscriptions/subscriptions.json"),
            "TMPDIR": str(scratch),
        },
    )
    return Server("ministack", f"http://{LOOPBACK}:{port}", "/_ministack/health", program)
