"""One bad event in a batch: it has its own outcome, and every other has what it would have had without it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from dev import SUBSCRIPTIONS_FILE
from tests.faults import effects
from tests.faults.machine import Machine, Worker
from tests.faults.poison import ACTION, FIELD, POISONS, Poison
from tests.faults.worker import Answer
from tests.support.queued import queue_event
from tests.support.segment import rest_event, signature, track

OTHERS = 60
FUNCTION_BYTES = 512 * 2**20
LONGEST_LINE = 262_144
EVERY_POISON = pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.name)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("poison")
    shipped: list[Any] = json.loads(SUBSCRIPTIONS_FILE.read_text(encoding="utf-8"))["subscriptions"]
    path = folder / "subscriptions.json"
    path.write_text(json.dumps({"subscriptions": [*shipped, *(each.subscription for each in POISONS)]}), "utf-8")
    with Machine(folder, subscriptions=path) as machine:
        yield machine


@pytest.fixture
def machine(started: Machine) -> Machine:
    started.sandbox.reset()
    return started


def good(number: int) -> dict[str, Any]:
    event = track("Add or Update Contact", email=f"c{number}@example.com", dataFields={FIELD: number})
    return event | {"messageId": f"good-{number}"}


def outcomes(worker: Worker) -> dict[str, str]:
    """What the log tells of each event by its messageId."""
    told: dict[str, str] = {}
    for line in map(json.loads, worker.written().splitlines()):
        if line.get("message") == "outcomes":
            told |= {each["messageId"]: line["outcome"] for each in line["events"]}
        elif line.get("message") == "outcome":
            told[line.get("correlation_id")] = line["outcome"]
    return told


def points(machine: Machine) -> dict[str, Any]:
    """What the data field holds of each contact that has it by these events."""
    return {email: held[FIELD] for email, held in effects.values(machine.sandbox).items() if held.get(FIELD)}


@EVERY_POISON
def test_one_bad_event_of_a_batch_ends_alone(machine: Machine, poison: Poison) -> None:
    before, worker = points(machine), machine.worker()
    texts = [
        json.dumps({"subscription": "Add or Update Contact", "event": good(number)}) for number in range(1, OTHERS)
    ]
    odd = poison.event_text(9_000, "odd")
    texts.insert(OTHERS // 2, f'{{"subscription": {json.dumps(poison.name)}, "event": {odd}}}')
    answer = machine.call(worker, ACTION, queue_event(*texts, queue=ACTION))
    assert answer == Answer({"batchItemFailures": []})
    told = outcomes(worker)
    assert {message_id or "odd": outcome for message_id, outcome in told.items()} == {
        f"good-{number}": "delivered" for number in range(1, OTHERS)
    } | {"odd": "rejected" if poison.is_wrong else "delivered"}
    assert points(machine) == before | {f"c{number}@example.com": number for number in range(1, OTHERS)} | (
        {} if poison.is_wrong else {"poisoned-9000@example.com": 9_000}
    )
    assert len([request for request in machine.sandbox.requests if request.method != "GET"]) == 1
    assert worker.most_resident_bytes() < FUNCTION_BYTES


def test_an_id_without_end_makes_no_line_of_the_log_too_long(machine: Machine) -> None:
    worker = machine.worker()
    events = [good(number) | {"messageId": f"{number}{'x' * 20_000}"} for number in range(1, OTHERS)]
    bodies = [{"subscription": "Add or Update Contact", "event": event} for event in events]
    answer = machine.call(worker, ACTION, queue_event(*bodies, queue=ACTION))
    assert answer == Answer({"batchItemFailures": []})
    text = worker.written()
    assert max(len(line) for line in text.splitlines()) < LONGEST_LINE
    assert sum(len(line.get("events", ())) for line in map(json.loads, text.splitlines())) == OTHERS - 1


@EVERY_POISON
def test_one_bad_event_of_a_post_keeps_no_other_from_its_queue(machine: Machine, poison: Poison) -> None:
    worker = machine.worker()
    odd = poison.event_text(9_000, "odd")
    body = f"[{odd},{json.dumps(good(1))},{json.dumps(good(2))}]".encode()
    headers = {"X-Signature": signature(odd.encode())}
    answer = machine.call(worker, "segment_webhook", rest_event(body, "/segment", headers=headers), 30)
    assert answer.error is None
    assert answer.content is not None
    assert answer.content["statusCode"] == 200
    counts = json.loads(answer.content["body"])
    assert counts["events"] == 3
    assert counts["queued"].get(ACTION, 0) + counts["rejected"] == 3
    assert counts["rejected"] <= 1
