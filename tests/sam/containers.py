"""A container engine with Lambda's image, as SAM CLI needs it for `sam local`."""

import ipaddress
import json
import os
import re
import subprocess
from pathlib import Path

from dev.local_cloud.deployment import machine_architecture

IMAGE = f"public.ecr.aws/lambda/python:3.13-{machine_architecture()}"


def engine_environment() -> dict[str, str]:
    """Return the variables under which `docker` works and has the image.

    That is nothing where Docker runs and has the image or can pull it. Elsewhere the tool named by LAMBDA_CONTAINERS
    starts an engine, makes the image and says where the engine is ("export DOCKER_HOST=...").
    """
    if any(_succeeds(command) for command in (["docker", "image", "inspect", IMAGE], ["docker", "pull", "-q", IMAGE])):
        return {}
    tool = Path(os.environ.get("LAMBDA_CONTAINERS", "lambda-containers"))
    if not tool.exists():
        raise RuntimeError(f"Docker has no {IMAGE} and cannot pull it: start Docker, or set LAMBDA_CONTAINERS")
    said = subprocess.run([tool, "start", "3.13"], stdout=subprocess.PIPE, text=True, check=True, timeout=1800).stdout
    return dict(re.findall(r"^export (\w+)=(\S+)$", said, re.MULTILINE))


def bridge_address() -> str:
    """Return the address at which a container reaches this machine: the gateway of Docker's bridge network."""
    command = ["docker", "network", "inspect", "bridge", "--format", "{{json .IPAM.Config}}"]
    network = json.loads(subprocess.run(command, stdout=subprocess.PIPE, text=True, check=True, timeout=1800).stdout)[0]
    return str(network.get("Gateway") or next(ipaddress.ip_network(network["Subnet"]).hosts()))


def _succeeds(command: list[str]) -> bool:
    try:
        return subprocess.run(command, capture_output=True, check=False, timeout=1800).returncode == 0
    except FileNotFoundError:
        return False
