"""Every test of this folder is marked `faults`. SEED and EVENTS of the environment choose the fault run."""

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
