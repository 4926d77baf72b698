"""Events a second: the whole way of one function, batches of POST /segment, a long load, and requests to Dotdigital."""

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import partial
from itertools import batched
from statistics import median, quantiles
from typing import Any, Final, NamedTuple

from dev.benchmarks.machine import Handler, Machine, Row, event, records, request, resident_bytes

_MEGABYTE: Final = 2**20
_OK: Final = 200
_UPSERT: Final = "add_contact_to_list"
_SUBSCRIPTIONS: Final = {
    "add_contact_to_list": "Add or Update Contact",
    "enrol_contact": "Enrol Contact to Program",
    "remove_contact_from_list": "Remove Contact from List",
    "send_email_campaign": "Send Email Campaign",
    "send_sms": "Send SMS",
    "send_transactional_sms": "Send Transactional SMS",
    "send_transactional_email": "Send Transactional Email",
}


class Way(NamedTuple):
    """A function that is brought so many messages at a time, or, with none, one event after the other.

    With `stand_in` its requests go to the stand-in, else to the sandbox.
    """

    action: str
    messages: int
    events: int
    stand_in: bool = False

    @property
    def title(self) -> str:
        """What it is called."""
        how = f"{self.messages:,} at a time" if self.messages else "one by one"
        return f"{self.action}, {how}{', stand-in' if self.stand_in else ''}"


WAYS: Final = (
    Way("add_contact_to_list", 4_000, 4_000, stand_in=True),
    Way("add_contact_to_list", 0, 1_000, stand_in=True),
    Way("add_contact_to_list", 4_000, 4_000),
    Way("add_contact_to_list", 0, 1_000),
    Way("add_contact_to_list", 10, 1_000),
    Way("send_transactional_sms", 0, 300),
)
BATCHES: Final = (1, 10, 100, 1_000, 4_000)
QUEUED: Final = {
    "add_contact_to_list": (1_000, 10),
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


def measure_whole_way(machine: Machine, runs: int, ways: Sequence[Way] = WAYS) -> Iterator[Row]:
    """Deliver the events of each way so often, after a first time that does not count.

    The bench does not wait between two looks at an import.
    """
    for way in ways:
        machine.put(way.action, partial(_function, way, machine))
        _bring(machine, way, _invocations(way, 0))
        made, logged, took = machine.counted(stand_in=way.stand_in), machine.said_bytes, []
        for run in range(1, runs + 1):
            work = _invocations(way, run)
            started, worked = time.perf_counter(), time.process_time()
            _bring(machine, way, work)
            took.append((time.perf_counter() - started, time.process_time() - worked))
        seconds, processor = (median(figures) / way.events for figures in zip(*took, strict=True))
        events = runs * way.events
        yield Row(
            way.title,
            {
                "events/s": round(1 / seconds),
                "ms": round(seconds * 1000, 3),
                "cpu, ms": round(processor * 1000, 3),
                "requests": round((machine.counted(stand_in=way.stand_in) - made) / events, 4),
                "log bytes": round((machine.said_bytes - logged) / events),
            },
        )


def measure_batches(machine: Machine, runs: int) -> Iterator[Row]:
    """Post batches of every size; small ones more often, since each is quickly done."""
    machine.invoke("segment_webhook", request([event(0)]), 30)
    for size in BATCHES:
        posted = request([event(number) for number in range(size)])
        took = [_posted_in(machine, posted) for _ in range(runs * (5 if size < BATCHES[-1] else 1))]
        while machine.take(_UPSERT, BATCHES[-1]):
            pass
        yield Row(
            f"{size:,} events",
            {
                "MB": round(len(posted["body"]) / _MEGABYTE, 3),
                "p50, s": round(median(took), 4),
                "p99, s": round(quantiles(took, n=100, method="inclusive")[98], 4),
                "ms an event": round(median(took) * 1000 / size, 3),
            },
        )


def measure_load(machine: Machine, marks: Sequence[int]) -> Iterator[Row]:
    """Post batches of 500 to the sandbox, drain the queue after every second one, and tell how things stand at `marks`.

    Seconds are the functions' own, without the event source mapping's. A start is not load, so one event goes first.
    """
    machine.invoke("segment_webhook", request([event(0)]))
    machine.deliver(_UPSERT, machine.take(_UPSERT, 1))
    webhook = action = 0.0
    for numbers in batched(range(marks[-1]), 500, strict=False):
        webhook += _posted_in(machine, request([event(number) for number in numbers]))
        done = numbers[-1] + 1
        if done % 1_000 == 0 or done == marks[-1]:
            action += _drained_in(machine)
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
                machine.deliver(action, records(numbers, _SUBSCRIPTIONS[action]))
            yield Row(f"{action}, {messages:,} at a time", Counter(map(_kind, machine.requests())))


def _function(way: Way, machine: Machine) -> Handler:
    # Only here: Powertools reads the environment when it is loaded, and that is the machine's.
    from aws.handler import ActionFunction  # noqa: PLC0415
    from cli.actions import load_action  # noqa: PLC0415

    base_url = {"DOTDIGITAL_BASE_URL": machine.stand_in} if way.stand_in else {}
    sleep: Callable[[float], None] = lambda _: None  # noqa: E731
    return ActionFunction(load_action(way.action), machine.environment | base_url, sleep=sleep).respond


def _invocations(way: Way, run: int) -> list[dict[str, Any]]:
    """Give what a way's function is invoked with in that run: events of other people in each."""
    subscription = _SUBSCRIPTIONS[way.action]
    numbers = range(run * way.events, (run + 1) * way.events)
    if not way.messages:
        return [event(number, subscription) for number in numbers]
    return [{"Records": records(some, subscription)} for some in batched(numbers, way.messages, strict=False)]


def _bring(machine: Machine, way: Way, work: Sequence[dict[str, Any]]) -> None:
    for invocation in work:
        answer = machine.invoke(way.action, invocation)
        if answer.get("outcome") != "delivered" and answer.get("batchItemFailures") != []:
            raise RuntimeError(f"{way.action} answered {answer}")


def _posted_in(machine: Machine, posted: dict[str, Any]) -> float:
    started = time.perf_counter()
    answer = machine.invoke("segment_webhook", posted, 30)
    seconds = time.perf_counter() - started
    if answer["statusCode"] != _OK:
        raise RuntimeError(f"segment_webhook answered {answer['statusCode']}: {answer['body']}")
    return seconds


def _drained_in(machine: Machine) -> float:
    seconds = 0.0
    while taken := machine.take(_UPSERT, 1_000):
        started = time.perf_counter()
        machine.deliver(_UPSERT, taken)
        seconds += time.perf_counter() - started
    return seconds


def _kind(made: str) -> str:
    """Leave out of a request whom it is about: "PATCH /contacts/v3/email/…" is a PATCH of a contact."""
    method, _, path = made.partition(" ")
    return f"{method} {next((name for start, name in _KINDS.items() if path.startswith(start)), path)}"
