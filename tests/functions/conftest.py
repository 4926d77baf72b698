import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.support.lossy_proxy import losing

__all__ = ["losing"]


@pytest.fixture(autouse=True)
def functions_environment(environment: None) -> None:
    """Every test of this folder runs functions, and in their environment."""


@pytest.fixture
def subscribe(functions_environment: None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., object]:
    """Writes the subscriptions of functions that are started from then on."""
    path = tmp_path / "subscriptions.json"
    monkeypatch.setenv("SUBSCRIPTIONS_PATH", str(path))
    return lambda *entries: path.write_text(json.dumps(entries), encoding="utf-8")
