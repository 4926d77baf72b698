import json
import re
from dataclasses import asdict, replace
from typing import Any

import pytest

from cli.dead_letters import DeadLetter, DeadLetterOutcome, Selection
from cli.queues import MOST_BYTES, dead_letter_queues, sqs_time
from cli.replay import Replay, body_to_send
from cli.stack import Stack, Waits
from cli.sweep import Sweep
from tests.unit.cli.conftest import BODY, Cli, Message, Queues

NOTHING = {"replayed": 0, "in_doubt": 0, "left_out": 0, "failed": 0, "kept": 0, "newer": 0}
LATER = 10**15
ATTEMPT = {**BODY, "attempt": "1"}
LETTER = DeadLetter("id-1", "send_sms", "Send SMS", "in_doubt", "time-out", "m-1", 0, json.dumps(BODY), "handle")


def replay_all(stack: Stack, replay: Replay) -> dict[str, int]:
    """Replay every dead letter of the stack, and what was done."""
    Sweep(stack, dead_letter_queues(stack)).run(replay)
    return asdict(replay.done)


@pytest.mark.parametrize("action", ["send_sms", "segment_webhook"])
@pytest.mark.parametrize("outcome", ["rejected", "retry", None])
def test_the_body_goes_to_its_queue_as_it_was_and_the_dead_letter_is_gone(
    cli: Cli, queues: Queues, action: str, outcome: str | None
) -> None:
    queues.dead_letter(action, outcome=outcome)
    result = cli("failures", "replay", "--yes")
    assert (result.stdout, result.stderr, result.exit_code) == ("Dead letters replayed: 1\n", "", 0)
    assert queues.visible(action) == [Message(BODY)]
    assert queues.visible(f"{action}-dead-letters") == []


def test_what_is_in_doubt_is_left_out_and_counted(cli: Cli, queues: Queues) -> None:
    queues.dead_letter()
    queues.dead_letter(outcome="in_doubt")
    result = cli("failures", "replay", "--yes")
    assert (result.stdout, result.exit_code) == ("Dead letters replayed: 1\n", 1)
    assert result.stderr == (
        "In doubt, left out: 1. Dotdigital may have sent them, and a replay may send them a second time. "
        "Add --in-doubt to replay them.\n"
    )
    assert [message.attributes["outcome"] for message in queues.visible("send_sms-dead-letters")] == ["in_doubt"]


def test_if_asked_for_what_is_in_doubt_is_one_new_attempt(cli: Cli, queues: Queues) -> None:
    queues.dead_letter(outcome="in_doubt")
    result = cli("failures", "replay", "--in-doubt", "--yes")
    assert (result.stdout, result.exit_code) == ("Dead letters replayed: 1\n", 0)
    assert result.stderr == "Of them in doubt: 1. They may be sent a second time.\n"
    assert queues.bodies("send_sms") == [{**BODY, "attempt": "1"}]
    assert queues.visible("send_sms-dead-letters") == []


def test_what_is_in_doubt_and_has_no_room_for_another_attempt_stays_a_dead_letter(cli: Cli, queues: Queues) -> None:
    full = {**BODY, "x": ""}
    full["x"] = "x" * (MOST_BYTES - len(json.dumps(full, separators=(",", ":"))))
    queues.put("send_sms-dead-letters", json.dumps(full, separators=(",", ":")), {"outcome": "in_doubt"})
    queues.dead_letter()
    result = cli("failures", "replay", "--in-doubt", "--yes", "--json")
    assert json.loads(result.stdout) == {**NOTHING, "replayed": 1, "failed": 1}
    assert queues.bodies("send_sms") == [BODY]
    assert queues.waiting("send_sms-dead-letters") == 1


