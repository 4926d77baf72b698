"""Many payloads at once: whose outcome is whose, in what order, and what of it may be sent."""

import dataclasses
import threading
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from cli.actions import load_action
from delivery.action import Action, Claim, Result
from delivery.batch import deliver_many
from delivery.claim import Send
from delivery.outcome import Ids, Outcome
from delivery.pipeline import Delivery, Prepared, Times
from dotdigital import RejectedError, UnavailableError
from tests.support.deliveries import NOW, Record
from tests.support.dotdigital_server import Clock, DotdigitalServer

HELD = Outcome("retry", "send_sms", "Orders", "another function is making this send")


def outcome(kind: Any, reason: str | None = None, id: str | None = None) -> Outcome:
    return Outcome(kind, "send_sms", "Orders", reason, ids=Ids(message_id=id) if id else None)


def together(
    server: DotdigitalServer, action: Mapping[str, Any], record: Record, *numbers: str, guarded: bool = True
) -> list[Outcome]:
    """Perform an SMS to each of `numbers` with an action that differs from send_sms by `action`."""
    changed: Action[Any] = dataclasses.replace(load_action("send_sms"), **action)
    return deliver(Delivery(changed, server.client(), NOW, record), *numbers, guarded=guarded)


def deliver(delivery: Delivery[Any], *numbers: str, guarded: bool = True) -> list[Outcome]:
    batch: list[Prepared[Any]] = []
    for number, to in enumerate(numbers):
        message_id = f"m-{number}" if guarded else None
        prepared = delivery.prepare({"to": f"+{to}", "message": str(number)}, "Orders", Times(NOW, NOW), message_id)
        assert isinstance(prepared, Prepared)
        batch.append(prepared)
    return deliver_many(delivery, batch)


def send(number: int) -> Send:
    return Send("Orders", "send_sms", f"m-{number}")


def test_nothing_is_nothing(server: DotdigitalServer) -> None:
    assert together(server, {}, Record()) == []


def test_each_outcome_is_that_of_its_own_payload_and_a_persons_are_in_order(server: DotdigitalServer) -> None:
    done: dict[str, list[str]] = {}
    threads = set()

    def perform(payload: Any, dotdigital: Any) -> Ids:
        threads.add(threading.get_ident())
        done.setdefault(payload.to, []).append(payload.message)
        if payload.message == "3":
            raise RejectedError("no")
        return Ids(message_id=payload.message)

    numbers = ["447700900101", "447700900102", "447700900101", "447700900103", "447700900101"]
    assert together(server, {"perform": perform}, Record(), *numbers) == [
        outcome("delivered", id="0"),
        outcome("delivered", id="1"),
        outcome("delivered", id="2"),
        outcome("rejected", "no"),
        outcome("delivered", id="4"),
    ]
    assert done == {"447700900101": ["0", "2", "4"], "447700900102": ["1"], "447700900103": ["3"]}
    assert threading.get_ident() not in threads


def in_pairs(payloads: Any, dotdigital: Any, claim: Claim) -> Iterator[tuple[int, Result]]:
    for start in range(0, len(payloads), 2):
        for position in claim(range(start, min(start + 2, len(payloads)))):
            yield position, Ids(message_id=payloads[position].message)


def many(send_many: Any) -> dict[str, Any]:
    return {"send_many": send_many}


NUMBERS = ["447700900101", "447700900102", "447700900103", "447700900104"]


def test_a_batch_is_claimed_before_each_call_and_settled_after_it(server: DotdigitalServer) -> None:
    record = Record()
    assert together(server, many(in_pairs), record, *NUMBERS) == [outcome("delivered", id=str(n)) for n in range(4)]
    assert record.claimed == [send(number) for number in range(4)]
    assert record.completed == [(send(number), outcome("delivered", id=str(number))) for number in range(4)]


def test_a_call_whose_claims_took_too_long_is_not_made_and_they_are_given_up(server: DotdigitalServer) -> None:
    clock = Clock()

    class Slow(Record):
        def claim(self, send: Send) -> Outcome | None:
            clock.sleep(1.3)
            return super().claim(send)

    record = Slow()
    dotdigital = server.client(monotonic=clock)
    dotdigital.finish_within(6.0)
    action = dataclasses.replace(load_action("send_sms"), send_many=in_pairs)
    late = outcome("retry", "too little time was left to send")
    expected = [outcome("delivered", id="0"), outcome("delivered", id="1"), late, late]
    assert deliver(Delivery(action, dotdigital, NOW, record), *NUMBERS) == expected
    assert record.claimed == [send(number) for number in range(4)]
    assert sorted(record.completed, key=lambda each: each[0].message_id) == [
        (send(number), each) for number, each in enumerate(expected)
    ]


