"""`subscriptions check`: what is told of each problem, in lines that fit a terminal; the exit status; who calls it."""

import json
import os
import pty
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from cli.__main__ import app
from cli.subscriptions.check import excerpt
from delivery.subscription import Problem
from dev import PROJECT, SUBSCRIPTIONS_FILE

TEXT = {"name": "Texts", "partnerAction": "sendSms", "subscribe": 'event = "Sent"'}
WRONG = [
    TEXT,
    {
        "name": "Orders",
        "partnerAction": "sendSms",
        "subscribe": 'type = "track" and event "Sent"',
        "mapping": {
            "to": {"@path": "$.x"},
            "mesage": {"@liquid": "{{ properties.total > 50 }}"},
            "numberCountry": "XX",
        },
    },
    {"name": "Enrol", "partnerAction": "enrolContacts"},
]
TOLD = """\
Texts  (subscriptions[0])
  mapping/message: is required, and the mapping gives nothing for it

Orders  (subscriptions[1])
  subscribe: column 26: expected an operator (=, !=, <, <=, > or >=), found a
    text in quotes
    type = "track" and event "Sent"
                             ^
  mapping/mesage/@liquid: should be a Liquid template: expected end of
    expression, found '>'
    {{ properties.total > 50 }}
                        ^
  mapping/mesage: is no field of the action; did you mean message?
  mapping/numberCountry: must be the ISO 3166 code of a country that has phone
    numbers, such as GB, or international
    "XX"
  mapping/message: is required, and the mapping gives nothing for it

Enrol  (subscriptions[2])
  partnerAction: no action 'enrolContacts'; did you mean enrolContact?

FILE: 3 of 3 subscriptions cannot be used as written
"""


def check(file: Path, *options: str) -> Result:
    return CliRunner().invoke(app, ["subscriptions", "check", str(file), *options])


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "subscriptions.json"


def write(file: Path, content: Any) -> Path:
    file.write_text(content if isinstance(content, str) else json.dumps(content), encoding="utf-8")
    return file


def test_each_problem_is_told_with_its_place_in_lines_of_80_columns(file: Path) -> None:
    ended = check(write(file, WRONG))
    assert (ended.exit_code, ended.stdout.replace(str(file), "FILE")) == (1, TOLD)
    assert max(len(line.replace(str(file), "")) for line in ended.stdout.splitlines()) <= 80


def test_what_is_right_is_one_line(file: Path) -> None:
    ended = check(write(file, [{"name": "Lists", "partnerAction": "syncAudience"}]))
    assert (ended.exit_code, ended.stdout) == (0, f"{file}: 1 subscription, no problem found\n")
    assert check(SUBSCRIPTIONS_FILE).exit_code == 0


def test_for_a_machine(file: Path) -> None:
    ended = check(write(file, WRONG), "--json")
    told = json.loads(ended.stdout)
    assert (ended.exit_code, told["file"], told["right"], told["problems"]) == (1, str(file), False, [])
    [texts, orders, _] = told["subscriptions"]
    lacking = "is required, and the mapping gives nothing for it"
    problem = {"place": "mapping/message", "text": lacking, "source": None, "offset": None}
    assert texts == {"name": "Texts", "place": "subscriptions[0]", "problems": [problem]}
    assert [each["offset"] for each in orders["problems"]] == [25, 20, None, None, None]
    right = check(write(file, []), "--json")
    assert (right.exit_code, json.loads(right.stdout)["right"]) == (0, True)


def test_a_file_that_is_not_json_is_wrong_at_a_place(file: Path) -> None:
    ended = check(write(file, '{"subscriptions": [\n  {"name": "x",}\n]}'))
    assert ended.exit_code == 1
    assert ended.stdout.splitlines()[-2:] == ['      {"name": "x",}', "                  ^"]
    [problem] = json.loads(check(file, "--json").stdout)["problems"]
    assert (problem["offset"], "cannot be read" in problem["text"]) == (34, True)


@pytest.mark.parametrize("content", ["7", '{"subscriptions": {}}'])
def test_a_file_that_is_no_list_is_wrong(file: Path, content: str) -> None:
    ended = check(write(file, content))
    assert (ended.exit_code, "it must be" in ended.stdout) == (1, True)


def test_a_file_that_is_not_there(file: Path) -> None:
    ended = check(file)
    assert (ended.exit_code, ended.stdout, ended.stderr) == (2, "", f"{file}: there is no such file\n")


def test_colours_are_for_a_terminal(file: Path) -> None:
    command = [sys.executable, "-m", "cli", "subscriptions", "check", str(write(file, WRONG))]
    environment = {"TERM": "xterm", "PATH": os.environ["PATH"], "PYTHONPATH": os.pathsep.join(sys.path)}
    piped = subprocess.run(command, capture_output=True, env=environment, cwd=PROJECT, check=False, timeout=300)
    assert b"\x1b[" not in piped.stdout
    parent, child = pty.openpty()
    with subprocess.Popen(command, stdout=child, env=environment, cwd=PROJECT) as process:
        os.close(child)
        assert b"\x1b[" in os.read(parent, 1000)
        process.kill()
    os.close(parent)


@pytest.mark.parametrize(
    ("source", "offset", "expected"),
    [
        ("", 0, []),
        ("event =", 7, ["event =", "       ^"]),
        ("event =\n type a\nor x", 9, [" type a", " ^"]),
        ("\tevent a", 7, [" event a", "       ^"]),
        ("日本 a", 3, ["日本 a", "     ^"]),
        ("x" * 75 + "!", 75, ["x" * 75 + "!", " " * 75 + "^"]),
        ("x" * 100 + "!", 100, ["…" + "x" * 74 + "!", " " * 75 + "^"]),
        ("!" + "x" * 100, 0, ["!" + "x" * 74 + "…", "^"]),
        ("x" * 100 + "!" + "x" * 100, 100, ["…" + "x" * 37 + "!" + "x" * 36 + "…", " " * 38 + "^"]),
        ("x" * 100_000, 99_999, ["…" + "x" * 75, " " * 75 + "^"]),
        ('"XX"', None, ['"XX"']),
    ],
)
def test_the_line_with_the_place_and_a_caret_under_it(source: str, offset: int | None, expected: list[str]) -> None:
    assert [line[4:] for line in excerpt(Problem("subscribe", "wrong", source, offset))] == expected


@pytest.mark.parametrize(("target", "file"), [("check", ""), ("build", ""), ("run", "mine.json"), ("deploy", "")])
def test_make_checks_the_subscriptions_before_anything_else(target: str, file: str) -> None:
    command = ["make", "--dry-run", target, f"SUBSCRIPTIONS={file}"]
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("MAKE", "MFLAGS"))}
    shown = subprocess.run(
        command, capture_output=True, text=True, cwd=PROJECT, env=environment, check=True, timeout=300
    ).stdout
    steps = [
        line for line in shown.splitlines() if ".venv/bin/python" in line or ".venv/bin/ruff" in line or "build" in line
    ]
    found = [position for position, line in enumerate(steps) if "-m cli subscriptions check" in line]
    assert found[0] <= (1 if target == "deploy" else 0)
    assert file in steps[found[0]]
