"""POST /preview: the same previews over HTTP, on loopback."""

import json
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import requests

from dev import PROJECT
from tests.unit.cli.preview.cases import EVENT, SUBSCRIPTION, subscriptions_file


@pytest.fixture
def url(tmp_path: Path) -> Iterator[str]:
    """The address of a process that serves the subscriptions of the test's folder."""
    command = [sys.executable, "-m", "cli", "preview-server"]
    command += ["--subscriptions", str(subscriptions_file(tmp_path))]
    with subprocess.Popen(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield process.stdout.readline().split()[-1]
        process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def post(url: str, content: Any, **query: str) -> tuple[int, Any]:
    answer = requests.post(url, data=json.dumps(content), params=query, timeout=20)
    return answer.status_code, answer.json()


def test_previews_over_http(url: str, tmp_path: Path) -> None:
    assert url.startswith("http://127.0.0.1:")
    status, said = post(url, EVENT)
    assert (status, said["delivers"]) == (200, True)
    assert said["events"][0]["subscriptions"][0]["requests"][0]["body"] == '{"message": "Order 7"}'

    status, said = post(url, {"payload": {"to": "+447700900123", "message": "Hi"}}, action="send_sms")
    assert (status, said["delivers"]) == (200, True)
    assert post(url, [], now="2026-11-21") == (400, {"message": "the event cannot be used: there is no event in it"})
    assert post(url, EVENT, name="x") == (
        400,
        {"message": "the event cannot be used: name is no option; there are action, now, subscription"},
    )

    subscriptions_file(tmp_path, {**SUBSCRIPTION, "subscribe": "event ="})
    status, said = post(url, EVENT)
    assert (status, said["message"]) == (422, "the subscriptions cannot be used")
    assert said["problems"][0].startswith("subscriptions.json: subscriptions[0].subscribe: column 8: expected a value")


def test_whoever_looks_is_told_what_to_do(url: str) -> None:
    assert requests.get(url, timeout=20).json() == {
        "message": "POST an event here",
        "query": ["action", "now", "subscription"],
    }


def test_a_taken_port_is_one_line() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "cli", "preview-server", "--port", port]
        ended = subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, timeout=60, check=False)
    assert (ended.returncode, ended.stdout) == (2, "")
    assert ended.stderr == (
        f"Cannot listen on port {port}: Address already in use. Choose another with --port, or 0 for a free one.\n"
    )
