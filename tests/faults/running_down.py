"""Runs the queues until they are empty, letting time pass where nothing is due."""

from tests.faults.dispatcher import Dispatcher
from tests.faults.event_source import EventSource
from tests.faults.machine import Machine


def run_down(machine: Machine, source: EventSource, dispatcher: Dispatcher) -> None:
    """Work on every message of every queue until none is left, visible or not."""
    while True:
        batch = source.next_batch() if dispatcher.is_free else None
        if batch:
            dispatcher.start(source.job(*batch))
        elif dispatcher.is_busy:
            dispatcher.turn()
        elif (seconds := source.seconds_until_next) is not None:
            machine.move(seconds)
        else:
            return
