"""The deployed template on the local cloud, once for all tests."""

import io
from collections.abc import Iterator

import pytest
from rich.console import Console

from dev import PROJECT, SUBSCRIPTIONS_FILE
from dev.local_cloud.run import Ports, Running, local_cloud
from dev.local_cloud.servers import choose_port
from tests.end_to_end.cloud import Cloud


@pytest.fixture(scope="session")
def running() -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch:
        patch.chdir(PROJECT)
        ports = Ports(choose_port(None, ""), choose_port(None, ""))
        with local_cloud(Console(file=io.StringIO()), ports, SUBSCRIPTIONS_FILE) as running:
            yield running


@pytest.fixture
def cloud(running: Running) -> Iterator[Cloud]:
    """The stack with a sandbox as its seed makes it; what tests left in dead-letter queues stays there.

    The test fails at its end for a request that Dotdigital's descriptions do not have.
    """
    cloud = Cloud(running)
    cloud.reset_sandbox()
    yield cloud
    assert cloud.off_contract() == []