@pytest.mark.parametrize(
    ("options", "question"),
    [
        ([], r"Replay 2 dead letters, \d s old, but nothing that is in doubt\? \[y/N\] "),
        (["--in-doubt", "--action", "send_sms"], r"Replay 1 dead letter, \d s old\? Dotdigital may have .* time\. \["),
    ],
)
def test_all_or_what_is_in_doubt_is_replayed_once_a_person_agrees(
    cli: Cli, queues: Queues, options: list[str], question: str
) -> None:
    queues.dead_letter()
    queues.dead_letter("enrol_contact")
    for no in ("n\n", ""):
        result = cli("failures", "replay", *options, stdin=no)
        assert re.search(question, result.stderr)
        assert result.stderr.endswith("Nothing was replayed. Where nobody can answer, add --yes.\n")
        assert (result.exit_code, queues.waiting("send_sms"), result.stdout) == (2, 0, "")
    assert cli("failures", "replay", *options, stdin="y\n").exit_code == 0
    assert (queues.waiting("send_sms"), queues.waiting("enrol_contact")) == (1, 0 if options else 1)


@pytest.mark.parametrize(("text", "again"), [("\ufffe", "\ufffe"), ("\ud83d", "\ufffd"), ("é😀", "é😀")])
def test_any_text_can_be_another_attempt(text: str, again: str) -> None:
    body = body_to_send(replace(LETTER, body=json.dumps({**BODY, "text": text})))
    assert not set(body) & {"\ufffe", "\ud83d"}
    assert json.loads(body) == {**BODY, "text": again, "attempt": "1"}


def test_an_attempt_that_is_in_doubt_again_gets_a_new_one() -> None:
    again = replace(LETTER, body=body_to_send(LETTER))
    assert json.loads(body_to_send(again)) == {**BODY, "attempt": "2"}


def test_copies_of_one_event_that_are_in_doubt_are_one_attempt() -> None:
    assert body_to_send(LETTER) == body_to_send(replace(LETTER, id="id-2"))


def test_an_attempt_is_kept_where_nothing_is_in_doubt() -> None:
    letter = replace(LETTER, outcome="retry", body='{"attempt":  "1"}')
    assert body_to_send(letter) == '{"attempt":  "1"}'


@pytest.mark.parametrize("body", ["[]", "no JSON", '{"payload": 1e999}'])
def test_a_body_that_cannot_have_an_attempt_goes_as_it_is(body: str) -> None:
    assert body_to_send(replace(LETTER, body=body)) == body


class Died(Exception):
    """Stands for the process's end."""


def die(**_: Any) -> None:
    raise Died


@pytest.mark.parametrize(
    ("call", "sent"), [("SendMessageBatch", []), ("DeleteMessageBatch", [ATTEMPT])], ids=["before", "between"]
)
def test_a_run_that_dies_loses_nothing_and_the_next_one_makes_the_same_attempt(
    stack: Stack, queues: Queues, call: str, sent: list[Any]
) -> None:
    queues.dead_letter(outcome="in_doubt")
    queues.sqs.meta.events.register(f"before-call.sqs.{call}", die)
    with pytest.raises(Died):
        replay_all(stack, Replay(stack, Selection(), LATER, in_doubt_too=True))
    queues.sqs.meta.events.unregister(f"before-call.sqs.{call}", die)
    assert queues.bodies("send_sms") == sent
    done = replay_all(stack, Replay(stack, Selection(), LATER, in_doubt_too=True))
    assert done == {**NOTHING, "replayed": 1, "in_doubt": 1}
    assert queues.bodies("send_sms") == [ATTEMPT]


def test_a_dead_letter_that_came_after_the_start_is_left_for_another_run(stack: Stack, queues: Queues) -> None:
    queues.dead_letter(reason="old")
    before = sqs_time(replace(stack, waits=Waits()), queues.urls["send_sms"])
    queues.dead_letter(reason="new")
    done = replay_all(stack, Replay(stack, Selection(outcome=DeadLetterOutcome.REJECTED), before, in_doubt_too=False))
    assert done == {**NOTHING, "replayed": 1, "newer": 1}
    assert [message.attributes["reason"] for message in queues.visible("send_sms-dead-letters")] == ["new"]


def test_replaying_twice_replays_once(cli: Cli, queues: Queues) -> None:
    queues.dead_letter()
    outputs = [cli("failures", "replay", "--yes").stdout for _ in range(2)]
    assert outputs == ["Dead letters replayed: 1\n", "Dead letters replayed: 0\n"]
    assert queues.bodies("send_sms") == [BODY]
