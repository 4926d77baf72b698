"""One trouble at a time, and nothing else: every event is delivered, each send made once, and none is in doubt."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from dev.sandbox.limits import LimitRules
from tests.faults import effects
from tests.faults.aws_faults import DYNAMODB, FaultPlan
from tests.faults.dispatcher import Dispatcher
from tests.faults.event_source import EventSource
from tests.faults.fates import dead_letters, fates
from tests.faults.machine import Machine
from tests.faults.resources import queue_of
from tests.faults.running_down import run_down
from tests.faults.worker import Invocation
from tests.support.queued import SUBSCRIPTIONS, body

SENDS = 12
SEND_ACTIONS = ("send_sms", "enrol_contact")


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with Machine(tmp_path_factory.mktemp("trouble"), rules=LimitRules(enrolments_per_hour=10_000)) as machine:
        yield machine


@pytest.fixture
def machine(started: Machine) -> Machine:
    started.sandbox.reset()
    return started


@pytest.fixture
def source(machine: Machine) -> EventSource:
    return EventSource(machine, Random(1))


def put(machine: Machine, action: str, test: str, *events: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Put an event for each of these properties into the action's queue; give what each is known by."""
    bodies = [body(action, f"{test}-{number}", **each) for number, each in enumerate(events)]
    url = machine.sqs.get_queue_url(QueueName=queue_of(action))["QueueUrl"]
    for each in bodies:
        machine.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(each))
    return [(SUBSCRIPTIONS[action], each["event"]["messageId"]) for each in bodies]


def people(action: str, test: str) -> list[dict[str, Any]]:
    """What tells each of so many sends from the others."""
    if action == "send_sms":
        return [{"message": f"{test} {number}", "phone": f"+447700900{number:03}"} for number in range(SENDS)]
    return [{"email": f"{test}-{number}@example.com"} for number in range(SENDS)]


def ends(machine: Machine, keys: list[tuple[str, str]]) -> Counter[str]:
    """How often each fate came, and that nothing was sent twice."""
    assert [mark for mark, times in effects.sends(machine.sandbox).items() if times > 1] == []
    found = fates(machine, list(dead_letters(machine)))
    return Counter(found[key].name if key in found else "none" for key in keys)


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "DeleteItem", ""])
@pytest.mark.parametrize("action", SEND_ACTIONS)
def test_what_dynamodb_did_and_did_not_answer_puts_nothing_in_doubt(
    machine: Machine, source: EventSource, action: str, operation: str
) -> None:
    test = f"deaf-{action}-{operation}"
    keys = put(machine, action, test, *people(action, test))
    machine.aws.follow(FaultPlan(deaf=(DYNAMODB + operation,)))
    batch = source.next_batch()
    assert batch is not None
    machine.call(machine.worker(), action, {"Records": batch[1]})
    machine.aws.follow(FaultPlan())
    run_down(machine, source, Dispatcher(machine, 2))
    assert ends(machine, keys) == {"delivered": SENDS}
    assert effects.sends(machine.sandbox).total() == SENDS


@pytest.mark.parametrize("slow", [0.7, 3.0], ids=["in time", "too late"])
@pytest.mark.parametrize("action", SEND_ACTIONS)
def test_a_slow_dynamodb_ends_no_function_in_the_middle_of_a_send(
    machine: Machine, source: EventSource, action: str, slow: float
) -> None:
    test = f"slow-{action}-{slow}"
    keys = put(machine, action, test, *people(action, test))
    machine.aws.follow(FaultPlan(slow=slow))
    dispatcher = Dispatcher(machine, 1)
    batch = source.next_batch()
    assert batch is not None
    dispatcher.start(source.job(*batch, seconds=9.0))
    while dispatcher.is_busy:
        dispatcher.turn()
    assert dispatcher.timeouts == 0
    machine.aws.follow(FaultPlan())
    run_down(machine, source, dispatcher)
    assert ends(machine, keys) == {"delivered": SENDS}


@pytest.mark.parametrize("action", SEND_ACTIONS)
def test_two_containers_with_the_same_batch_make_each_send_once(
    machine: Machine, source: EventSource, action: str
) -> None:
    test = f"twice-{action}"
    keys = put(machine, action, test, *people(action, test))
    batch = source.next_batch()
    assert batch is not None
    machine.sandbox.fail("delay", seconds=1)
    workers = [machine.worker(), machine.worker()]
    for worker in workers:
        worker.start(Invocation(action, {"Records": batch[1]}, 150, machine.moved))
    answers = [machine.heard(worker.pipe) for worker in workers]
    assert [answer.error if answer else "no answer" for answer in answers] == [None, None]
    run_down(machine, source, Dispatcher(machine, 2))
    assert ends(machine, keys) == {"delivered": SENDS}
    assert effects.sends(machine.sandbox).total() == SENDS


@pytest.mark.parametrize(
    "failure",
    [
        {"action": "status", "status": 500},
        {"action": "status", "status": 408},
        {"action": "status", "status": 429, "headers": {"Retry-After": "2"}},
        {"action": "drop_before"},
        {"action": "drop_after"},
        {"action": "body", "body": "<html>"},
        {"action": "body", "body": []},
    ],
    ids=lambda failure: "-".join(str(value) for value in failure.values()),
)
def test_a_poll_that_fails_makes_no_second_import(
    machine: Machine, source: EventSource, failure: dict[str, Any]
) -> None:
    keys = put(
        machine, "add_contact_to_list", f"poll-{failure}", *({"email": f"c{each}@example.com"} for each in range(60))
    )
    machine.sandbox.fail(path="^/contacts/v3/import/", method="GET", **failure)
    run_down(machine, source, Dispatcher(machine, 1))
    assert ends(machine, keys) == {"delivered": 60}
    assert Counter(request.method for request in machine.sandbox.requests if request.method != "GET") == {"PUT": 1}
