"""A full queue against an account that lets 150 calls a minute through: it drains at that rate, few are refused."""

import json
from pathlib import Path
from random import Random

import pytest

from dev.sandbox.limits import LimitRules
from tests.faults.dispatcher import Dispatcher
from tests.faults.event_source import EventSource
from tests.faults.machine import Machine
from tests.faults.resources import queue_of
from tests.faults.running_down import run_down
from tests.support.segment import track

MESSAGES = 600
PER_MINUTE = 150
REFUSED = 429


def fill(machine: Machine, action: str, subscription: str) -> None:
    """Put messages of as many contacts into the queue of an action."""
    url = machine.sqs.get_queue_url(QueueName=queue_of(action))["QueueUrl"]
    for first in range(0, MESSAGES, 10):
        entries = [
            {"Id": str(number), "MessageBody": body(subscription, number)} for number in range(first, first + 10)
        ]
        machine.sqs.send_message_batch(QueueUrl=url, Entries=entries)


def body(subscription: str, number: int) -> str:
    event = track(subscription, email=f"customer-{number}@example.com", listId=301) | {"messageId": f"drain-{number}"}
    return json.dumps({"subscription": subscription, "event": event})


def share_of_the_limit(done: int, waited: float) -> float:
    """What was done, of what the limit lets through in the seconds waited: a full minute's calls at its very start.

    The real seconds that the functions took beside the waits are the machine's and count for nothing.
    """
    return done / (PER_MINUTE * (waited / 60 + 1))


@pytest.mark.parametrize("reset_as", ["epoch", "seconds"])
def test_a_queue_drains_at_the_limits_rate(tmp_path: Path, reset_as: str) -> None:
    rules = LimitRules.model_validate({"scheme": "tiered", "per_minute": PER_MINUTE, "reset_as": reset_as})
    with Machine(tmp_path, rules=rules) as machine:
        fill(machine, "add_contact_to_list", "Add or Update Contact")
        source = EventSource(machine, Random(1), batch_sizes={"add_contact_to_list": 10})
        run_down(machine, source, Dispatcher(machine, 2))
        requests, share = machine.sandbox.requests, share_of_the_limit(MESSAGES, machine.moved)
    refused = sum(record.status == REFUSED for record in requests)
    print(f"{MESSAGES} at {share:.1%} of the limit, {refused} refused")  # noqa: T201
    assert len(requests) - refused == MESSAGES
    assert refused <= 0.05 * len(requests)
    assert share >= 0.95
