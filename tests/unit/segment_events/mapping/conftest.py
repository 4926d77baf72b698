"""Ways to put one directive to the test, as the value of the key "v"."""

from collections.abc import Callable, Mapping
from typing import Any, Protocol

import pytest

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping


class Resolved(Protocol):
    """Gives what a directive makes of an event."""

    def __call__(self, directive: Any, event: Mapping[str, Any] | None = None) -> dict[str, Any]: ...


Problems = Callable[[Any], tuple[str, ...]]
"""Gives the problems of a directive."""

Failure = Callable[[Any, Mapping[str, Any]], tuple[str, str]]
"""Gives path and reason of the error that a directive ends in for an event."""


@pytest.fixture
def resolved() -> Resolved:
    """What {"v": directive} makes of an event."""
    return lambda directive, event=None: compile_mapping({"v": directive})(event or {})


@pytest.fixture
def problems() -> Problems:
    """The problems of {"v": directive}."""

    def found(directive: Any) -> tuple[str, ...]:
        with pytest.raises(MappingError) as error:
            compile_mapping({"v": directive})
        return error.value.problems

    return found


@pytest.fixture
def failure() -> Failure:
    """Path and reason of the error that {"v": directive} ends in for an event."""

    def met(directive: Any, event: Mapping[str, Any]) -> tuple[str, str]:
        with pytest.raises(MappingResolutionError) as error:
            compile_mapping({"v": directive})(event)
        return error.value.path, error.value.reason

    return met
