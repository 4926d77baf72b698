"""The Dotdigital sandbox as pytest fixtures: one server for the session, reset before each test."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Literal

import pytest

from dev.sandbox.failures import Armed
from dev.sandbox.journal import RequestRecord
from dev.sandbox.server import Sandbox
from tests.support.contract import Departure, departures

Excused = Literal["none", "refused", "all"]
"""Which requests that Dotdigital's descriptions forbid are meant."""


@pytest.fixture(scope="session")
def sandbox_server() -> Iterator[Sandbox]:
    """The server itself; tests use `sandbox`, which starts clean."""
    with Sandbox() as server:
        yield server


@pytest.fixture
def sandbox(sandbox_server: Sandbox, request: pytest.FixtureRequest) -> Iterator[Sandbox]:
    """The sandbox as its seed makes it.

    The test fails at its end if a failure that it armed was not used, and if a request or a response is not what
    Dotdigital's descriptions say. A test marked `asks_wrongly` with its reason may send what they forbid, where the
    sandbox refuses it or, with `accepted=True`, even where it does not.
    `unmet_expectations` and `off_contract` say so without failing.
    """
    sandbox_server.reset()
    yield sandbox_server
    excused = _excused(request.node.get_closest_marker("asks_wrongly"))
    problems = unmet_expectations(sandbox_server.failures) + off_contract(sandbox_server.requests, excused)
    if problems:
        pytest.fail("\n".join(problems))


def unmet_expectations(failures: Iterable[Armed]) -> list[str]:
    """What a test left open: armed failures that were not used."""
    return [
        f"armed failure {armed.id} was used {armed.used} times of {armed.failure.times or 1}: "
        f"{armed.failure.model_dump(mode='json', exclude_defaults=True)}"
        for armed in failures
        if armed.pending
    ]


def off_contract(requests: Iterable[RequestRecord], excused: Excused = "none") -> list[str]:
    """What Dotdigital's descriptions do not have: requests that are not excused, and responses of the sandbox."""
    return sorted({str(one) for one in departures(requests) if not (one.in_request and _is_excused(one, excused))})


def _excused(marker: pytest.Mark | None) -> Excused:
    if marker is None:
        return "none"
    return "all" if marker.kwargs.get("accepted") else "refused"


def _is_excused(departure: Departure, excused: Excused) -> bool:
    return excused == "all" or (excused == "refused" and departure.is_refused)
