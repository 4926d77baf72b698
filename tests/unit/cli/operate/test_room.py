from collections.abc import Callable
from dataclasses import replace

import pytest

from cli.operate.place import Place, Waits
from cli.operate.room import Room
from tests.unit.cli.operate.conftest import ACTIONS, Queues


class Drain:
    """A sleep during which the functions take what is in a queue."""

    def __init__(self, queues: Queues, name: str) -> None:
        self._queues, self._name = queues, name
        self.seconds: list[float] = []
        self.told: list[str] = []

    def __call__(self, seconds: float) -> None:
        self.seconds.append(seconds)
        self._queues.sqs.purge_queue(QueueUrl=self._queues.urls[self._name])


@pytest.fixture
def room(place: Place, queues: Queues) -> Callable[[int, Drain], Room]:
    def make(most: int, drain: Drain) -> Room:
        urls = {action: queues.urls[action] for action in ACTIONS}
        return Room(replace(place, waits=Waits(drain)), urls, most, drain.told.append)

    return make


@pytest.mark.parametrize("name", ["segment_webhook", "send_sms"])
def test_it_waits_while_a_queue_holds_more_than_is_allowed(
    queues: Queues, room: Callable[[int, Drain], Room], name: str
) -> None:
    for _ in range(3):
        queues.put(name, "1")
    drain = Drain(queues, name)
    room(2, drain).wait_for(1)
    assert (drain.seconds, drain.told) == ([5.0], [f"waiting: the queue of {name} holds 3 messages"])


def test_messages_that_are_hidden_count_too(queues: Queues, room: Callable[[int, Drain], Room]) -> None:
    for _ in range(3):
        queues.put("send_sms", "1")
    queues.visible("send_sms")
    drain = Drain(queues, "send_sms")
    room(2, drain).wait_for(1)
    assert drain.seconds == [5.0]


@pytest.mark.parametrize(("messages", "most"), [(2, 2), (3, 10)])
def test_it_does_not_wait_while_there_is_room(
    queues: Queues, room: Callable[[int, Drain], Room], messages: int, most: int
) -> None:
    for _ in range(messages):
        queues.put("send_sms", "1")
    drain = Drain(queues, "send_sms")
    room(most, drain).wait_for(1)
    assert drain.seconds == []


def test_it_looks_at_once_and_then_once_in_a_tenth_of_what_is_allowed(
    queues: Queues, room: Callable[[int, Drain], Room]
) -> None:
    looks: list[object] = []
    queues.sqs.meta.events.register("before-call.sqs.GetQueueAttributes", lambda **_: looks.append(None))
    space = room(200, Drain(queues, "send_sms"))
    seen = []
    for _ in range(6):
        space.wait_for(10)
        seen.append(len(looks) // len(ACTIONS))
    assert seen == [1, 1, 2, 2, 3, 3]
