"""The machine of a run: sandbox, AWS and workers in their processes, all on one clock that the driver moves."""

import json
import multiprocessing
from collections.abc import Iterator, Mapping
from contextlib import ExitStack
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any, Final, Self

import boto3

from dev import SUBSCRIPTIONS_FILE
from dev.sandbox.account import SEED
from dev.sandbox.limits import LimitRules
from dev.sandbox.server import Sandbox
from tests.faults.aws_process import ACCOUNT, AwsProcess
from tests.faults.resources import REGION, environment_of, make_queues, make_table, put_secret
from tests.faults.worker import Answer, Invocation, Sleeping, serve
from tests.support.sandbox import off_contract

_LONGEST_SILENCE: Final = 300.0
_processes = multiprocessing.get_context("forkserver")
_processes.set_forkserver_preload(["tests.faults.preloaded"])


class Worker:
    """A process that holds the functions. It runs one invocation at a time and can be killed in the middle of it."""

    def __init__(self, environment: Mapping[str, str], log: Path) -> None:
        """Start it; it takes invocations at once."""
        self._log = log
        self._read = 0
        self.pipe, its_end = _processes.Pipe()
        self._process = _processes.Process(target=serve, args=(its_end, dict(environment), log), daemon=True)
        self._process.start()
        its_end.close()

    def start(self, invocation: Invocation) -> None:
        """Hand it an invocation; what it answers comes through `pipe`."""
        self.pipe.send(invocation)

    def written(self) -> str:
        """Give what the functions have written since this was asked last."""
        with self._log.open("rb") as log:
            log.seek(self._read)
            text = log.read()
        self._read += len(text)
        return text.decode()

    def most_resident_bytes(self) -> int:
        """Tell how much memory it held at most (Linux only)."""
        status = Path(f"/proc/{self._process.pid}/status").read_text(encoding="ascii")
        return int(next(line.split()[1] for line in status.splitlines() if line.startswith("VmHWM"))) * 1024

    def kill(self) -> None:
        """End it with SIGKILL."""
        self._process.kill()
        self._process.join()
        self.pipe.close()


class Machine:
    """Sandbox, AWS and workers. `moved` is how many seconds their clock is ahead of real time."""

    def __init__(
        self,
        folder: Path,
        *,
        seed: Path = SEED,
        subscriptions: Path = SUBSCRIPTIONS_FILE,
        rules: LimitRules | None = None,
    ) -> None:
        """Prepare it. `folder` takes the workers' logs."""
        self._folder = folder
        self._subscriptions = subscriptions
        self._stack = ExitStack()
        self._workers = 0
        self.moved = 0.0
        self.sandbox = Sandbox(seed=seed, rules=rules)

    def __enter__(self) -> Self:
        """Start the servers and make queues, table and secret."""
        self._stack.enter_context(self.sandbox)
        self.aws = self._stack.enter_context(AwsProcess())
        session = boto3.Session("test", "test", region_name=REGION)
        self.sqs = self._closing(session.client("sqs", endpoint_url=self.aws.url))
        make_queues(self.sqs)
        make_table(self._closing(session.client("dynamodb", endpoint_url=self.aws.url)))
        self._secrets = self._closing(session.client("secretsmanager", endpoint_url=self.aws.url))
        put_secret(self._secrets, self.sandbox.username, self.sandbox.password)
        return self

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        """End everything. Raises AssertionError for calls that Dotdigital's descriptions do not have."""
        self._stack.close()
        if kind is None:
            assert off_contract(self.sandbox.requests) == []

    def worker(self) -> Worker:
        """Start a worker."""
        self._workers += 1
        environment = environment_of(self.aws.url, self.sandbox.url, self._subscriptions)
        worker = Worker(environment, self._folder / f"worker-{self._workers}.log")
        self._stack.callback(worker.kill)
        return worker

    def move_to(self, moved: float) -> None:
        """Move everybody's time on; a time that has been reached is left as it is. Workers follow when they ask."""
        if moved > self.moved:
            self.sandbox.clock.advance(moved - self.moved)
            self.aws.move_to(moved)
            self.moved = moved

    def move(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self.move_to(self.moved + seconds)

    def rotate_password(self, password: str) -> None:
        """Change the API user's password in Dotdigital and in the secret."""
        self.sandbox.admit(self.sandbox.username, password)
        put_secret(self._secrets, self.sandbox.username, password)

    def heard(self, pipe: Connection) -> Answer | None:
        """Read what a worker says: its answer, or None where it only wanted to sleep and time was moved for it.

        Raises AssertionError where it says nothing for so long that it hangs, however slow the machine.
        """
        assert pipe.poll(_LONGEST_SILENCE), f"a function hangs: nothing came of it for {_LONGEST_SILENCE:.0f} seconds"
        said: Answer | Sleeping = pipe.recv()
        if isinstance(said, Sleeping):
            self.move_to(said.until)
            pipe.send(self.moved)
            return None
        return said

    def call(self, worker: Worker, function: str, event: Any, seconds: float = 150) -> Answer:
        """Run one invocation to its end."""
        worker.start(Invocation(function, event, seconds, self.moved))
        while (answer := self.heard(worker.pipe)) is None:
            pass
        return answer

    def log_lines(self) -> Iterator[dict[str, Any]]:
        """What the functions logged as JSON, worker by worker. A line that a kill cut off is left out."""
        for log in sorted(self._folder.glob("worker-*.log")):
            for line in log.read_text(encoding="utf-8", errors="replace").splitlines():
                try:
                    entry = json.loads(line)
                except ValueError:
                    continue
                if isinstance(entry, dict):
                    yield entry

    def arn(self, queue: str) -> str:
        """The ARN of a queue by its name."""
        return f"arn:aws:sqs:{REGION}:{ACCOUNT}:{queue}"

    def _closing(self, client: Any) -> Any:
        self._stack.callback(client.close)
        return client
