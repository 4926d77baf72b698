"""The time that a process of a run lives in: real time, moved on by the run, so that an hour's wait costs nothing.

time-machine moves the wall clock (https://time-machine.readthedocs.io/); `time.monotonic` and `time.sleep`, which it
leaves alone, are moved here. The clock is installed before the code under test is imported: defaults such as
`monotonic=time.monotonic` are bound then.
"""

import threading
import time
from collections.abc import Callable
from datetime import UTC, datetime
from typing import SupportsFloat, SupportsIndex

import time_machine


class ProcessClock:
    """This process's clock: it ticks as real time does and is only ever moved forward."""

    def __init__(self) -> None:
        self.slept: Callable[[float], float] = float
        """Tells the run how far a sleep reaches, and gives how far the run has moved."""
        self._sleeping = threading.Lock()
        self._moved = 0.0
        self._monotonic = time.monotonic

    def install(self) -> None:
        """Put `monotonic` and `sleep` in place; children that are forked have them too."""
        time.monotonic = self.monotonic
        time.sleep = self.sleep

    def start(self) -> None:
        """Take the wall clock as well: once a process, because it does not tick on in a fork."""
        self._travel = time_machine.travel(datetime.now(UTC), tick=True).start()

    def move_to(self, moved: float) -> None:
        """Stand `moved` seconds ahead of real time, unless further ahead already."""
        if moved > self._moved:
            self._travel.shift(moved - self._moved)
            self._moved = moved

    def monotonic(self) -> float:
        return self._monotonic() + self._moved

    def sleep(self, seconds: SupportsFloat | SupportsIndex) -> None:
        """Let the whole run's time be moved on instead, once where many sleep side by side."""
        until = self._moved + max(0.0, float(seconds))
        with self._sleeping:
            if self._moved < until:
                self.move_to(self.slept(until))


CLOCK = ProcessClock()
"""The clock of this process."""
