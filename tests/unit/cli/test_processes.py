"""Commands as processes that are stopped and killed, and what the next run finds."""

import json
import os
import pty
import signal
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Protocol

import pytest

from dev import PROJECT
from tests.support.waiting import wait_until
from tests.unit.cli.conftest import BODY, EVENT, NAME, Queues

LINES = 200
COMMAND = [sys.executable, "-m", "cli"]


INSTALLED = [str(Path(sys.executable).with_name("segment-dotdigital"))]


class Start(Protocol):
    """Starts a command of stack `shop`."""

    def __call__(self, *arguments: str | Path) -> subprocess.Popen[str]: ...


@pytest.fixture
def start(queues: Queues) -> Iterator[Start]:
    started: list[subprocess.Popen[str]] = []
    former = signal.signal(signal.SIGINT, signal.default_int_handler)  # a shell's background ignores it

    def run(*arguments: str | Path) -> subprocess.Popen[str]:
        words = [*COMMAND, *map(str, arguments)]
        environment = {**os.environ, "STACK": NAME}
        pipe = subprocess.PIPE
        process = subprocess.Popen(words, cwd=PROJECT, env=environment, stdout=pipe, stderr=pipe, text=True)
        started.append(process)
        return process

    yield run
    signal.signal(signal.SIGINT, former)
    for process in started:
        process.kill()
        process.communicate(timeout=300)


@pytest.mark.parametrize(("number", "most_twice"), [(signal.SIGINT, 0), (signal.SIGKILL, 10)])
def test_a_backfill_that_is_ended_goes_on_where_it_stopped(
    queues: Queues, start: Start, tmp_path: Path, number: signal.Signals, most_twice: int
) -> None:
    path = tmp_path / "events.jsonl"
    lines = [json.dumps({**EVENT, "messageId": str(line)}) if line % 20 else "no JSON" for line in range(LINES)]
    path.write_text("\n".join(lines))
    progress = tmp_path / "events.jsonl.progress"
    first = start("backfill", path)
    wait_until(progress.exists)
    first.send_signal(number)
    output, errors = first.communicate(timeout=120)
    assert first.returncode == (130 if number == signal.SIGINT else -number), errors
    assert json.loads(progress.read_text())["progress"]["line"] < LINES
    second = start("backfill", path)
    output, errors = second.communicate(timeout=120)
    assert (output, second.returncode) == ("Events sent: 190; lines refused: 10\n", 1)
    assert errors.startswith("Going on after line ")
    counts = Counter(body["messageId"] for body in queues.bodies("segment_webhook"))
    assert set(counts) == {str(line) for line in range(LINES) if line % 20}
    assert sum(counts.values()) - len(counts) <= most_twice
    refused = (tmp_path / "events.jsonl.refused").read_text().splitlines()
    assert [json.loads(line)["line"] for line in refused] == list(range(1, LINES, 20))


def test_a_replay_that_is_stopped_says_what_it_did_and_hides_nothing(queues: Queues, start: Start) -> None:
    url = queues.urls["send_sms-dead-letters"]
    for _ in range(LINES // 10):
        queues.sqs.send_message_batch(
            QueueUrl=url, Entries=[{"Id": str(number), "MessageBody": json.dumps(BODY)} for number in range(10)]
        )
    replay = start("failures", "replay", "--yes")
    wait_until(lambda: queues.waiting("send_sms") > 0)
    replay.send_signal(signal.SIGINT)
    output, errors = replay.communicate(timeout=120)
    replayed = int(output.removeprefix("Dead letters replayed: "))
    assert (errors, replay.returncode) == ("Stopped.\n", 130)
    assert 0 < replayed < LINES
    assert queues.bodies("send_sms") == [BODY] * replayed
    assert queues.bodies("send_sms-dead-letters") == [BODY] * (LINES - replayed)


def test_a_replay_that_is_killed_loses_nothing(queues: Queues, start: Start) -> None:
    bodies = {str(number): {**BODY, "number": str(number)} for number in range(60)}
    ids = {queues.dead_letter(body=body, outcome="in_doubt"): number for number, body in bodies.items()}
    replay = start("failures", "replay", "--in-doubt", "--yes")
    wait_until(lambda: queues.waiting("send_sms") > 0)
    replay.kill()
    replay.communicate(timeout=120)
    sent = {body["number"] for body in queues.bodies("send_sms")}
    still = {ids[letter] for letter in queues.all_ids("send_sms-dead-letters")}
    assert sent | still == set(bodies)
    assert len(sent & still) <= 10


def test_a_person_at_a_terminal_sees_how_far_it_is(queues: Queues, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"{json.dumps(EVENT)}\n" * 30)
    ours, theirs = pty.openpty()
    environment = {**os.environ, "STACK": NAME, "TERM": "xterm-256color", "COLUMNS": "120"}
    words = [*COMMAND, "backfill", str(path)]
    ended = subprocess.run(
        words, cwd=PROJECT, env=environment, stdout=subprocess.PIPE, stderr=theirs, check=False, timeout=300
    )
    seen = os.read(ours, 100_000).decode()
    os.close(ours)
    os.close(theirs)
    assert (ended.stdout, ended.returncode) == (b"Events sent: 30; lines refused: 0\n", 0)
    assert "30 events" in seen
    assert "2.9/2.9 kB" in seen


@pytest.mark.parametrize("command", [COMMAND, INSTALLED], ids=["python -m cli", "segment-dotdigital"])
def test_the_command_lists_what_it_can_do(command: list[str]) -> None:
    ended = subprocess.run([*command, "--help"], cwd=PROJECT, capture_output=True, text=True, check=True, timeout=300)
    rows = [line.split() for line in ended.stdout.splitlines() if line.startswith("│ ")]
    commands = {"connect", "check", "preview", "preview-server", "subscriptions", "failures", "backfill"}
    assert commands <= {row[1] for row in rows}
