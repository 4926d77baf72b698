"""One local run: start, build, deploy, send, serve, and end what was started."""

import os
import sys
import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from local.cloud.deployment import build, deploy
from local.cloud.environment import local_environment
from local.cloud.journal import Journal
from local.cloud.ports import LOOPBACK
from local.cloud.programs import Programs
from local.cloud.replay import replay
from local.cloud.report import print_addresses, print_results, step
from local.cloud.scratch import leftovers, scratch_folder
from local.cloud.servers import Server, start_cloud, start_sandbox

STATE = Path(".local")


@dataclass(frozen=True, slots=True)
class Ports:
    """The loopback ports of the Dotdigital sandbox and of the local AWS."""

    sandbox: int
    cloud: int


def run_local_cloud(console: Console, ports: Ports, *, once: bool) -> bool:
    """Run in the current folder, a checkout; tell whether each event ended as expected.

    Unless `once`, it then serves until it is stopped. Raises LocalCloudError if a program fails,
    KeyboardInterrupt if it is stopped before it serves.
    """
    endpoint = f"http://{LOOPBACK}:{ports.cloud}"
    environment = local_environment(os.environ, endpoint, Path(sys.executable).parent)
    os.environ.clear()
    os.environ.update(environment)  # for boto3 in this process too
    with scratch_folder(STATE) as scratch, Programs(STATE / "logs", environment) as programs:
        programs.start("remove-leftovers", ["rm", "-rf", *map(str, leftovers(STATE))])
        sandbox = start_sandbox(programs, ports.sandbox)
        cloud = start_cloud(programs, ports.cloud, Path.cwd(), scratch)
        return _deploy_and_serve(console, programs, sandbox, cloud, once=once)


def _deploy_and_serve(console: Console, programs: Programs, sandbox: Server, cloud: Server, *, once: bool) -> bool:
    with step(console, "Building the functions and layers"):
        build(programs, Path.cwd())
    with step(console, "Starting the Dotdigital sandbox and the local AWS"):
        for server in (sandbox, cloud):
            programs.wait_until(server.name, server.program, server.is_ready)
    with step(console, "Deploying template.yaml"):
        stack = deploy(programs, Path.cwd(), cloud.url, sandbox.url)
    with step(console, "Sending each event of events/ through its door"):
        rows = list(replay(stack, Journal(sandbox.url), Path("events")))
    print_results(console, rows)
    if not once:
        print_addresses(console, stack, sandbox.url)
        _serve(programs, (sandbox, cloud))
    return all(row.is_as_expected for row in rows)


def _serve(programs: Programs, servers: Sequence[Server]) -> None:
    try:
        while True:
            for server in servers:
                programs.check(server.name, server.program)
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
