"""The moved time of a worker's process: it ticks with real time, ahead by what the run moved it."""

import multiprocessing
import time
from multiprocessing.connection import Connection

from tests.faults.process_clock import CLOCK

AHEAD = 5000.0


def tell_times(pipe: Connection) -> None:
    CLOCK.start()
    CLOCK.slept = lambda until: until + 1
    before = time.monotonic()
    CLOCK.move_to(AHEAD)
    pipe.send((time.time(), time.monotonic() - before))
    started = time.monotonic()
    time.sleep(60)
    pipe.send((time.time(), time.monotonic() - started))


def test_a_forked_process_is_ahead_by_what_it_was_moved_and_its_sleeps_are_given_to_the_run() -> None:
    processes = multiprocessing.get_context("forkserver")
    ours, its = processes.Pipe()
    process = processes.Process(target=tell_times, args=(its,))
    process.start()
    moved, slept = ours.recv(), ours.recv()
    now = time.time()
    process.join()
    ours.close()
    its.close()
    assert moved[0] - now > AHEAD - 1
    assert AHEAD <= moved[1] < AHEAD + 1
    assert AHEAD + 60 < slept[0] - now < AHEAD + 62
    assert 61 <= slept[1] < 62