def test_what_another_function_holds_is_left_alone(server: DotdigitalServer) -> None:
    record = Record({send(1): HELD})
    outcomes = together(server, many(in_pairs), record, *NUMBERS)
    assert outcomes == [outcome("delivered", id="0"), HELD, outcome("delivered", id="2"), outcome("delivered", id="3")]
    assert send(1) not in [completed for completed, _ in record.completed]


def test_a_batch_that_breaks_is_in_doubt_where_it_was_claimed_and_a_retry_elsewhere(server: DotdigitalServer) -> None:
    def breaks(payloads: Any, dotdigital: Any, claim: Claim) -> Iterator[tuple[int, Result]]:
        yield 0, Ids(message_id=str(claim([0, 1])[0]))
        raise KeyError("447700900101")

    record = Record()
    outcomes = together(server, many(breaks), record, *NUMBERS)
    assert [each.outcome for each in outcomes] == ["delivered", "in_doubt", "retry", "retry"]
    assert all("447700900101" not in (each.reason or "") for each in outcomes)
    assert [(completed, kept.outcome) for completed, kept in record.completed] == [
        (send(0), "delivered"),
        (send(1), "in_doubt"),
    ]


def test_a_claimed_position_without_a_result_is_in_doubt(server: DotdigitalServer) -> None:
    def forgets(payloads: Any, dotdigital: Any, claim: Claim) -> Iterator[tuple[int, Result]]:
        claim([0, 1])
        yield 0, Ids(message_id="0")

    assert [each.outcome for each in together(server, many(forgets), Record(), *NUMBERS[:2])] == [
        "delivered",
        "in_doubt",
    ]


@pytest.mark.parametrize(("error", "kind"), [(RejectedError("no"), "rejected"), (UnavailableError("no"), "retry")])
def test_what_ends_before_its_claim_leaves_the_record_alone(
    server: DotdigitalServer, error: Exception, kind: str
) -> None:
    def fails_first(payloads: Any, dotdigital: Any, claim: Claim) -> Iterator[tuple[int, Result]]:
        yield from ((position, error) for position in range(len(payloads)))

    record = Record({send(0): HELD})
    assert together(server, many(fails_first), record, *NUMBERS[:2]) == [outcome(kind, "no")] * 2
    assert (record.claimed, record.completed) == ([], [])


def test_payloads_that_nothing_makes_one_and_the_same_are_all_sent(server: DotdigitalServer) -> None:
    record = Record()
    outcomes = together(server, many(in_pairs), record, *NUMBERS[:2], guarded=False)
    assert outcomes == [outcome("delivered", id="0"), outcome("delivered", id="1")]
    assert (record.claimed, record.completed) == ([], [])


def test_below_its_number_only_payloads_of_one_person_are_performed_together(server: DotdigitalServer) -> None:
    sizes: list[int] = []

    def at_once(payloads: Any, people: Any, dotdigital: Any) -> list[Result]:
        sizes.append(len(payloads))
        return [Ids(message_id=payload.message) for payload in payloads]

    def alone(payload: Any, dotdigital: Any) -> Ids:
        return Ids(message_id=payload.message)

    action = {"perform": alone, "perform_many": at_once, "many_from": 4, "is_send": False}
    expected = [outcome("delivered", id=str(number)) for number in range(3)]
    assert together(server, action, Record(), *NUMBERS[:2], NUMBERS[0]) == expected
    assert sizes == [2]


@pytest.mark.parametrize("results", [[], [Ids()], KeyError("447700900101")])
def test_a_batch_without_a_result_for_each_is_tried_again(server: DotdigitalServer, results: Any) -> None:
    def broken(payloads: Any, people: Any, dotdigital: Any) -> list[Result]:
        if isinstance(results, Exception):
            raise results
        return list(results)

    outcomes = together(server, {"perform_many": broken, "is_send": False}, Record(), *NUMBERS[:2])
    assert [each.outcome for each in outcomes] == ["retry", "retry"]
    assert all("447700900101" not in (each.reason or "") for each in outcomes)
