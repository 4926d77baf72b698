"""The command line: what is written, what is told, the exit status."""

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.__main__ import app
from delivery.subscriptions_file import read_usable
from tests.unit.cli.subscriptions.exports import ENTRY, SUBSCRIPTION, answer

WRONG = {**SUBSCRIPTION, "name": "Faxes", "actionSlug": "sendFax"}


def run(folder: Path, content: Any, *options: str) -> Result:
    (folder / "segment.json").write_text(json.dumps(content), encoding="utf-8")
    output = [] if "--into" in options else ["--output", str(folder / "subscriptions.json")]
    return CliRunner().invoke(app, ["subscriptions", "import", str(folder / "segment.json"), *output, *options])


def written(folder: Path) -> Any:
    return json.loads((folder / "subscriptions.json").read_text(encoding="utf-8"))


def test_a_new_file_that_a_function_can_start_with(tmp_path: Path) -> None:
    ended = run(tmp_path, answer())
    assert ended.exit_code == 0
    assert written(tmp_path) == {"$schema": "./subscriptions.schema.json", "subscriptions": [ENTRY]}
    assert [each.name for each in read_usable(tmp_path / "subscriptions.json")] == ["Order texts"]
    assert f"1 of 1 imported into {tmp_path / 'subscriptions.json'}." in ended.stdout


def test_those_that_are_refused_are_told_and_the_others_imported(tmp_path: Path) -> None:
    ended = run(tmp_path, answer(WRONG, SUBSCRIPTION))
    assert (ended.exit_code, written(tmp_path)["subscriptions"]) == (1, [ENTRY])
    assert "data.subscriptions[0] (Faxes): actionSlug: no action 'sendFax'; the actions are " in ended.stdout


def test_into_a_file_that_is_there(tmp_path: Path) -> None:
    there = {"subscriptions": [{**ENTRY, "name": "Mine"}], "other": 1}
    path = tmp_path / "subscriptions.json"
    path.write_text(json.dumps(there), encoding="utf-8")
    path.chmod(0o640)
    for count, said in (
        (2, "1 of 1 imported into"),
        (2, "0 of 1 can be imported; nothing was written"),
    ):
        ended = run(tmp_path, answer(), "--into", str(path))
        assert (ended.exit_code, len(written(tmp_path)["subscriptions"])) == (0, count)
        assert said in ended.stdout
    assert written(tmp_path) == {"subscriptions": [*there["subscriptions"], ENTRY], "other": 1}  # type: ignore[misc]
    assert (path.stat().st_mode & 0o777, len(list(tmp_path.iterdir()))) == (0o640, 2)


def test_into_the_bare_list(tmp_path: Path) -> None:
    (tmp_path / "subscriptions.json").write_text("[]", encoding="utf-8")
    run(tmp_path, answer(), "--into", str(tmp_path / "subscriptions.json"))
    assert written(tmp_path) == [ENTRY]


def test_a_dry_run_writes_nothing(tmp_path: Path) -> None:
    ended = run(tmp_path, answer(), "--dry-run")
    assert (ended.exit_code, (tmp_path / "subscriptions.json").exists()) == (0, False)
    assert "1 of 1 can be imported; nothing was written." in ended.stdout


def test_what_differs_is_told_for_what_is_used(tmp_path: Path) -> None:
    trigger = "event = A or event = B and type = track"
    said = run(tmp_path, answer({**SUBSCRIPTION, "trigger": trigger})).stdout
    assert said.index("Order texts") < said.index("What will be different here for these subscriptions")
    assert "`and` binds tighter than `or`" in said
    assert "A star stands for any text" not in said
    assert "Add to this list" not in said


def test_json_says_all_of_it(tmp_path: Path) -> None:
    trigger = "event = A or event = B and type = track"
    said = json.loads(run(tmp_path, answer(WRONG, {**SUBSCRIPTION, "trigger": trigger}), "--json").stdout)
    assert said.keys() == {"written", "missing", "subscriptions", "differences"}
    assert (said["written"], said["missing"]) == (str(tmp_path / "subscriptions.json"), 0)
    assert [each["status"] for each in said["subscriptions"]] == ["refused", "imported"]
    assert {
        "fault": "F1",
        "here": "`and` binds tighter than `or`; in Segment the last one joins all of a group.",
        "subscriptions": ["Order texts"],
    } in said["differences"]


def test_pages_that_are_not_in_the_file(tmp_path: Path) -> None:
    ended = run(tmp_path, answer(total=7))
    assert ended.exit_code == 1
    assert "Segment has at least 6 more, on pages that are not in the file: append them to it." in ended.stdout


SEGMENTS_WORDS = {"errors": [{"type": "forbidden", "message": "Token is not valid."}, {"type": "not-found"}]}


@pytest.mark.parametrize(
    ("content", "options", "said"),
    [
        ({"data": {}}, [], "segment.json cannot be used: it holds no subscriptions"),
        (SEGMENTS_WORDS, [], "cannot be used: Segment responded with an error: Token is not valid.; not-found"),
        ([answer(), SEGMENTS_WORDS], [], "Segment responded with an error: Token is not valid.; not-found"),
        (answer(), ["--into", "nowhere.json"], "nowhere.json cannot be read"),
        (answer(), ["--output", "/nowhere/new.json"], "/nowhere/new.json cannot be read or written: No such file"),
    ],
)
def test_what_cannot_be_read_or_written_is_2(tmp_path: Path, content: Any, options: list[str], said: str) -> None:
    ended = run(tmp_path, content, *options)
    assert (ended.exit_code, ended.stdout) == (2, "")
    assert said in ended.stderr


def test_no_file_is_written_over(tmp_path: Path) -> None:
    path = tmp_path / "subscriptions.json"
    path.write_text("mine", encoding="utf-8")
    ended = run(tmp_path, answer())
    assert (ended.exit_code, path.read_text(encoding="utf-8")) == (2, "mine")
    assert f"{path} is there already: name another with --output, or add to it with --into" in ended.stderr


def test_an_export_of_standard_input(tmp_path: Path) -> None:
    command = ["subscriptions", "import", "-", "--output", str(tmp_path / "new.json")]
    ended = CliRunner().invoke(app, command, input=json.dumps(answer()))
    assert (ended.exit_code, ended.stderr) == (0, "")
    assert "1 of 1 imported into" in ended.stdout
