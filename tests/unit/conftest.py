"""A client of the scripted Dotdigital."""

import pytest

from dotdigital import Dotdigital
from tests.support.dotdigital_server import DotdigitalServer


@pytest.fixture
def dotdigital(server: DotdigitalServer) -> Dotdigital:
    """A client of the server."""
    return server.client()
