"""Hands invocations to workers, kills and replaces them, and hears what they respond."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import wait
from typing import Any, Final

from tests.faults.machine import Machine, Response, Worker

_LONGEST_REAL_SECONDS: Final = 60.0


@dataclass(frozen=True)
class Job:
    """An invocation and what to do with its response; None stands for a function that was killed or timed out.

    `seconds` is what Lambda gives it, `kill_after` the real seconds after which it is killed in the middle.
    """

    function: str
    event: Mapping[str, Any]
    done: Callable[[Response | None], None]
    seconds: float = 150
    kill_after: float | None = None


@dataclass(frozen=True)
class _Running:
    worker: Worker
    job: Job
    killed_at: float


class Dispatcher:
    """Workers, each with at most one job. `kills` and `timeouts` count those that were ended in the middle."""

    def __init__(self, machine: Machine, workers: int) -> None:
        """Start the workers."""
        self._machine = machine
        self._idle = [machine.worker() for _ in range(workers)]
        self._running: list[_Running] = []
        self.invocations = self.kills = self.timeouts = 0

    @property
    def is_free(self) -> bool:
        """Whether a worker has nothing to do."""
        return bool(self._idle)

    @property
    def is_busy(self) -> bool:
        """Whether a worker has something to do."""
        return bool(self._running)

    def start(self, job: Job) -> None:
        """Hand a job to a worker that has nothing to do."""
        worker = self._idle.pop(0)
        real_seconds = min(job.seconds + 0.5, _LONGEST_REAL_SECONDS)
        ends = time.monotonic() + (real_seconds if job.kill_after is None else job.kill_after)
        self._machine.start(worker, job.function, job.event, job.seconds)
        self._running.append(_Running(worker, job, ends))
        self.invocations += 1

    def turn(self) -> None:
        """Wait for the next thing to happen, a response, a sleep or a kill, and deal with it."""
        first = min(running.killed_at for running in self._running)
        ready = wait([running.worker.pipe for running in self._running], max(0.0, first - time.monotonic()))
        for running in list(self._running):
            if running.worker.pipe in ready:
                self._hear(running)
            elif running.killed_at <= time.monotonic():
                self._kill(running)

    def _hear(self, running: _Running) -> None:
        response = self._machine.heard(running.worker)
        if response is not None:
            self._running.remove(running)
            self._idle.append(running.worker)
            running.job.done(response)

    def _kill(self, running: _Running) -> None:
        running.worker.kill()
        self.timeouts += running.job.kill_after is None
        self.kills += running.job.kill_after is not None
        self._running.remove(running)
        self._idle.append(self._machine.worker())
        running.job.done(None)
