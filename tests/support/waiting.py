"""Waits for what another thread or process does. Each ends: after a minute, which no machine is too slow for."""

import time
from collections.abc import Callable

_MOST_SECONDS = 60


def wait_until(condition: Callable[[], object]) -> None:
    """Wait until `condition` gives something true."""
    deadline = time.monotonic() + _MOST_SECONDS
    while not condition():
        assert time.monotonic() < deadline, f"it did not come to that within {_MOST_SECONDS} seconds"
        time.sleep(0.01)
