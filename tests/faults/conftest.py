"""Every test of this folder is marked `faults`. SEED of the environment chooses what chance decides, EVENTS how many.

A `machine` holds the sandbox, AWS (`aws_process`, with `aws_faults` before moto) and the `worker` processes,
all on one moved clock (`process_clock`). The `dispatcher` hands them invocations and kills them. Invocations come from
Segment (`segment_source`) and from the queues (`event_source`). A `fault_run` makes `planned` events, lets `chaos` arm
failures, collects `fates`, and has the `verdict` hold them against the `effects` that the sandbox wrote down.
"""

import os
from pathlib import Path

import pytest

SEED = int(os.environ.get("SEED") or 1)
EVENTS = int(os.environ.get("EVENTS") or 1500)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.faults)


@pytest.fixture(scope="session")
def seed() -> int:
    return SEED


@pytest.fixture(scope="session")
def events() -> int:
    return EVENTS
