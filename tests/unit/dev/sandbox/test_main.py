"""`python -m dev.sandbox` as a process."""

import signal
import socket
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
import requests

PROJECT = Path(__file__).parents[4]
Start = Callable[..., subprocess.Popen[str]]


def command(*arguments: str) -> list[str]:
    return [sys.executable, "-m", "dev.sandbox", *arguments]


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command(*arguments), cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)


@pytest.fixture
def start() -> Iterator[Start]:
    with ExitStack() as stack:

        def begin(*arguments: str) -> subprocess.Popen[str]:
            process = subprocess.Popen(
                command(*arguments),
                cwd=PROJECT,
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )
            stack.enter_context(process)
            stack.callback(process.kill)
            return process

        yield begin


def url_of(process: subprocess.Popen[str]) -> str:
    assert process.stdout is not None
    return process.stdout.readline().split()[-1]


@pytest.mark.parametrize("end", [signal.SIGINT, signal.SIGTERM])
def test_it_serves_until_it_is_stopped(start: Start, end: signal.Signals) -> None:
    process = start("--username", "me@example.com", "--password", "secret")
    url = url_of(process)
    answer = requests.get(f"{url}/v2/account-info", auth=("me@example.com", "secret"), timeout=10)
    assert answer.status_code == 200
    process.send_signal(end)
    assert process.stdout is not None
    assert process.stderr is not None
    output, errors = process.stdout.read(), process.stderr.read()
    assert (process.wait(20), output, errors) == (0, "API user me@example.com. Ctrl-C ends it.\n", "")


def test_limits_are_the_json_of_the_control_api(start: Start) -> None:
    url = url_of(start("--limits", '{"scheme": "tiered", "per_minute": 1}'))
    auth = ("apiuser-sandbox@example.com", "sandbox-password")
    statuses = [requests.get(f"{url}/v2/programs", auth=auth, timeout=10).status_code for _ in "ab"]
    assert statuses == [200, 429]


def test_a_taken_port_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        ended = run("--port", port)
    expected = f"Port {port} on 127.0.0.1 is taken: choose another with --port, or 0 for a free one.\n"
    assert (ended.returncode, ended.stdout, ended.stderr) == (1, "", expected)


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--host", "192.0.2.1", "Cannot listen on 192.0.2.1 port 0: "),
        ("--seed", "none.json", "The seed file none.json cannot be used: "),
        ("--limits", '{"scheme": "steep"}', "--limits cannot be used: "),
    ],
)
def test_an_option_that_cannot_be_used_ends_it(option: str, value: str, message: str) -> None:
    ended = run(option, value)
    assert (ended.returncode, ended.stdout, ended.stderr[: len(message)]) == (1, "", message)


def test_help_names_every_option() -> None:
    ended = run("--help")
    assert ended.returncode == 0
    for option in ("--host", "--port", "--username", "--password", "--seed", "--limits"):
        assert option in ended.stdout
