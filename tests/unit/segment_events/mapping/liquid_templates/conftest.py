"""One way to put a template to the test."""

from datetime import UTC, datetime

import pytest

from segment_events.mapping import compile_mapping


@pytest.fixture
def printed():
    """What {{ expression }} prints for the variable x, on 5 November 2024."""

    def render(expression, x=None):
        run = compile_mapping(
            {"v": {"@liquid": f"{{{{ {expression} }}}}"}}, now=lambda: datetime(2024, 11, 5, 10, 20, 30, tzinfo=UTC)
        )
        return run({"x": x})["v"]

    return render
