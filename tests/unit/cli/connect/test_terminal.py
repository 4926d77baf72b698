"""`connect` at a terminal: a person answers, sees the secrets that were made, and may stop."""

import os
import pty
import signal
import subprocess
import sys
from collections.abc import Iterator

import pytest

from dev import PROJECT
from dev.sandbox.server import PASSWORD, USERNAME
from tests.unit.cli.conftest import NAME
from tests.unit.cli.deployed import Deployed


class Terminal:
    """A terminal in which the command was given."""

    def __init__(self) -> None:
        self._ours, theirs = pty.openpty()
        environment = {**os.environ, "STACK": NAME, "TERM": "dumb", "COLUMNS": "80"}
        self.process = subprocess.Popen(
            [sys.executable, "-m", "cli", "connect"],
            cwd=PROJECT,
            env=environment,
            stdin=theirs,
            stdout=theirs,
            stderr=theirs,
        )
        os.close(theirs)
        self.seen = ""

    def answer(self, prompt: str, text: str) -> None:
        """Wait for a prompt and type."""
        while prompt not in self.seen:
            self.seen += os.read(self._ours, 10_000).decode()
        os.write(self._ours, text.encode())

    def end(self) -> int:
        """Read to the end and give the exit status."""
        try:
            while some := os.read(self._ours, 10_000):
                self.seen += some.decode()
        except OSError:  # Linux says so at the end
            pass
        os.close(self._ours)
        return self.process.wait(60)


@pytest.fixture
def terminal(deployed: Deployed) -> Iterator[Terminal]:
    started = Terminal()
    yield started
    started.process.kill()
    started.process.wait(60)


def test_a_person_sees_the_secrets_and_not_the_password(terminal: Terminal, deployed: Deployed) -> None:
    terminal.answer("API user: ", f"{USERNAME}\n")
    terminal.answer("Password: ", f"{PASSWORD}\n")
    assert terminal.end() == 0
    shown = [terminal.seen.count(deployed.value[key]) for key in ("sharedSecret", "webhookSecret", "password")]
    assert shown == [1, 1, 0]


def test_ctrl_c_leaves_the_secret_as_it_was(terminal: Terminal, deployed: Deployed) -> None:
    terminal.answer("API user: ", f"{USERNAME}\n")
    terminal.answer("Password: ", "half of")
    terminal.process.send_signal(signal.SIGINT)
    assert (terminal.end(), deployed.has_value, deployed.requests) == (130, False, [])
    assert terminal.seen.strip().endswith("Stopped.")
