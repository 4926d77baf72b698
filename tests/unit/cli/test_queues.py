import json
from typing import Any

import pytest

from cli.queues import MOST_BYTES, Failure, delete_messages, release_messages, send_messages
from cli.stack import Stack
from tests.unit.cli.conftest import Queues, Script, failed

QUEUE = "http://sqs/queue"


def test_what_sqs_did_not_take_is_sent_again_and_nothing_else(script: Script) -> None:
    script.responds(failed(0, 2), failed(2), failed())
    assert send_messages(script.stack, QUEUE, ["a", "b", "c"]) == {}
    assert (script.asked, script.waits) == ([["0", "1", "2"], ["0", "2"], ["2"]], [0.1, 0.2])


def test_what_sqs_refuses_is_not_sent_again(script: Script) -> None:
    script.responds(failed(1, sender=True))
    assert send_messages(script.stack, QUEUE, ["a", "b"]) == {1: Failure("InternalError", True)}
    assert (script.asked, script.waits) == ([["0", "1"]], [])


def test_it_gives_up_after_8_tries(script: Script) -> None:
    script.responds(*[failed(1)] * 8)
    assert send_messages(script.stack, QUEUE, ["a", "b"]) == {1: Failure("InternalError", False)}
    assert script.waits == [0.1, 0.2, 0.4, 0.8, 1.6, 3.2, 6.4]


@pytest.mark.parametrize("call", [delete_messages, release_messages])
def test_deleting_and_giving_back_are_tried_again_too(script: Script, call: Any) -> None:
    script.responds(failed(0), failed())
    assert call(script.stack, QUEUE, ["handle", "handle"]) == {}
    assert script.asked == [["0", "1"], ["0"]]


@pytest.mark.parametrize("call", [send_messages, delete_messages, release_messages])
def test_nothing_is_no_call(script: Script, call: Any) -> None:
    assert (call(script.stack, QUEUE, []), script.asked) == ({}, [])


def test_bodies_are_split_by_number_and_by_bytes(stack: Stack, queues: Queues) -> None:
    calls: list[int] = []
    count = lambda params, **_: calls.append(len(params["Entries"]))  # noqa: E731
    queues.sqs.meta.events.register("provide-client-params.sqs.SendMessageBatch", count)
    bodies = [json.dumps(number) for number in range(11)] + ['"' + "€" * 240_000 + '"'] * 2
    assert send_messages(stack, queues.urls["send_sms"], bodies) == {}
    assert calls == [10, 2, 1]
    assert sorted(map(json.dumps, queues.bodies("send_sms"))) == sorted(map(json.dumps, map(json.loads, bodies)))


def test_a_body_that_no_message_can_hold_is_left_and_the_others_are_sent(stack: Stack, queues: Queues) -> None:
    longest = '"' + "x" * (MOST_BYTES - 2) + '"'
    assert send_messages(stack, queues.urls["send_sms"], ["1", longest, longest[:-1] + 'x"', "2"]) == {
        2: Failure("MessageTooLong", for_good=True)
    }
    assert sorted(map(str, queues.bodies("send_sms"))) == ["1", "2", json.loads(longest)]
