"""Whatever comes from whatever source: nothing breaks, each outcome is in the log, and no person is.

Nothing else goes wrong here, so a response that says "again" or "our fault" is a fault of ours, unless an event waits
for its contact to be made.
"""

import json
from collections.abc import Callable, Iterator
from random import Random
from typing import Any

import pytest
from hypothesis import Phase, given, note, seed, settings
from hypothesis.strategies import randoms

from dev.sandbox.limits import LimitRules
from tests.faults.conftest import SEED
from tests.faults.machine import WEBHOOK, Machine
from tests.faults.odd_events import TELLTALES, Brought, to_a_question, to_an_action, to_the_webhook
from tests.faults.planned import write_subscriptions
from tests.faults.verdict import dead_letters
from tests.support.functions import ACTIONS

BOUNDED = settings(max_examples=200, deadline=None, database=None, phases=[Phase.generate])
WAITS = "Dotdigital does not have the contact yet"
QUEUED = ("queued", "refused")
"""What segment_webhook tells of all that an invocation brought."""

Lines = list[dict[str, Any]]


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    """A machine with every subscription that ships switched on, and no allowance that could be used up."""
    folder = tmp_path_factory.mktemp("sources")
    subscriptions = write_subscriptions(folder / "subscriptions.json", enabled=True)
    with Machine(folder, subscriptions=subscriptions, rules=LimitRules(enrolments_per_hour=1_000_000)) as machine:
        yield machine


def bring_all(
    machine: Machine,
    function: str,
    whatever: Callable[[Random], Brought],
    is_told: Callable[[Brought, Lines], bool] = lambda *_: True,
) -> None:
    """Bring whatever to a function and hold what it responds and writes against what is promised of every source."""
    worker = machine.worker()

    @seed(SEED)
    @BOUNDED
    @given(randoms(use_true_random=True))
    def bring(random: Random) -> None:
        brought = whatever(random)
        note(repr(brought))
        response = machine.call(worker, function, brought.event, 30)
        text = worker.written()
        lines = [json.loads(line) for line in text.splitlines()]
        if not any(line.get("reason") == WAITS for line in lines):
            assert response.error is None
            assert response.content is not None
            assert int(response.content.get("statusCode", 200)) < 500
            assert brought.source != "sqs" or response.content == {"batchItemFailures": []}
        assert telltales(text) == []
        assert is_told(brought, lines)

    bring()
    said = [{**letter.attributes, "answer": ""} for letter in dead_letters(machine)]
    assert telltales(json.dumps(said)) == []


def telltales(text: str) -> list[str]:
    return [telltale for telltale in TELLTALES if telltale in text.lower()]


def outcomes(lines: Lines) -> int:
    """How many outcomes a log tells, in lines of one or of many."""
    alone = [line for line in lines if line.get("message") == "outcome"]
    return len(alone) + sum(len(line["events"]) for line in lines if line.get("message") == "outcomes")


@pytest.mark.parametrize("action", ACTIONS)
def test_whatever_comes_to_an_action_has_an_outcome_that_tells_nobody(machine: Machine, action: str) -> None:
    def is_told(brought: Brought, lines: Lines) -> bool:
        return outcomes(lines) == (brought.number if brought.source == "sqs" else 1)

    bring_all(machine, action, lambda random: to_an_action(random, action), is_told)


def test_whatever_comes_to_the_webhook_is_queued_skipped_or_dead(machine: Machine) -> None:
    def is_told(brought: Brought, lines: Lines) -> bool:
        [line] = [line for line in lines if line.get("message") in QUEUED]
        counts = line.get("counts", {})
        is_counted = brought.number in (None, counts.get("events"))
        return is_counted and outcomes(lines) == counts.get("rejected", 0)

    bring_all(machine, WEBHOOK, lambda random: to_the_webhook(random, ACTIONS), is_told)


@pytest.mark.parametrize("function", ["catalog", "audiences"])
def test_whatever_is_asked_is_answered(machine: Machine, function: str) -> None:
    bring_all(machine, function, lambda random: to_a_question(random, function))
