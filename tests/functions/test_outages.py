"""Dotdigital stops to answer sends: a few are in doubt, the others wait, and are delivered once it answers again."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Final

import boto3
import pytest

from aws.action_queue import wait_seconds
from aws.outage_table import OutageTable
from aws.settings import Settings
from cli.actions import load_action
from delivery.batch import deliver_many
from delivery.pipeline import Delivery, Prepared, Times
from dev.sandbox.server import Sandbox
from dotdigital import Account, Dotdigital, Transport
from dotdigital.send_gate import NOT_MADE, Outage, SendGate
from tests.support.aws import ENVIRONMENT, Aws
from tests.support.deliveries import NOW, Record
from tests.support.dotdigital_server import Clock
from tests.support.functions import Context, Handler, load_handler, outcome_of
from tests.support.queued import body, dead_letters, deliver
from tests.support.segment import rest_event

CONTAINERS: Final = 5
A_BATCH: Final = 10
OUTAGE_SECONDS: Final = 600.0
EPOCH: Final = 1_795_000_000.0


def outage_table(clock: Clock) -> OutageTable:
    """What the containers of send_sms share."""
    dynamodb = boto3.client("dynamodb")
    return OutageTable(Settings.from_environment(ENVIRONMENT), "send_sms", lambda: dynamodb, clock)


class Container:
    """A function's environment: it delivers a batch at a time, with a gate and a connection of its own."""

    def __init__(self, sandbox: Sandbox, clock: Clock) -> None:
        transport = Transport(Account(sandbox.url, sandbox.username, sandbox.password), now=clock)
        transport.sends = self.gate = SendGate(outage_table(clock), clock)
        self.delivery: Delivery[Any] = Delivery(load_action("send_sms"), Dotdigital(transport), NOW, Record())

    def deliver(self, numbers: list[int]) -> dict[int, tuple[str, float]]:
        """Give for each number the kind of its outcome, and the seconds that it is told to wait."""
        self.gate.begin()
        payloads = {f"m-{one}": {"to": f"+4477009{one:05}", "message": "Hello"} for one in numbers}
        prepared = [
            self.delivery.prepare(payload, "Texts", Times(NOW, NOW), name) for name, payload in payloads.items()
        ]
        outcomes = deliver_many(self.delivery, [each for each in prepared if isinstance(each, Prepared)])
        return {number: (each.outcome, each.retry_after or 0.0) for number, each in zip(numbers, outcomes, strict=True)}


class Queue:
    """Messages by number, each with the time from which it can be received, and what became of the others."""

    def __init__(self, messages: int, clock: Clock) -> None:
        self._clock = clock
        self._receives: Counter[int] = Counter()
        self._random = random.Random(1)
        self.waiting = dict.fromkeys(range(messages), clock())
        self.done: Counter[str] = Counter()

    def work_until(self, time: float, containers: list[Container]) -> None:
        """Let the containers work on what can be received, all at once, and move the clock on where nothing can."""
        with ThreadPoolExecutor(len(containers)) as pool:
            while self.waiting and self._clock() < time:
                ready = sorted(number for number, since in self.waiting.items() if since <= self._clock())
                if not ready:
                    self._clock.seconds = min(time, *self.waiting.values())
                    continue
                batches = [ready[A_BATCH * n : A_BATCH * (n + 1)] for n in range(len(containers))]
                for told in pool.map(Container.deliver, containers, batches):
                    for number, (kind, wait) in told.items():
                        self._settle(number, kind, wait)

    def _settle(self, number: int, kind: str, wait: float) -> None:
        if kind == "retry":
            self._receives[number] += 1
            seconds = wait_seconds(self._receives[number], wait, 72, self._random.random())
            self.waiting[number] = self._clock() + max(seconds, 1)
        else:
            del self.waiting[number]
            self.done[kind] += 1


