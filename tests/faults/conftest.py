"""Every test of this folder is marked `faults`. SEED of the environment chooses what chance decides, EVENTS how many.

A `machine` holds the sandbox, AWS (`aws`, moto with faults before it) and worker processes, all on one moved `clock`.
The `dispatcher` hands workers invocations and kills them; `sources` are where those come from: Segment and the queues.
A `fault_run` makes `planned` events, some of them `poison`, arms failures, and has the `verdict` hold what became of
each event against the sandbox's journal.
"""

import os
from pathlib import Path

import pytest

from tests.faults.machine import Machine

SEED = int(os.environ.get("SEED") or 1)
EVENTS = int(os.environ.get("EVENTS") or 1500)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture
def machine(started: Machine) -> Machine:
    """The machine that a module has `started`, with a sandbox as its seed makes it."""
    started.sandbox.reset()
    return started
