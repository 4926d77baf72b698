"""A backfill whose SQS does not take everything."""

import json
from contextlib import nullcontext
from pathlib import Path

import pytest

from cli.operate.backfill import Backfill, steps
from cli.operate.backfill_source import open_source
from cli.operate.errors import OperateError
from cli.operate.events_file import read_lines
from cli.operate.progress_file import Progress
from cli.operate.room import Room
from tests.unit.cli.operate.conftest import EVENT, Script, failed

LINE = f"{json.dumps(EVENT)}\n"
QUEUE = {"segment_webhook": "http://sqs/queue"}
EMPTY = {"Attributes": {"ApproximateNumberOfMessages": "0"}}


def send(script: Script, path: Path) -> Progress:
    """Send a file; what is done is what its progress file says."""
    with open_source(str(path), QUEUE["segment_webhook"]) as source:
        room = Room(script.place, QUEUE, 10_000, pytest.fail)
        sending = Backfill(script.place, QUEUE["segment_webhook"], room, source, nullcontext)
        for step in steps(read_lines(source.stream)):
            sending.send(step)
    return done(path)


def done(path: Path) -> Progress:
    with open_source(str(path), QUEUE["segment_webhook"]) as source:
        return source.progress


def test_an_event_that_sqs_refuses_is_written_down_and_the_others_are_sent(script: Script, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"no JSON\n{LINE}{LINE}no JSON\n")
    script.answers(EMPTY, failed(1, sender=True))
    refused = tmp_path / "events.jsonl.refused"
    progress = send(script, path)
    assert progress == Progress(path.stat().st_size, 4, 1, 3, refused.stat().st_size)
    assert [(json.loads(line)["line"], json.loads(line)["reason"]) for line in refused.read_text().splitlines()] == [
        (1, "is not JSON: Expecting value in column 1"),
        (3, "SQS refuses it: InternalError"),
        (4, "is not JSON: Expecting value in column 1"),
    ]


def test_where_sqs_takes_nothing_the_run_ends_and_the_next_one_sends_it(script: Script, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(LINE * 11)
    script.answers(EMPTY, failed(), *[failed(0)] * 8)
    with pytest.raises(OperateError, match=r"^SQS does not take events now \(InternalError\)"):
        send(script, path)
    assert done(path) == Progress(len(LINE) * 10, 10, 10)
