import pytest

from tests.support.lossy_proxy import losing

__all__ = ["losing"]


@pytest.fixture(autouse=True)
def functions_environment(environment: None) -> None:
    """Every test of this folder runs functions, and in their environment."""
