"""One local run: start, build, deploy, send, serve, and end what was started."""

import os
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from rich.console import Console

from dev.local_cloud.deployment import Stack, build, deploy
from dev.local_cloud.environment import local_environment
from dev.local_cloud.journal import Journal
from dev.local_cloud.ports import LOOPBACK, choose_port
from dev.local_cloud.programs import Programs
from dev.local_cloud.replay import replay
from dev.local_cloud.report import print_addresses, print_results, step
from dev.local_cloud.run_file import run_file
from dev.local_cloud.scratch import leftovers, scratch_folder
from dev.local_cloud.servers import Server, start_cloud, start_preview, start_sandbox

STATE = Path(".local")


@dataclass(frozen=True, slots=True)
class Ports:
    """The loopback ports of the Dotdigital sandbox and of the local AWS."""

    sandbox: int
    cloud: int


@dataclass(frozen=True, slots=True)
class Running:
    """A deployed stack and the servers under it."""

    stack: Stack
    sandbox: Server
    cloud: Server
    programs: Programs

    def check(self) -> None:
        """Raise LocalCloudError if a server has ended."""
        for server in (self.sandbox, self.cloud):
            self.programs.check(server.name, server.program)


def run_local_cloud(console: Console, ports: Ports, *, once: bool) -> bool:
    """Run in the current folder, a checkout; tell whether each event ended as expected.

    Unless `once`, it then serves until it is stopped. Raises LocalCloudError if a program fails,
    KeyboardInterrupt if it is stopped before it serves.
    """
    with local_cloud(console, ports) as running:
        with step(console, "Sending each event of events/ through its door"):
            rows = list(replay(running.stack, Journal(running.sandbox.url), Path("events")))
        print_results(console, rows)
        if not once:
            preview = start_preview(running.programs, choose_port(None, "PREVIEW_PORT"))
            running.programs.wait_until(preview.name, preview.program, preview.is_ready)
            with run_file(STATE, running.stack):
                print_addresses(console, running.stack, running.sandbox.url, preview.url)
                _serve(running)
    return all(row.is_as_expected for row in rows)


@contextmanager
def local_cloud(console: Console, ports: Ports) -> Iterator[Running]:
    """Start, build and deploy in the current folder, and end what was started; AWS means the emulator meanwhile.

    Raises LocalCloudError if a program fails.
    """
    endpoint = f"http://{LOOPBACK}:{ports.cloud}"
    environment = local_environment(os.environ, endpoint, Path(sys.executable).parent)
    with (
        _environment(environment),
        scratch_folder(STATE) as scratch,
        Programs(STATE / "logs", environment) as programs,
    ):
        programs.start("remove-leftovers", ["rm", "-rf", *map(str, leftovers(STATE))])
        sandbox = start_sandbox(programs, ports.sandbox)
        cloud = start_cloud(programs, ports.cloud, Path.cwd(), scratch)
        yield _deployed(console, programs, sandbox, cloud)


def _deployed(console: Console, programs: Programs, sandbox: Server, cloud: Server) -> Running:
    with step(console, "Building the functions and layers"):
        build(programs, Path.cwd())
    with step(console, "Starting the Dotdigital sandbox and the local AWS"):
        for server in (sandbox, cloud):
            programs.wait_until(server.name, server.program, server.is_ready)
    with step(console, "Deploying template.yaml"):
        stack = deploy(programs, Path.cwd(), cloud.url, sandbox.url)
    return Running(stack, sandbox, cloud, programs)


@contextmanager
def _environment(environment: Mapping[str, str]) -> Iterator[None]:
    """Have `environment` in this process too, for boto3."""
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update(environment)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


def _serve(running: Running) -> None:
    try:
        while True:
            running.check()
            time.sleep(0.5)
    except KeyboardInterrupt:
        return
