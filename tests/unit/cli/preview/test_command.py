"""The command line: exit status, JSON, colours, what stands in the way."""

import json
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from rich.console import Console
from typer.testing import CliRunner, Result

from cli.__main__ import app
from cli.preview.envelopes import read_input
from cli.preview.preview import preview_events
from cli.preview.report import print_preview
from dev import PROJECT
from tests.unit.cli.preview.cases import EVENT, NOW, SUBSCRIPTION, subscriptions_file


def show(folder: Path, *options: str, event: Any = EVENT) -> Result:
    (folder / "event.json").write_text(event if isinstance(event, str) else json.dumps(event), encoding="utf-8")
    path = folder / "subscriptions.json"
    if not path.exists():
        subscriptions_file(folder)
    return CliRunner().invoke(app, ["preview", str(folder / "event.json"), "--subscriptions", str(path), *options])


@pytest.mark.parametrize(("event", "code"), [(EVENT, 0), ({**EVENT, "event": "x"}, 0), ("{", 2)])
def test_make_fails_only_where_there_is_no_preview(tmp_path: Path, event: Any, code: int) -> None:
    file, subscriptions = tmp_path / "event.json", subscriptions_file(tmp_path)
    file.write_text(event if isinstance(event, str) else json.dumps(event), encoding="utf-8")
    command = ["make", "--old-file", ".venv/installed", "preview", f"EVENT={file}", f"SUBSCRIPTIONS={subscriptions}"]
    ended = subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, check=False, timeout=120)
    assert (ended.returncode, f"Error {code}" in ended.stderr) == (code, bool(code))


def test_what_a_person_reads(tmp_path: Path) -> None:
    subscriptions_file(tmp_path, SUBSCRIPTION, {**SUBSCRIPTION, "name": "Others", "subscribe": "event = Bought"})
    ended = show(tmp_path)
    assert ended.exit_code == 0
    assert [" ".join(line.split()) for line in ended.stdout.splitlines()] == [
        'track "Order Shipped" m-1',
        "✓ Order texts (send_sms) would be delivered",
        "field value from",
        'to "+447700900123" $.properties.phone',
        'message "Order 7" template "Order {{properties.order}}"',
        "POST /v2/sms-messages/send-to/447700900123",
        '{"message": "Order 7"}',
        "· Others (send_sms) skipped: the trigger does not match",
        'event = "Bought" does not hold: event is "Order Shipped"',
        "",
        "1 of 2 would deliver. Nothing was sent.",
    ]


def test_nothing_delivers_is_1(tmp_path: Path) -> None:
    assert show(tmp_path, event={**EVENT, "event": "Bought"}).exit_code == 1


def test_json_is_one_line_of_the_same(tmp_path: Path) -> None:
    ended = show(tmp_path, "--json", "--now", "2026-11-21T00:00:00")
    said = json.loads(ended.stdout)
    assert (said["now"], said["delivers"], said["events"][0]["messageId"]) == ("2026-11-21T00:00:00+00:00", True, "m-1")


def test_one_subscription_alone(tmp_path: Path) -> None:
    subscriptions_file(tmp_path, SUBSCRIPTION, {**SUBSCRIPTION, "name": "Again"})
    said = json.loads(show(tmp_path, "--json", "--subscription", "Again").stdout)
    assert [part["subscription"] for part in said["events"][0]["subscriptions"]] == ["Again"]


@pytest.mark.parametrize(
    ("event", "options", "said"),
    [
        ("{", [], "event.json cannot be used: it is not JSON"),
        ({"payload": {"to": "1"}}, [], "cannot be used: it does not name its action: name it with --action"),
        (EVENT, ["--subscription", "None"], "there is no subscription 'None'; there are: Order texts"),
        (EVENT, ["--now", "tomorrow"], "cannot be used: now must be a time as ISO 8601"),
        (EVENT, ["--subscriptions", "nowhere.json"], "nowhere.json cannot be read"),
    ],
)
def test_what_cannot_be_read_is_2(tmp_path: Path, event: Any, options: list[str], said: str) -> None:
    ended = show(tmp_path, *options, event=event)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_a_file_that_is_not_there_is_2() -> None:
    ended = CliRunner().invoke(app, ["preview", "nowhere.json"])
    assert (ended.exit_code, ended.stderr) == (2, "nowhere.json cannot be used: No such file or directory\n")


def test_a_payload_of_events_takes_the_action_of_its_folder() -> None:
    ended = CliRunner().invoke(app, ["preview", str(PROJECT / "events/send_transactional_sms/direct.json"), "--json"])
    assert ended.exit_code == 0
    assert json.loads(ended.stdout)["events"][0]["payload"] is True


def test_a_terminal_gets_colours(tmp_path: Path) -> None:
    console = Console(file=StringIO(), force_terminal=True, width=200, color_system="standard")
    print_preview(preview_events(read_input(json.dumps(EVENT)), subscriptions_file(tmp_path), NOW), console)
    assert "\x1b[32m✓ Order texts" in console.file.getvalue()  # type: ignore[attr-defined]


def test_an_event_of_standard_input(tmp_path: Path) -> None:
    command = ["preview", "-", "--subscriptions", str(subscriptions_file(tmp_path))]
    ended = CliRunner().invoke(app, command, input=json.dumps(EVENT))
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "1 of 1 would deliver" in ended.stdout


@pytest.mark.parametrize("options", [(), ("--json",)])
def test_half_a_character_is_shown_as_it_will_be_sent(tmp_path: Path, options: tuple[str, ...]) -> None:
    mapping = SUBSCRIPTION["mapping"] | {"message": {"@template": "\ud83d {{properties.order}}"}}
    subscriptions_file(tmp_path, {**SUBSCRIPTION, "mapping": mapping})
    ended = show(tmp_path, *options, event={**EVENT, "properties": {"phone": "+447700900123", "order": "7\ud83d"}})
    assert "\ufffd 7\ufffd" in ended.stdout
