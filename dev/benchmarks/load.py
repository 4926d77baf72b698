"""Batches of POST /segment, a long load through the webhook and the queue, and the requests that 1,000 events take."""

import time
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import batched
from statistics import median, quantiles
from typing import Any, Final

from dev.benchmarks.machine import UPSERT, Machine, Row, event, posted, records, resident_bytes

BATCHES: Final = (1, 10, 100, 1_000, 4_000)
QUEUED: Final = {
    UPSERT: (1_000, 10),
    "enrol_contact": (250,),
    "remove_contact_from_list": (10,),
    "send_email_campaign": (10,),
    "send_sms": (10,),
    "send_transactional_sms": (10,),
    "send_transactional_email": (10,),
}
"""How many messages the queue of each action brings at a time."""
_KINDS: Final = {
    "/contacts/v3/import": "import",
    "/contacts/v3/": "contact",
    "/v2/programs/enrolments": "enrolment",
    "/v2/address-books/": "list",
    "/v2/sms-messages/": "SMS",
    "/v2/campaigns/send": "campaign",
    "/v2/email": "e-mail",
    "/v2/data-fields": "data fields",
    "/cpaas/messages": "SMS",
}
_MEGABYTE: Final = 2**20
_OK: Final = 200


def measure_batches(machine: Machine, runs: int) -> Iterator[Row]:
    """Post batches of every size; small ones more often, since each is quickly done."""
    machine.invoke("segment_webhook", posted([event(0)]), 30)
    for size in BATCHES:
        request = posted([event(number) for number in range(size)])
        took = [_seconds_to_post(machine, request) for _ in range(runs * (5 if size < BATCHES[-1] else 1))]
        while machine.take(UPSERT, BATCHES[-1]):
            pass
        yield Row(
            f"{size:,} events",
            {
                "MB": round(len(request["body"]) / _MEGABYTE, 3),
                "p50, s": round(median(took), 4),
                "p99, s": round(quantiles(took, n=100, method="inclusive")[98], 4),
                "ms per event": round(median(took) * 1000 / size, 3),
            },
        )


def measure_load(machine: Machine, marks: Sequence[int]) -> Iterator[Row]:
    """Post batches of 500, drain the queue after every second one, and tell how things stand at `marks`.

    Seconds are the functions' own, without the event source mapping's. A start is not load, so one event goes first.
    """
    machine.invoke("segment_webhook", posted([event(0)]))
    machine.deliver(UPSERT, machine.take(UPSERT, 1))
    webhook = action = 0.0
    for numbers in batched(range(marks[-1]), 500, strict=False):
        webhook += _seconds_to_post(machine, posted([event(number) for number in numbers]))
        done = numbers[-1] + 1
        if done % 1_000 == 0 or done == marks[-1]:
            action += _seconds_to_drain(machine)
        if done in marks:
            yield Row(
                f"{done:,} events",
                {
                    "events/s": round(done / (webhook + action)),
                    "webhook, ms": round(webhook * 1000 / done, 3),
                    "action, ms": round(action * 1000 / done, 3),
                    "memory, MB": round(resident_bytes() / _MEGABYTE),
                },
            )


def measure_requests(machine: Machine, actions: Sequence[str] = tuple(QUEUED)) -> Iterator[Row]:
    """Count the requests to Dotdigital that 1,000 events of each action take, by method and kind of path."""
    for action in actions:
        for messages in QUEUED[action]:
            machine.requests()
            for numbers in batched(range(1_000), messages, strict=False):
                machine.deliver(action, records(numbers, action))
            yield Row(f"{action} x {messages:,}", Counter(map(_kind, machine.requests())))


def _seconds_to_post(machine: Machine, request: dict[str, Any]) -> float:
    started = time.perf_counter()
    response = machine.invoke("segment_webhook", request, 30)
    seconds = time.perf_counter() - started
    if response["statusCode"] != _OK:
        raise RuntimeError(f"segment_webhook responded {response['statusCode']}: {response['body']}")
    return seconds


def _seconds_to_drain(machine: Machine) -> float:
    seconds = 0.0
    while taken := machine.take(UPSERT, 1_000):
        started = time.perf_counter()
        machine.deliver(UPSERT, taken)
        seconds += time.perf_counter() - started
    return seconds


def _kind(made: str) -> str:
    """Leave out of a request whom it is about: "PATCH /contacts/v3/email/…" is a PATCH of a contact."""
    method, _, path = made.partition(" ")
    return f"{method} {next((name for start, name in _KINDS.items() if path.startswith(start)), path)}"
