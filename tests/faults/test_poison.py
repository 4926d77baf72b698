"""One bad event in a batch: it has its own outcome, and every other has what it would have had without it."""

import json
from collections.abc import Iterator
from typing import Any

import pytest

from tests.faults.machine import WEBHOOK, Machine, Response, Worker
from tests.faults.planned import write_subscriptions
from tests.faults.poison import ACTION, FIELD, POISONS, Poison
from tests.faults.verdict import values
from tests.support.queued import body, queue_event
from tests.support.segment import rest_event, signature

OTHERS = range(1, 60)
FUNCTION_BYTES = 512 * 2**20
LONGEST_LINE = 262_144
DONE = Response({"batchItemFailures": []})
EVERY_POISON = pytest.mark.parametrize("poison", POISONS, ids=lambda poison: poison.name)


@pytest.fixture(scope="module")
def started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Machine]:
    folder = tmp_path_factory.mktemp("poison")
    with Machine(folder, subscriptions=write_subscriptions(folder / "subscriptions.json")) as machine:
        yield machine


def good(number: int, ending: str = "") -> dict[str, Any]:
    return body(ACTION, f"good-{number}{ending}", email=f"c{number}@example.com", dataFields={FIELD: number})


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
    return {email: held[FIELD] for email, held in values(machine.sandbox).items() if held.get(FIELD)}


@EVERY_POISON
def test_one_bad_event_of_a_batch_ends_alone(machine: Machine, poison: Poison) -> None:
    before, worker = points(machine), machine.worker()
    texts = [json.dumps(good(number)) for number in OTHERS]
    odd = poison.event_text(9_000, "odd")
    texts.insert(30, f'{{"subscription": {json.dumps(poison.name)}, "event": {odd}}}')
    assert machine.call(worker, ACTION, queue_event(*texts, queue=ACTION)) == DONE
    told = {message_id or "odd": outcome for message_id, outcome in outcomes(worker).items()}
    of_odd = "rejected" if poison.is_wrong else "delivered"
    assert told == {f"good-{number}": "delivered" for number in OTHERS} | {"odd": of_odd}
    updated = {f"c{number}@example.com": number for number in OTHERS}
    odd_one = {} if poison.is_wrong else {"poisoned-9000@example.com": 9_000}
    assert points(machine) == before | updated | odd_one
    assert len([request for request in machine.sandbox.requests if request.method != "GET"]) == 1
    assert worker.most_resident_bytes() < FUNCTION_BYTES


def test_an_id_without_end_makes_no_line_of_the_log_too_long(machine: Machine) -> None:
    worker = machine.worker()
    bodies = [good(number, "x" * 20_000) for number in OTHERS]
    assert machine.call(worker, ACTION, queue_event(*bodies, queue=ACTION)) == DONE
    lines = worker.written().splitlines()
    assert max(len(line) for line in lines) < LONGEST_LINE
    assert sum(len(line.get("events", ())) for line in map(json.loads, lines)) == len(OTHERS)


@EVERY_POISON
def test_one_bad_event_of_a_post_keeps_no_other_from_its_queue(machine: Machine, poison: Poison) -> None:
    odd, others = poison.event_text(9_000, "odd"), [json.dumps(good(number)["event"]) for number in (1, 2)]
    headers = {"X-Signature": signature(odd.encode())}
    post = rest_event(f"[{','.join([odd, *others])}]".encode(), "/segment", headers=headers)
    response = machine.call(machine.worker(), WEBHOOK, post, 30)
    assert response.error is None
    assert response.content is not None
    assert response.content["statusCode"] == 200
    counts = json.loads(response.content["body"])
    assert (counts["events"], counts["queued"].get(ACTION, 0) + counts["rejected"]) == (3, 3)
    assert counts["rejected"] <= 1
