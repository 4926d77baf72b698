"""One way to put a template to the test."""

from datetime import UTC, datetime
from typing import Any, Protocol

import pytest

from segment_events.mapping import compile_mapping


class Printed(Protocol):
    """Gives what an expression prints for the variable x."""

    def __call__(self, expression: str, x: Any = None) -> Any: ...


@pytest.fixture
def printed() -> Printed:
    """What {{ expression }} prints for the variable x, on 5 November 2024."""

    def render(expression: str, x: Any = None) -> Any:
        run = compile_mapping(
            {"v": {"@liquid": f"{{{{ {expression} }}}}"}}, now=lambda: datetime(2024, 11, 5, 10, 20, 30, tzinfo=UTC)
        )
        return run({"x": x})["v"]

    return render