@pytest.mark.parametrize("answered_before", [0, 333], ids=["before the first", "in the middle"])
def test_ten_minutes_of_503_leave_few_in_doubt_and_the_rest_is_delivered_afterwards(
    sandbox: Sandbox, answered_before: int
) -> None:
    clock = Clock(EPOCH)
    queue = Queue(1_000, clock)
    # A response that is held back lets every container have a send under way.
    sandbox.fail("status", path="sms-messages", status=503, times=None, after=answered_before, seconds=0.2)
    queue.work_until(EPOCH + OUTAGE_SECONDS, [Container(sandbox, clock) for _ in range(CONTAINERS)])
    in_doubt = queue.done["in_doubt"]
    assert queue.done["delivered"] == answered_before
    assert CONTAINERS <= in_doubt <= 12
    sandbox.state.failures.clear()
    queue.work_until(EPOCH + 10 * OUTAGE_SECONDS, [Container(sandbox, clock) for _ in range(CONTAINERS)])
    assert queue.done == {"delivered": 1_000 - in_doubt, "in_doubt": in_doubt}
    assert sum(effect.effect == "sms_sent" for effect in sandbox.journal) == 1_000 - in_doubt
    assert clock() - EPOCH < 3 * OUTAGE_SECONDS


def outcome(message_id: str, action: str = "send_sms", handler: Handler | None = None) -> dict[str, Any]:
    """The outcome of an event by the direct route, in a new container where none is given."""
    event = rest_event(body(action, message_id)["event"], f"/actions/{action.replace('_', '-')}")
    return outcome_of((handler or load_handler(action))(event, Context()))


def test_all_containers_know_of_an_outage_and_what_waits_is_not_made(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("status", path="sms-messages", status=503, times=2)
    assert [outcome(message_id)["outcome"] for message_id in ("m-1", "m-2")] == ["in_doubt", "in_doubt"]
    waiting = outcome("m-3")
    assert (waiting["outcome"], waiting["reason"]) == ("retry", NOT_MADE)
    assert 0 < waiting["dotdigital"]["retryAfter"] <= 10
    assert len(sandbox.requests) == 2
    assert len(aws.sends()) == 3  # the two that are in doubt and the outage: no claim of what waits
    # A copy is told what the first came to, whatever goes on, and no other action waits.
    assert outcome("m-1")["outcome"] == "in_doubt"
    assert outcome("m-3", "send_transactional_sms")["outcome"] == "delivered"


def test_a_batch_reads_what_is_shared_once_and_its_rest_waits(aws: Aws, sandbox: Sandbox) -> None:
    sandbox.fail("drop_after", path="sms-messages", times=2)
    messages = [body(message_id=f"m-{number}", phone=f"+44770090{number:04}") for number in range(8)]
    assert len(deliver(aws, "send_sms", *messages)) == 6
    assert [attributes["outcome"] for _, attributes in dead_letters(aws, "send_sms")] == ["in_doubt", "in_doubt"]
    assert len(sandbox.requests) == 2


def test_enrolments_wait_without_a_request(sandbox: Sandbox) -> None:
    sandbox.fail("status", path="enrolments", status=502, times=2)
    handler = load_handler("enrol_contact")
    told = [outcome(message_id, "enrol_contact", handler) for message_id in ("m-1", "m-2", "m-3")][-1]
    assert (told["outcome"], told["reason"]) == ("retry", NOT_MADE)
    assert Counter(request.method for request in sandbox.requests) == {"PATCH": 2, "POST": 2}


def test_what_is_shared_is_changed_only_by_who_knows_what_stands_there(aws: Aws) -> None:
    table, began = outage_table(Clock(EPOCH)), Outage(0.0, 1000.0)
    probed = Outage(10.0, 1010.0, probed_at=1000.0)
    assert table.read(None) is None
    assert [table.change(None, began), table.change(None, began)] == [True, False]
    assert [table.change(probed, began), table.change(began, probed)] == [False, True]
    assert table.read(None) == probed
    aws.drop_sends_table()
    assert (table.read(began), table.change(probed, began)) == (began, None)
