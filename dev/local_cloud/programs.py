"""Start programs, each in a process group of its own, and end every one of them."""

import os
import signal
import subprocess
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Self


class LocalCloudError(Exception):
    """What stops a local run; its text, one line that says what to do, is all that the person needs to see."""


class Programs:
    """The programs of one run; as a context manager, it ends them all on the way out.

    A group of its own keeps Ctrl-C of the terminal from a program, so the order of ending is ours,
    and lets the program's children (MiniStack's Lambda workers) be ended with it. What a program
    prints goes to `<logs>/<name>.log`.
    """

    def __init__(
        self, logs: Path, environment: Mapping[str, str], *, start_seconds: float = 30, stop_seconds: float = 5
    ) -> None:
        """Keep where logs go (the folder is made) and the environment of each program.

        A server may take `start_seconds` to be ready, and each program `stop_seconds` to end by itself.
        """
        self._logs = logs
        self._environment = dict(environment)
        self._start_seconds = start_seconds
        self._stop_seconds = stop_seconds
        self._running: list[subprocess.Popen[bytes]] = []
        logs.mkdir(parents=True, exist_ok=True)

    def __enter__(self) -> Self:
        """Return the programs themselves."""
        return self

    def __exit__(self, *_: object) -> None:
        """End every program still running; a second Ctrl-C meanwhile changes nothing."""
        with _deaf_to(signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            for program in self._running:
                _signal_group(program, signal.SIGTERM)
            deadline = time.monotonic() + self._stop_seconds
            for program in self._running:
                with suppress(subprocess.TimeoutExpired):
                    program.wait(max(0.0, deadline - time.monotonic()))
                _signal_group(program, signal.SIGKILL)
                program.wait()

    def start(
        self, name: str, command: Sequence[str], more_environment: Mapping[str, str] | None = None
    ) -> subprocess.Popen[bytes]:
        """Start a program and return it; its output goes to its log."""
        with self._log(name).open("wb") as log:
            program = subprocess.Popen(
                command,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                env=self._environment | dict(more_environment or {}),
                start_new_session=True,
            )
        self._running.append(program)
        return program

    def finish(self, name: str, command: Sequence[str]) -> None:
        """Run a program to its end; raise LocalCloudError with its last words if it fails."""
        program = self.start(name, command)
        if program.wait() != 0:
            raise self._failure(name, f"failed with exit status {program.returncode}")
        self._running.remove(program)

    def wait_until(self, name: str, program: subprocess.Popen[bytes], is_ready: Callable[[], bool]) -> None:
        """Wait until a started program is ready; raise LocalCloudError if it ends or is too slow."""
        deadline = time.monotonic() + self._start_seconds
        while not is_ready():
            self.check(name, program)
            if time.monotonic() > deadline:
                raise self._failure(name, f"did not respond within {self._start_seconds:g} s")
            time.sleep(0.05)

    def check(self, name: str, program: subprocess.Popen[bytes]) -> None:
        """Raise LocalCloudError if a started program has ended."""
        if program.poll() is not None:
            raise self._failure(name, f"ended with exit status {program.returncode}")

    def _log(self, name: str) -> Path:
        return self._logs / f"{name}.log"

    def _failure(self, name: str, what: str) -> LocalCloudError:
        lines = self._log(name).read_text(errors="replace").strip().splitlines()
        words = f": {lines[-1].strip()}" if lines else ""
        return LocalCloudError(f"{name} {what}{words} (all it said: {self._log(name)})")


def _signal_group(program: subprocess.Popen[bytes], number: signal.Signals) -> None:
    with suppress(ProcessLookupError):
        os.killpg(program.pid, number)


@contextmanager
def _deaf_to(*numbers: signal.Signals) -> Iterator[None]:
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
