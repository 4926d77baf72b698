"""One machine for the tests of a module, which it gives its environment."""

from collections.abc import Iterator

import pytest

from local.bench.machine import Machine


@pytest.fixture(scope="module")
def machine() -> Iterator[Machine]:
    with Machine() as machine:
        yield machine
