import gzip
import json
import random
import re
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from cli.backfill import Backfill, Room, steps
from cli.backfill_source import Progress, open_source
from cli.ending import CommandError
from cli.stack import Stack, Waits
from tests.unit.cli.conftest import ACTIONS, EVENT, Cli, Queues, Script, failed


def event(number: int) -> dict[str, Any]:
    return {**EVENT, "messageId": f"m-{number}"}


def events_file(folder: Path, *lines: Any) -> Path:
    """A file of these lines: JSON, or text as it is."""
    path = folder / "events.jsonl"
    path.write_text("".join(f"{line if isinstance(line, str) else json.dumps(line)}\n" for line in lines))
    return path


def names(folder: Path) -> set[str]:
    return {path.name for path in folder.iterdir()}


def test_lines_that_are_not_events_are_written_down_with_the_reason(cli: Cli, queues: Queues, tmp_path: Path) -> None:
    path = events_file(tmp_path, event(1), "", "no JSON", event(2), {"type": "track"})
    result = cli("backfill", path, "--json")
    assert (json.loads(result.stdout), result.exit_code) == ({"sent": 2, "refused": 2, "line": 5, "finished": True}, 1)
    assert queues.bodies("segment_webhook") == [event(1), event(2)]
    refused = tmp_path / "events.jsonl.refused"
    assert [json.loads(line) for line in refused.read_text().splitlines()] == [
        {"line": 3, "reason": "is not JSON: Expecting value in column 1", "text": "no JSON"},
        {"line": 5, "reason": "is not a Segment event: messageId is required", "text": '{"type": "track"}'},
    ]
    assert refused.stat().st_mode & 0o777 == 0o600


def test_the_person_is_told_where_the_refused_lines_are(cli: Cli, tmp_path: Path) -> None:
    path = events_file(tmp_path, event(1), "no JSON")
    result = cli("backfill", path)
    assert result.stdout == "Events sent: 1; lines refused: 1\n"
    assert result.stderr == f"The refused lines and the reasons are in {path}.refused.\n"


def test_without_its_progress_a_file_is_sent_anew(cli: Cli, queues: Queues, tmp_path: Path) -> None:
    path = events_file(tmp_path, event(1), "no JSON")
    cli("backfill", path)
    (tmp_path / "events.jsonl.progress").unlink()
    cli("backfill", path)
    assert queues.bodies("segment_webhook") == [event(1)] * 2
    assert len((tmp_path / "events.jsonl.refused").read_text().splitlines()) == 1


@pytest.mark.parametrize(
    "change", [lambda text: text + "\n", lambda text: text.replace("m-1", "m-9")], ids=["size", "start"]
)
def test_a_file_that_has_changed_is_noticed(cli: Cli, queues: Queues, tmp_path: Path, change: Any) -> None:
    path = events_file(tmp_path, event(1))
    cli("backfill", path)
    path.write_text(change(path.read_text()))
    result = cli("backfill", path)
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr == (
        "The file has changed since it was begun (its size or its start). "
        f"To send the file from its beginning, delete {path}.progress.\n"
    )
    assert queues.bodies("segment_webhook") == [event(1)]


def test_a_file_that_was_begun_for_another_stack_is_not_continued(cli: Cli, queues: Queues, tmp_path: Path) -> None:
    path = events_file(tmp_path, event(1))
    cli("backfill", path)
    queues.add("segment_webhook", "other")
    result = cli("backfill", path, "--stack", "other")
    assert (result.stdout, result.exit_code) == ("", 2)
    assert re.fullmatch(
        r"The file was begun for another queue, http://.*/shop-segment_webhook\. "
        rf"To send the file from its beginning, delete {path}\.progress\.\n",
        result.stderr,
    )
    assert queues.bodies("segment_webhook") == []


@pytest.mark.parametrize("content", ["", "[]", "{}", '{"queue": "q", "size": 1, "start": "x", "progress": {"odd": 1}}'])
def test_progress_that_cannot_be_read_is_said_to_be(cli: Cli, tmp_path: Path, content: str) -> None:
    path = events_file(tmp_path, event(1))
    (tmp_path / "events.jsonl.progress").write_text(content)
    result = cli("backfill", path)
    assert (result.stderr, result.exit_code) == (
        f"{path}.progress cannot be read. To send the file from its beginning, delete {path}.progress.\n",
        2,
    )


