"""One local run: start, build, deploy, send, serve, and end what was started."""

import json
import os
import shutil
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from botocore.exceptions import BotoCoreError, ClientError
from rich.console import Console

from dev.local_cloud.deployment import STACK, Stack, build, deploy
from dev.local_cloud.live import Tail
from dev.local_cloud.programs import Programs
from dev.local_cloud.replay import Journal, Row, is_replayed, load_expectations, replay
from dev.local_cloud.report import (
    print_addresses,
    print_row,
    print_serving,
    print_summary,
    print_told,
    results_table,
    step,
)
from dev.local_cloud.servers import (
    LOOPBACK,
    REGION,
    Server,
    choose_port,
    local_environment,
    start_cloud,
    start_preview,
    start_sandbox,
)

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


@dataclass(frozen=True, slots=True)
class Wanted:
    """What the person wants of a run. `replay` is None where the subscriptions decide whether events/ is sent."""

    subscriptions: Path
    replay: bool | None = None
    once: bool = False
    table: bool = False


def run_local_cloud(console: Console, ports: Ports, wanted: Wanted) -> bool:
    """Run in the current folder, a checkout; tell whether each event of events/ that was sent ended as expected.

    Unless it is `once`, it then serves until it is stopped. Raises LocalCloudError if a program fails,
    KeyboardInterrupt if it is stopped before it serves.
    """
    replays = is_replayed(wanted.subscriptions, wanted.replay)
    if not replays and wanted.replay is None:
        console.print(
            f"events/ is for the subscriptions that ship, so it is not sent to those of {wanted.subscriptions}."
        )
    with local_cloud(console, ports, wanted.subscriptions) as running:
        if wanted.once:
            return _replay(console, running, wanted) if replays else True
        preview = start_preview(running.programs, choose_port(None, "PREVIEW_PORT"), wanted.subscriptions)
        running.programs.wait_until(preview.name, preview.program, preview.is_ready)
        with run_file(STATE, running.stack):
            print_addresses(console, running.stack, running.sandbox.url, preview.url)
            as_expected = _replay(console, running, wanted) if replays else True
            _serve(console, running)
        return as_expected


def _replay(console: Console, running: Running, wanted: Wanted) -> bool:
    events = Path("events")
    number = len(load_expectations(events))
    rows: list[Row] = []
    with step(console, f"Sending the {number} events of events/") as show:
        for row in replay(running.stack, Journal(running.sandbox.url), events):
            rows.append(row)
            show(f"{len(rows)} of {number}")
            if not wanted.table:
                print_row(console, row)
    if wanted.table:
        console.print(results_table(rows))
    print_summary(console, rows)
    return all(row.is_as_expected for row in rows)


@contextmanager
def local_cloud(console: Console, ports: Ports, subscriptions: Path) -> Iterator[Running]:
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
        cloud = start_cloud(programs, ports.cloud, Path.cwd(), subscriptions, scratch)
        yield _deployed(console, programs, sandbox, cloud)


@contextmanager
def run_file(state: Path, stack: Stack) -> Iterator[Path]:
    """Say in `<state>/run.json` where the run is, for `segment-dotdigital … --local`; remove it afterwards."""
    path = state / "run.json"
    path.write_text(json.dumps({"endpoint": stack.endpoint, "stack": STACK, "region": REGION}))
    try:
        yield path
    finally:
        path.unlink(missing_ok=True)


@contextmanager
def scratch_folder(state: Path, removal_seconds: float = 2.0) -> Iterator[Path]:
    """Make a folder for this process under `state`, and remove it afterwards as far as the time goes.

    MiniStack unpacks all layers for each Lambda process, some 25,000 files, and nobody wants to wait for a slow disk on
    the way out: what is left then is among the `leftovers` of the next run.
    """
    folder = state.absolute() / f"cloud-{os.getpid()}"
    folder.mkdir(parents=True, exist_ok=True)
    try:
        yield folder
    finally:
        deadline = time.monotonic() + removal_seconds
        for part in folder.iterdir():
            if time.monotonic() < deadline:
                shutil.rmtree(part, ignore_errors=True) if part.is_dir() else part.unlink()
        if time.monotonic() < deadline:
            shutil.rmtree(folder, ignore_errors=True)


def leftovers(state: Path) -> list[Path]:
    """Return the scratch folders of processes that are no more."""
    return [folder for folder in state.glob("cloud-*") if not _is_alive(int(folder.name.removeprefix("cloud-")))]


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


def _serve(console: Console, running: Running) -> None:
    print_serving(console)
    try:
        tail = Tail(time.time)
        while True:
            running.check()
            with suppress(BotoCoreError, ClientError):  # the emulator is busy, or has ended
                for told in tail.new():
                    print_told(console, told)
            time.sleep(1)
    except KeyboardInterrupt:
        return


def _is_alive(process: int) -> bool:
    try:
        os.kill(process, 0)
    except OSError as error:
        return isinstance(error, PermissionError)
    return True
