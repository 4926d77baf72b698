"""AWS in a process of its own: moto's server over real HTTP, on the run's clock, with faults before it.

moto itself lives on the moved clock. So the visibility that a function asks for, the count of receives and the redrive
policy are moto's own work, and the driver only asks when the next message is due; it keeps no books of its own that
could be wrong in the same way as the code under test.
"""

import logging
import multiprocessing
import os
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any, Self

from tests.faults.aws_faults import FaultPlan, FaultyAws
from tests.faults.process_clock import CLOCK
from tests.faults.resources import REGION

ACCOUNT = "123456789012"


@dataclass(frozen=True)
class Waiting:
    """A queue's messages: how many can be received now, how many later, and in how many seconds the next of those."""

    visible: int
    later: int
    seconds: float | None


class AwsProcess:
    """The driver's end: starts the process, moves its clock, arms its faults."""

    def __init__(self) -> None:
        """Start it and wait until it listens."""
        processes = multiprocessing.get_context("forkserver")
        self._pipe, its_end = processes.Pipe()
        self._process = processes.Process(target=_serve, args=(its_end,), daemon=True)
        self._process.start()
        its_end.close()
        self.url = f"http://127.0.0.1:{self._pipe.recv()}"

    def __enter__(self) -> Self:
        """Use it."""
        return self

    def __exit__(self, *_: object) -> None:
        """End the process."""
        self._process.kill()
        self._process.join()
        self._pipe.close()

    def move_to(self, moved: float) -> None:
        """Let moto's clock stand `moved` seconds ahead of real time."""
        self._asked("move_to", moved)

    def follow(self, plan: FaultPlan) -> None:
        """Fail by that plan from now on."""
        self._asked("follow", plan)

    def waiting(self) -> Mapping[str, Waiting]:
        """What every queue holds, by its name."""
        waiting: Mapping[str, Waiting] = self._asked("waiting")
        return waiting

    def fault_counts(self) -> Mapping[str, int]:
        """How often each fault was used."""
        counts: Mapping[str, int] = self._asked("fault_counts")
        return counts

    def _asked(self, name: str, *arguments: object) -> Any:
        self._pipe.send((name, arguments))
        return self._pipe.recv()


def _serve(pipe: Connection) -> None:
    from moto.moto_server.werkzeug_app import (  # noqa: PLC0415 - a second that only this process needs
        DomainDispatcherApplication,
        MotoRequestHandler,
        create_backend_app,
    )
    from moto.sqs.models import Queue  # noqa: PLC0415
    from werkzeug.serving import make_server  # noqa: PLC0415

    os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    # moto counts all messages anew for every message that it takes or gives; without that, 1,000 waiting are no load.
    Queue.BASE_ATTRIBUTES = [name for name in Queue.BASE_ATTRIBUTES if not name.startswith("Approximate")]
    MotoRequestHandler.protocol_version = "HTTP/1.1"
    aws = FaultyAws(DomainDispatcherApplication(create_backend_app))
    server = make_server("127.0.0.1", 0, aws, threaded=True, request_handler=MotoRequestHandler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    CLOCK.start()
    pipe.send(server.server_port)
    _obey(pipe, _Control(aws))


def _obey(pipe: Connection, control: "_Control") -> None:
    while True:
        try:
            name, arguments = pipe.recv()
        except EOFError:
            return
        method: Callable[..., Any] = getattr(control, name)
        pipe.send(method(*arguments))


class _Control:
    def __init__(self, aws: FaultyAws) -> None:
        self._aws = aws

    def move_to(self, moved: float) -> None:
        CLOCK.move_to(moved)

    def follow(self, plan: FaultPlan) -> None:
        self._aws.follow(plan)

    def fault_counts(self) -> Mapping[str, int]:
        return self._aws.counts

    def waiting(self) -> Mapping[str, Waiting]:
        from moto.sqs.models import sqs_backends  # noqa: PLC0415

        now = time.time() * 1000
        return {name: _waiting(queue, now) for name, queue in sqs_backends[ACCOUNT][REGION].queues.items()}


def _waiting(queue: Any, now: float) -> Waiting:
    due = [message.visible_at for message in list(queue._messages)]
    later = [moment for moment in due if moment >= now]
    # Whole milliseconds, and one more: moto shows a message only after its moment.
    seconds = (min(later) - now) / 1000 + 0.002 if later else None
    return Waiting(len(due) - len(later), len(later), seconds)
