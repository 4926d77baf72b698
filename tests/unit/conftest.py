"""The scripted Dotdigital of these tests."""

from collections.abc import Iterator

import pytest
from pytest_httpserver import HTTPServer

from dotdigital import Dotdigital
from tests.support.dotdigital_server import DotdigitalServer


@pytest.fixture
def server(httpserver: HTTPServer) -> Iterator[DotdigitalServer]:
    """A server without responses yet; the test fails at its end unless each was asked for, and nothing else."""
    scripted = DotdigitalServer(httpserver)
    yield scripted
    scripted.check()


@pytest.fixture
def dotdigital(server: DotdigitalServer) -> Dotdigital:
    """A client of the server."""
    return server.client()
