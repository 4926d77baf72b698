"""One trouble at a time, and nothing else: every event is delivered, each send made once, and none is in doubt."""

from collections import Counter
from collections.abc import Iterator
from random import Random
from typing import Any

import pytest

from dev.sandbox.limits import LimitRules
from tests.faults.aws import DYNAMODB, FaultPlan
from tests.faults.dispatcher import Dispatcher
from tests.faults.machine import Machine
from tests.faults.sources import EventSource, run_down
from tests.faults.verdict import dead_letters, fates, sends
from tests.support.queued import SUBSCRIPTIONS, body

SENDS = 12
EITHER_SEND = pytest.mark.parametrize("action", ["send_sms", "enrol_contact"])


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    with Machine(tmp_path_factory.mktemp("trouble"), rules=LimitRules(enrolments_per_hour=10_000)) as machine:
        yield machine


@pytest.fixture
def source(machine: Machine) -> EventSource:
    return EventSource(machine, Random(1))


def put(source: EventSource, action: str, test: str, number: int = SENDS) -> list[tuple[str, str]]:
    """Put so many events into the action's queue, each of a person of its own; give what each is known by."""
    if action == "send_sms":
        said = [{"message": f"{test} {n}", "phone": f"+447700900{n:03}"} for n in range(number)]
    else:
        said = [{"email": f"{test}-{n}@example.com" if number == SENDS else f"c{n}@example.com"} for n in range(number)]
    source.machine.account.put(action, *(body(action, f"{test}-{n}", **each) for n, each in enumerate(said)))
    return [(SUBSCRIPTIONS[action], f"{test}-{n}") for n in range(number)]


def batch_of(source: EventSource) -> tuple[str, list[dict[str, Any]]]:
    batch = source.next_batch()
    assert batch is not None
    return batch


def ends(source: EventSource, keys: list[tuple[str, str]], dispatcher: Dispatcher | None = None) -> Counter[str]:
    """Run the queues down with no trouble any more; give how often each fate came. Nothing was sent twice."""
    machine = source.machine
    machine.aws.follow(FaultPlan())
    run_down(machine, source, dispatcher or Dispatcher(machine, 2))
    assert [mark for mark, times in sends(machine.sandbox).items() if times > 1] == []
    found = fates(machine, list(dead_letters(machine)))
    return Counter(found[key].name if key in found else "none" for key in keys)


@pytest.mark.parametrize("operation", ["PutItem", "UpdateItem", "DeleteItem", ""])
@EITHER_SEND
def test_what_dynamodb_did_and_did_not_answer_puts_nothing_in_doubt(
    machine: Machine, source: EventSource, action: str, operation: str
) -> None:
    keys = put(source, action, f"deaf-{action}-{operation}")
    machine.aws.follow(FaultPlan(deaf=(DYNAMODB + operation,)))
    machine.call(machine.worker(), action, {"Records": batch_of(source)[1]})
    assert ends(source, keys) == {"delivered": SENDS}
    assert sends(machine.sandbox).total() == SENDS


@pytest.mark.parametrize("slow", [0.7, 3.0], ids=["in time", "too late"])
@EITHER_SEND
def test_a_slow_dynamodb_ends_no_function_in_the_middle_of_a_send(
    machine: Machine, source: EventSource, action: str, slow: float
) -> None:
    keys = put(source, action, f"slow-{action}-{slow}")
    machine.aws.follow(FaultPlan(slow=slow))
    dispatcher = Dispatcher(machine, 1)
    dispatcher.start(source.job(*batch_of(source), seconds=9.0))
    while dispatcher.is_busy:
        dispatcher.turn()
    assert dispatcher.timeouts == 0
    assert ends(source, keys, dispatcher) == {"delivered": SENDS}


@EITHER_SEND
def test_two_containers_with_the_same_batch_make_each_send_once(
    machine: Machine, source: EventSource, action: str
) -> None:
    keys = put(source, action, f"twice-{action}")
    machine.sandbox.fail("delay", seconds=1)
    workers, (_, records) = [machine.worker(), machine.worker()], batch_of(source)
    for worker in workers:
        machine.start(worker, action, {"Records": records})
    responses = [machine.heard(worker) for worker in workers]
    assert [response.error if response else "no response" for response in responses] == [None, None]
    assert ends(source, keys) == {"delivered": SENDS}
    assert sends(machine.sandbox).total() == SENDS


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
    keys = put(source, "add_contact_to_list", f"poll-{failure}", 60)
    machine.sandbox.fail(path="^/contacts/v3/import/", method="GET", **failure)
    assert ends(source, keys, Dispatcher(machine, 1)) == {"delivered": 60}
    assert Counter(request.method for request in machine.sandbox.requests if request.method != "GET") == {"PUT": 1}
