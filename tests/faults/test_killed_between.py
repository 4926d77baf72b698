"""A function that dies after Dotdigital did the send and before the record of it: the send is never made again."""

import json
from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from cli.actions import load_action
from tests.faults import effects
from tests.faults.account import write_subscriptions
from tests.faults.cases import SEND_CASES, SENDS, SendCase
from tests.faults.dispatcher import Dispatcher
from tests.faults.event_source import EventSource
from tests.faults.fates import DeadLetter, dead_letters
from tests.faults.machine import Machine
from tests.faults.resources import ACTIONS, queue_of
from tests.faults.running_down import run_down
from tests.faults.worker import Answer, Invocation
from tests.support.functions import outcome_of
from tests.support.segment import rest_event
from tests.support.waiting import wait_until

EVERY_SEND = pytest.mark.parametrize("case", SEND_CASES, ids=lambda case: case.action)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    with Machine(folder, subscriptions=write_subscriptions(folder / "subscriptions.json")) as machine:
        yield machine


@pytest.fixture
def machine(started: Machine) -> Machine:
    started.sandbox.reset()
    return started


def killed_once_sent(machine: Machine, case: SendCase, event: dict[str, Any]) -> None:
    """Start a function, and kill it while Dotdigital, which has done the send, holds its answer back."""
    machine.sandbox.fail("delay", path=case.path, seconds=600)
    worker = machine.worker()
    worker.start(Invocation(case.action, event, 150, machine.moved))
    wait_until(lambda: effects.sends(machine.sandbox))
    worker.kill()


def queued(machine: Machine, source: EventSource, case: SendCase, body: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Put a message into the queue of the action and receive it."""
    url = machine.sqs.get_queue_url(QueueName=queue_of(case.action))["QueueUrl"]
    machine.sqs.send_message(QueueUrl=url, MessageBody=json.dumps(body))
    batch = source.next_batch()
    assert batch is not None
    return batch[1]


def in_doubt(case: SendCase) -> DeadLetter:
    attributes = {
        "outcome": "in_doubt",
        "action": case.action,
        "subscription": case.subscription,
        "reason": "a function broke in the middle of this send",
        "messageId": case.event["messageId"],
    }
    return DeadLetter(case.action, case.body, attributes)


def test_every_action_that_sends_is_followed() -> None:
    assert {action for action in ACTIONS if load_action(action).is_send} == SENDS


@EVERY_SEND
def test_the_message_of_a_killed_function_ends_in_doubt(machine: Machine, case: SendCase) -> None:
    source = EventSource(machine, Random(1))
    records = queued(machine, source, case, case.body)
    killed_once_sent(machine, case, {"Records": records})
    at_once = machine.call(machine.worker(), case.action, {"Records": records})
    run_down(machine, source, Dispatcher(machine, 1))
    assert at_once == Answer({"batchItemFailures": [{"itemIdentifier": records[0]["messageId"]}]})
    assert [letter for letter in dead_letters(machine) if letter.function == case.action] == [in_doubt(case)]
    assert effects.sends(machine.sandbox) == {case.mark: 1}


@EVERY_SEND
def test_a_request_that_comes_again_after_a_kill_is_not_sent_again(machine: Machine, case: SendCase) -> None:
    request = rest_event(case.event | {"messageId": f"request-{case.action}"}, case.route)
    killed_once_sent(machine, case, request)
    worker = machine.worker()
    at_once = machine.call(worker, case.action, request).content
    machine.move(901)
    later = machine.call(worker, case.action, request).content
    assert at_once is not None
    assert later is not None
    assert (at_once["statusCode"], outcome_of(dict(at_once))["outcome"]) == (503, "retry")
    assert (later["statusCode"], outcome_of(dict(later))["outcome"]) == (200, "in_doubt")
    assert effects.sends(machine.sandbox) == {case.mark: 1}


@EVERY_SEND
def test_of_two_requests_at_the_same_moment_one_sends(machine: Machine, case: SendCase) -> None:
    request = rest_event(case.event | {"messageId": f"twice-{case.action}"}, case.route)
    machine.sandbox.fail("delay", path=case.path, seconds=1)
    workers = [machine.worker(), machine.worker()]
    for worker in workers:
        worker.start(Invocation(case.action, request, 150, machine.moved))
    answers = [machine.heard(worker.pipe) for worker in workers]
    later = machine.call(workers[0], case.action, request)
    outcomes = [
        outcome_of(dict(answer.content))["outcome"] for answer in [*answers, later] if answer and answer.content
    ]
    # On a busy machine the second may come when the first has done, and answer as the first did.
    assert sorted(outcomes[:2]) in (["delivered", "retry"], ["delivered", "delivered"])
    assert outcomes[2] == "delivered"
    assert effects.sends(machine.sandbox) == {case.mark: 1}


@EVERY_SEND
def test_of_a_request_and_a_message_at_the_same_moment_one_sends(machine: Machine, case: SendCase) -> None:
    event = case.event | {"messageId": f"both-{case.action}"}
    source = EventSource(machine, Random(1))
    records = queued(machine, source, case, {**case.body, "event": event})
    machine.sandbox.fail("delay", path=case.path, seconds=1)
    workers = [machine.worker(), machine.worker()]
    for worker, brought in zip(workers, (rest_event(event, case.route), {"Records": records}), strict=True):
        worker.start(Invocation(case.action, brought, 150, machine.moved))
    answers = [machine.heard(worker.pipe) for worker in workers]
    run_down(machine, source, Dispatcher(machine, 1))
    assert all(answer and answer.error is None for answer in answers)
    assert effects.sends(machine.sandbox) == {case.mark: 1}
    assert [letter for letter in dead_letters(machine) if letter.body["event"] == event] == []
