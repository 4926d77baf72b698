"""Many payloads at once: whose outcome is whose, in what order, and what of it may be sent."""

import dataclasses
import threading
from collections.abc import Iterator
from typing import Any

import pytest

from cli.actions import load_action
from delivery.action import Claim, Result
from delivery.batch import deliver_many
from delivery.claim import Send
from delivery.outcome import Ids, Outcome
from delivery.pipeline import Delivery, Prepared, Times
from dotdigital import Dotdigital, RejectedError, UnavailableError
from tests.support.deliveries import NOW, Record
from tests.support.dotdigital_server import Clock

HELD = Outcome("retry", "send_sms", "Orders", "another function is making this send")
NUMBERS = ["447700900101", "447700900102", "447700900103", "447700900104"]


def outcome(kind: Any, reason: str | None = None, id: int | None = None) -> Outcome:
    return Outcome(kind, "send_sms", "Orders", reason, ids=None if id is None else Ids(message_id=str(id)))


def delivered(number: int) -> Outcome:
    return outcome("delivered", id=number)


def deliver(
    dotdigital: Dotdigital, record: Record, *numbers: str, guarded: bool = True, **differences: Any
) -> list[Outcome]:
    """Send an SMS to each of `numbers`, by an action with these differences from send_sms."""
    delivery = Delivery(dataclasses.replace(load_action("send_sms"), **differences), dotdigital, NOW, record)
    batch: list[Prepared[Any]] = []
    for number, to in enumerate(numbers):
        message_id = f"m-{number}" if guarded else None
        prepared = delivery.prepare({"to": f"+{to}", "message": str(number)}, "Orders", Times(NOW, NOW), message_id)
        assert isinstance(prepared, Prepared)
        batch.append(prepared)
    return deliver_many(delivery, batch)


def send(number: int) -> Send:
    return Send("Orders", "send_sms", f"m-{number}")


def test_nothing_is_nothing(dotdigital: Dotdigital) -> None:
    assert deliver(dotdigital, Record()) == []


def test_each_outcome_is_that_of_its_own_payload_and_a_persons_are_in_order(dotdigital: Dotdigital) -> None:
    done: dict[str, list[str]] = {}
    threads = set()

    def perform(payload: Any, dotdigital: Any) -> Ids:
        threads.add(threading.get_ident())
        done.setdefault(payload.to, []).append(payload.message)
        if payload.message == "3":
            raise RejectedError("no")
        return Ids(message_id=payload.message)

    first, second, third, _ = NUMBERS
    outcomes = deliver(dotdigital, Record(), first, second, first, third, first, perform=perform)
    assert outcomes == [delivered(0), delivered(1), delivered(2), outcome("rejected", "no"), delivered(4)]
    assert done == {first: ["0", "2", "4"], second: ["1"], third: ["3"]}
    assert threading.get_ident() not in threads


def in_pairs(payloads: Any, dotdigital: Any, claim: Claim) -> Iterator[tuple[int, Result]]:
    for start in range(0, len(payloads), 2):
        for position in claim(range(start, min(start + 2, len(payloads)))):
            yield position, Ids(message_id=payloads[position].message)


def test_a_batch_is_claimed_before_each_request_and_completed_after_it(dotdigital: Dotdigital) -> None:
    record = Record()
    assert deliver(dotdigital, record, *NUMBERS, send_many=in_pairs) == [*map(delivered, range(4))]
    assert record.claimed == [*map(send, range(4))]
    assert record.completed == [(send(number), delivered(number)) for number in range(4)]


def test_a_request_whose_claims_took_too_long_is_not_made_and_they_are_given_up(
    dotdigital: Dotdigital, clock: Clock
) -> None:
    class Slow(Record):
        def claim(self, send: Send) -> Outcome | None:
            clock.sleep(1.3)
            return super().claim(send)

    record = Slow()
    dotdigital.finish_within(6.0)
    late = outcome("retry", "too little time was left to send")
    expected = [delivered(0), delivered(1), late, late]
    assert deliver(dotdigital, record, *NUMBERS, send_many=in_pairs) == expected
    assert record.claimed == [*map(send, range(4))]
    assert {each.message_id: kept for each, kept in record.completed} == {
        f"m-{number}": each for number, each in enumerate(expected)
    }


