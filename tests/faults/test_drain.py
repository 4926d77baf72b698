"""A full queue against an account that lets 150 requests a minute through: it drains at that rate, few are refused."""

from pathlib import Path
from random import Random

import pytest

from dev.sandbox.limits import LimitRules
from tests.faults.dispatcher import Dispatcher
from tests.faults.machine import Machine
from tests.faults.sources import EventSource, run_down
from tests.support.queued import body

ACTION = "add_contact_to_list"
MESSAGES = 600
PER_MINUTE = 150
REFUSED = 429


def share_of_the_limit(done: int, waited: float) -> float:
    """What was done, of what the limit lets through in the seconds waited: a full minute's requests at its very start.

    The real seconds that the functions took beside the waits are the machine's and count for nothing.
    """
    return done / (PER_MINUTE * (waited / 60 + 1))


@pytest.mark.parametrize("reset_as", ["epoch", "seconds"])
def test_a_queue_drains_at_the_limits_rate(tmp_path: Path, reset_as: str) -> None:
    rules = LimitRules.model_validate({"scheme": "tiered", "per_minute": PER_MINUTE, "reset_as": reset_as})
    with Machine(tmp_path, rules=rules) as machine:
        people = [f"customer-{number}@example.com" for number in range(MESSAGES)]
        machine.account.put(ACTION, *(body(ACTION, f"drain-{n}", email=email) for n, email in enumerate(people)))
        run_down(machine, EventSource(machine, Random(1), batch_sizes={ACTION: 10}), Dispatcher(machine, 2))
        requests, share = machine.sandbox.requests, share_of_the_limit(MESSAGES, machine.moved)
    refused = sum(record.status == REFUSED for record in requests)
    print(f"{MESSAGES} at {share:.1%} of the limit, {refused} refused")  # noqa: T201
    assert len(requests) - refused == MESSAGES
    assert refused <= 0.05 * len(requests)
    assert share >= 0.95
