"""A function that dies after Dotdigital did the send and before the record of it: the send is never made again."""

from collections.abc import Iterator, Mapping
from random import Random
from typing import Any

import pytest

from cli.actions import load_action
from tests.faults.dispatcher import Dispatcher
from tests.faults.machine import Machine, Response
from tests.faults.planned import SENDING_ACTIONS, SENDS, Kind, write_subscriptions
from tests.faults.sources import EventSource, run_down
from tests.faults.verdict import DeadLetter, dead_letters, sends
from tests.support.functions import ACTIONS, outcome_of
from tests.support.segment import rest_event, track
from tests.support.waiting import wait_until

EVERY_SEND = pytest.mark.parametrize("kind", SENDS, ids=lambda kind: kind.action)
TEXT = "The one text"


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("machine")
    with Machine(folder, subscriptions=write_subscriptions(folder / "subscriptions.json")) as machine:
        yield machine


def event_of(kind: Kind, message_id: str) -> dict[str, Any]:
    properties = kind.properties("kim@example.com", "+447700900001", TEXT)
    return track(kind.subscription, **properties) | {"messageId": f"{message_id}-{kind.action}"}


def request_of(kind: Kind, event: Mapping[str, Any]) -> dict[str, Any]:
    return rest_event(event, f"/actions/{kind.action.replace('_', '-')}")


def is_sent_once(machine: Machine, kind: Kind) -> bool:
    return sends(machine.sandbox) == {"kim@example.com" if kind.by == "email" else TEXT: 1}


def killed_once_sent(machine: Machine, kind: Kind, event: dict[str, Any]) -> None:
    """Start a function, and kill it while Dotdigital, which has done the send, holds its response back."""
    machine.sandbox.fail("delay", path=kind.path, seconds=600)
    worker = machine.worker()
    machine.start(worker, kind.action, event)
    wait_until(lambda: sends(machine.sandbox))
    worker.kill()


def queued(machine: Machine, source: EventSource, kind: Kind, event: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Put a message into the queue of the action and receive it."""
    machine.account.put(kind.action, {"subscription": kind.subscription, "event": event})
    batch = source.next_batch()
    assert batch is not None
    return batch[1]


def test_every_action_that_sends_is_followed() -> None:
    assert {action for action in ACTIONS if load_action(action).is_send} == SENDING_ACTIONS


@EVERY_SEND
def test_the_message_of_a_killed_function_ends_in_doubt(machine: Machine, kind: Kind) -> None:
    source, event = EventSource(machine, Random(1)), event_of(kind, "message")
    records = queued(machine, source, kind, event)
    killed_once_sent(machine, kind, {"Records": records})
    at_once = machine.call(machine.worker(), kind.action, {"Records": records})
    run_down(machine, source, Dispatcher(machine, 1))
    assert at_once == Response({"batchItemFailures": [{"itemIdentifier": records[0]["messageId"]}]})
    attributes = {
        "outcome": "in_doubt",
        "action": kind.action,
        "subscription": kind.subscription,
        "reason": "a function broke in the middle of this send",
        "messageId": event["messageId"],
    }
    letters = [letter for letter in dead_letters(machine) if letter.queue == kind.action]
    assert letters == [DeadLetter(kind.action, {"subscription": kind.subscription, "event": event}, attributes)]
    assert is_sent_once(machine, kind)


@EVERY_SEND
def test_a_request_that_comes_again_after_a_kill_is_not_sent_again(machine: Machine, kind: Kind) -> None:
    request = request_of(kind, event_of(kind, "request"))
    killed_once_sent(machine, kind, request)
    worker, told = machine.worker(), []
    for seconds in (0, 901):
        machine.move_to(machine.moved + seconds)
        response = machine.call(worker, kind.action, request).content
        assert response is not None
        told.append((response["statusCode"], outcome_of(dict(response))["outcome"]))
    assert told == [(503, "retry"), (200, "in_doubt")]
    assert is_sent_once(machine, kind)


@EVERY_SEND
def test_of_a_request_and_a_message_at_once_one_sends(machine: Machine, kind: Kind) -> None:
    source, event = EventSource(machine, Random(1)), event_of(kind, "both")
    records = queued(machine, source, kind, event)
    machine.sandbox.fail("delay", path=kind.path, seconds=1)
    workers = [machine.worker(), machine.worker()]
    for worker, brought in zip(workers, (request_of(kind, event), {"Records": records}), strict=True):
        machine.start(worker, kind.action, brought)
    responses = [machine.heard(worker) for worker in workers]
    run_down(machine, source, Dispatcher(machine, 1))
    assert all(response and response.error is None for response in responses)
    assert is_sent_once(machine, kind)
    assert [letter for letter in dead_letters(machine) if letter.body["event"] == event] == []