def test_what_another_function_holds_is_left_alone(dotdigital: Dotdigital) -> None:
    record = Record({send(1): HELD})
    outcomes = deliver(dotdigital, record, *NUMBERS, send_many=in_pairs)
    assert outcomes == [delivered(0), HELD, delivered(2), delivered(3)]
    assert send(1) not in [completed for completed, _ in record.completed]


@pytest.mark.parametrize("breaks", [True, False])
def test_what_was_claimed_and_has_no_result_is_in_doubt_and_what_was_not_is_a_retry(
    dotdigital: Dotdigital, breaks: bool
) -> None:
    def half(payloads: Any, dotdigital: Any, claim: Claim) -> Iterator[tuple[int, Result]]:
        yield 0, Ids(message_id=str(claim([0, 1])[0]))
        if breaks:
            raise KeyError("447700900101")

    record = Record()
    outcomes = deliver(dotdigital, record, *NUMBERS, send_many=half)
    assert [each.outcome for each in outcomes] == ["delivered", "in_doubt", "retry", "retry"]
    assert all("447700900101" not in (each.reason or "") for each in outcomes)
    completed = [(completed, kept.outcome) for completed, kept in record.completed]
    assert completed == [(send(0), "delivered"), (send(1), "in_doubt")]


@pytest.mark.parametrize(("error", "kind"), [(RejectedError("no"), "rejected"), (UnavailableError("no"), "retry")])
def test_what_ends_before_its_claim_leaves_the_record_alone(
    dotdigital: Dotdigital, error: Exception, kind: str
) -> None:
    def fails_first(payloads: Any, dotdigital: Any, claim: Claim) -> Iterator[tuple[int, Result]]:
        yield from ((position, error) for position in range(len(payloads)))

    record = Record({send(0): HELD})
    assert deliver(dotdigital, record, *NUMBERS[:2], send_many=fails_first) == [outcome(kind, "no")] * 2
    assert (record.claimed, record.completed) == ([], [])


def test_payloads_that_nothing_makes_one_and_the_same_are_all_sent(dotdigital: Dotdigital) -> None:
    record = Record()
    outcomes = deliver(dotdigital, record, *NUMBERS[:2], guarded=False, send_many=in_pairs)
    assert outcomes == [delivered(0), delivered(1)]
    assert (record.claimed, record.completed) == ([], [])


def test_below_its_number_only_payloads_of_one_person_are_performed_at_once(dotdigital: Dotdigital) -> None:
    sizes: list[int] = []

    def at_once(payloads: Any, people: Any, dotdigital: Any) -> list[Result]:
        sizes.append(len(payloads))
        return [Ids(message_id=payload.message) for payload in payloads]

    def alone(payload: Any, dotdigital: Any) -> Ids:
        return Ids(message_id=payload.message)

    action: dict[str, Any] = {"perform": alone, "perform_many": at_once, "many_from": 4, "is_send": False}
    outcomes = deliver(dotdigital, Record(), *NUMBERS[:2], NUMBERS[0], **action)
    assert (outcomes, sizes) == ([*map(delivered, range(3))], [2])


@pytest.mark.parametrize("results", [[], [Ids()], KeyError("447700900101")])
def test_a_batch_without_a_result_for_each_is_tried_again(dotdigital: Dotdigital, results: Any) -> None:
    def broken(payloads: Any, people: Any, dotdigital: Any) -> list[Result]:
        if isinstance(results, Exception):
            raise results
        return list(results)

    outcomes = deliver(dotdigital, Record(), *NUMBERS[:2], perform_many=broken, is_send=False)
    assert [each.outcome for each in outcomes] == ["retry", "retry"]
    assert all("447700900101" not in (each.reason or "") for each in outcomes)
