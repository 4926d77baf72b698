"""Ways to put one directive to the test, as the value of the key "v"."""

import pytest

from segment_events.mapping import MappingError, MappingResolutionError, compile_mapping


@pytest.fixture
def resolved():
    """What {"v": directive} makes of an event."""
    return lambda directive, event=None: compile_mapping({"v": directive})(event or {})


@pytest.fixture
def problems():
    """The problems of {"v": directive}."""

    def found(directive):
        with pytest.raises(MappingError) as error:
            compile_mapping({"v": directive})
        return error.value.problems

    return found


@pytest.fixture
def failure():
    """Path and reason of the error that {"v": directive} ends in for an event."""

    def met(directive, event):
        with pytest.raises(MappingResolutionError) as error:
            compile_mapping({"v": directive})(event)
        return error.value.path, error.value.reason

    return met