def test_a_dry_run_counts_and_sends_nothing(cli: Cli, queues: Queues, tmp_path: Path) -> None:
    path = events_file(tmp_path, event(1), "", "no JSON", event(2))
    result = cli("backfill", path, "--dry-run", "--stack", "needs no stack")
    assert (result.stdout, result.exit_code) == ("Events to send: 2; lines to refuse: 1\n", 1)
    assert result.stderr == "line 3 is not JSON: Expecting value in column 1\n"
    assert (queues.bodies("segment_webhook"), names(tmp_path)) == ([], {"events.jsonl"})


def test_a_dry_run_for_a_machine(cli: Cli, tmp_path: Path) -> None:
    result = cli("backfill", events_file(tmp_path, event(1)), "--dry-run", "--json")
    assert (json.loads(result.stdout), result.exit_code) == ({"events": 1, "refused": 0}, 0)


@pytest.mark.parametrize("pack", [bytes, gzip.compress])
def test_standard_input_is_sent_and_keeps_no_progress(
    cli: Cli, queues: Queues, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pack: Callable[[bytes], bytes]
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cli("backfill", "-", stdin=pack(f"{json.dumps(event(1))}\nno JSON\n".encode()))
    assert (result.stdout, result.exit_code) == ("Events sent: 1; lines refused: 1\n", 1)
    assert queues.bodies("segment_webhook") == [event(1)]
    [refused] = tmp_path.iterdir()
    assert refused.match("standard-input-*.refused")
    assert json.loads(refused.read_text())["line"] == 2


@pytest.mark.parametrize(
    ("name", "text"),
    [("none.jsonl", "cannot be read: No such file or directory."), (".", "cannot be read: Is a directory.")],
)
def test_a_file_that_cannot_be_read_is_said_to_be(
    cli: Cli, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, text: str
) -> None:
    monkeypatch.chdir(tmp_path)
    result = cli("backfill", name)
    assert (result.stderr, result.exit_code) == (f"{name} {text}\n", 2)


def test_large_events_go_in_several_calls(cli: Cli, queues: Queues, tmp_path: Path) -> None:
    events = [{**event(number), "context": {"x": "x" * 200_000}} for number in range(3)]
    assert cli("backfill", events_file(tmp_path, *events)).stdout == "Events sent: 3; lines refused: 0\n"
    assert queues.bodies("segment_webhook") == events


def packed(folder: Path, content: str) -> Path:
    """A gzipped file, as several members, which is how parts are put together."""
    path, half = folder / "events.gz", len(content) // 2
    path.write_bytes(gzip.compress(content[:half].encode()) + gzip.compress(content[half:].encode()))
    return path


def as_lines(events: list[dict[str, Any]]) -> str:
    return "".join(f"{json.dumps(each)}\n" for each in events)


@pytest.mark.parametrize("written", [as_lines, json.dumps, lambda events: json.dumps(events, indent=2)])
@pytest.mark.parametrize("zipped", [False, True])
def test_lines_and_arrays_are_read_packed_and_not(
    cli: Cli, queues: Queues, tmp_path: Path, written: Callable[[Any], str], zipped: bool
) -> None:
    events = [event(number) for number in range(25)]
    path = packed(tmp_path, written(events)) if zipped else events_file(tmp_path, written(events))
    result = cli("backfill", path)
    assert (result.stdout, result.stderr, result.exit_code) == ("Events sent: 25; lines refused: 0\n", "", 0)
    assert queues.bodies("segment_webhook") == events
    assert names(tmp_path) == {path.name, f"{path.name}.progress"}
    again = cli("backfill", path)
    assert again.stderr == "The whole file was sent by a former run. To send it again, delete its .progress file.\n"
    assert (again.stdout, again.exit_code) == ("Events sent: 25; lines refused: 0\n", 0)
    assert queues.bodies("segment_webhook") == []


@pytest.mark.parametrize("written", [as_lines, json.dumps])
@pytest.mark.parametrize("zipped", [False, True])
def test_a_run_goes_on_where_the_last_one_stopped_in_any_form(
    cli: Cli, queues: Queues, tmp_path: Path, written: Callable[[Any], str], zipped: bool
) -> None:
    events = [event(number) for number in range(25)]
    path = packed(tmp_path, written(events)) if zipped else events_file(tmp_path, written(events))
    cli("backfill", path)
    notes = Path(f"{path}.progress")
    kept = json.loads(notes.read_text())
    place = len(written(events[:21]).rstrip("]"))
    kept["progress"] |= {"place": place, "line": 21, "sent": 21, "finished": False}
    notes.write_text(json.dumps(kept))
    result = cli("backfill", path)
    assert result.stderr == "Going on after line 21, where a former run stopped.\n"
    assert result.stdout == "Events sent: 25; lines refused: 0\n"
    assert queues.bodies("segment_webhook") == [*events, *events[21:]]


@pytest.mark.parametrize("options", [(), ("--dry-run",)])
def test_a_file_of_another_kind_is_named_once(cli: Cli, tmp_path: Path, options: tuple[str, ...]) -> None:
    path = events_file(tmp_path, *["messageId,type", "m-1,track", "m-2,track"])
    result = cli("backfill", path, *options)
    assert (result.stdout, result.exit_code) == ("", 2)
    assert result.stderr == (
        f"{path} is a CSV file. backfill reads JSON lines or a JSON array of events, gzipped or not.\n"
    )
    assert names(tmp_path) == {path.name}


def test_a_damaged_file_is_sent_as_far_as_it_goes(cli: Cli, queues: Queues, tmp_path: Path) -> None:
    noise = [random.Random(number).randbytes(4_000).hex() for number in range(40)]
    events = [{**event(number), "anonymousId": each} for number, each in enumerate(noise)]
    path = tmp_path / "events.gz"
    path.write_bytes(gzip.compress(as_lines(events).encode())[:-20_000])
    result = cli("backfill", path)
    assert result.exit_code == 2
    assert result.stderr.endswith("is damaged: it cannot be unpacked to its end. What was sent before stays sent.\n")
    sent = queues.bodies("segment_webhook")
    assert 0 < len(sent) < len(events)
    assert sent == events[: len(sent)]


LINE = f"{json.dumps(EVENT)}\n"
QUEUE = {"segment_webhook": "http://sqs/queue"}
NOTHING_WAITS = {"Attributes": {"ApproximateNumberOfMessages": "0"}}


def send(script: Script, path: Path) -> Progress:
    """Send a file; what is done is what its progress file says."""
    with open_source(str(path), QUEUE["segment_webhook"]) as source:
        room = Room(script.stack, QUEUE, 10_000, pytest.fail)
        sending = Backfill(script.stack, QUEUE["segment_webhook"], room, source, nullcontext)
        for step in steps(source.lines()):
            sending.send(step)
    return done(path)


def done(path: Path) -> Progress:
    with open_source(str(path), QUEUE["segment_webhook"]) as source:
        return source.progress


def test_an_event_that_sqs_refuses_is_written_down_and_the_others_are_sent(script: Script, tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"
    path.write_text(f"no JSON\n{LINE}{LINE}no JSON\n")
    script.responds(NOTHING_WAITS, failed(1, sender=True))
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
    script.responds(NOTHING_WAITS, failed(), *[failed(0)] * 8)
    with pytest.raises(CommandError, match=r"^SQS does not take events now \(InternalError\)"):
        send(script, path)
    assert done(path) == Progress(len(LINE) * 10, 10, 10)


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
def room(stack: Stack, queues: Queues) -> Callable[[int, Drain], Room]:
    def make(most: int, drain: Drain) -> Room:
        urls = {action: queues.urls[action] for action in ACTIONS}
        return Room(replace(stack, waits=Waits(drain)), urls, most, drain.told.append)

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
    stack: Stack, queues: Queues, room: Callable[[int, Drain], Room]
) -> None:
    looks: list[object] = []
    stack.session.events.register("before-call.sqs.GetQueueAttributes", lambda **_: looks.append(None))
    space = room(200, Drain(queues, "send_sms"))
    seen = []
    for _ in range(6):
        space.wait_for(10)
        seen.append(len(looks) // len(ACTIONS))
    assert seen == [1, 1, 2, 2, 3, 3]
