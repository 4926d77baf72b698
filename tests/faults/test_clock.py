"""The moved time of a worker's process: it ticks with real time, ahead by what the run moved it."""

import time
from multiprocessing.connection import Connection

import pytest
import time_machine

from tests.faults.aws import PROCESSES
from tests.faults.clock import CLOCK

AHEAD = 5000.0


def ahead() -> float:
    """How far the wall clock is ahead of the real one."""
    real: float = time_machine.escape_hatch.time.time()
    return time.time() - real


def is_about(seconds: float) -> object:
    """Beside what it was moved, real time passes: less than a minute, however slow the machine."""
    return pytest.approx(seconds + 29, abs=30)


def tell_times(pipe: Connection) -> None:
    CLOCK.start()
    CLOCK.slept = lambda until: until + 1
    before = time.monotonic()
    CLOCK.move_to(AHEAD)
    pipe.send((ahead(), time.monotonic() - before))
    started = time.monotonic()
    time.sleep(60)
    pipe.send((ahead(), time.monotonic() - started))


def test_a_forked_process_is_ahead_by_what_it_was_moved_and_its_sleeps_are_given_to_the_run() -> None:
    ours, its = PROCESSES.Pipe()
    process = PROCESSES.Process(target=tell_times, args=(its,))
    process.start()
    with ours, its:
        assert ours.recv() == (is_about(AHEAD), is_about(AHEAD))
        assert ours.recv() == (is_about(AHEAD + 61), is_about(61))
    process.join(60)
