import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from dev.local_cloud.programs import LocalCloudError, Programs
from tests.support.waiting import wait_until

PARENT = "import subprocess, sys; print(subprocess.Popen([sys.executable, '-c', {child!r}]).pid, flush=True); {then}"
SLEEP = "import time; time.sleep(60)"


def _is_gone(process: int) -> bool:
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    # A child whose parent was killed waits, dead, for the machine's first process to notice.
    return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] == "Z"


@pytest.mark.parametrize("then", [SLEEP, "signal.signal(signal.SIGTERM, signal.SIG_IGN); import time; time.sleep(60)"])
def test_every_program_is_ended_with_its_children_on_the_way_out(tmp_path: Path, then: str) -> None:
    code = "import signal; " + PARENT.format(child=SLEEP, then=then)
    with Programs(tmp_path, os.environ, stop_seconds=0.5) as programs:
        parent = programs.start("server", [sys.executable, "-c", code])
        wait_until(lambda: (tmp_path / "server.log").read_text().endswith("\n"))
        child = int((tmp_path / "server.log").read_text())
    assert parent.returncode in (-signal.SIGTERM, -signal.SIGKILL)
    wait_until(lambda: _is_gone(child))


def _start_and_be_stopped(programs: Programs, started: list[subprocess.Popen[bytes]]) -> None:
    with programs:
        started.append(programs.start("server", [sys.executable, "-c", SLEEP]))
        raise KeyboardInterrupt


def test_every_program_is_ended_when_the_run_is_stopped(tmp_path: Path) -> None:
    started: list[subprocess.Popen[bytes]] = []
    with pytest.raises(KeyboardInterrupt):
        _start_and_be_stopped(Programs(tmp_path, os.environ), started)
    assert [program.returncode for program in started] == [-signal.SIGTERM]


def test_a_program_that_fails_is_told_with_its_last_words(tmp_path: Path) -> None:
    code = "import sys; print('one'); sys.exit('no such template')"
    with Programs(tmp_path, os.environ) as programs, pytest.raises(LocalCloudError) as raised:
        programs.finish("sam-build", [sys.executable, "-c", code])
    assert str(raised.value) == (
        f"sam-build failed with exit status 1: no such template (all it said: {tmp_path / 'sam-build.log'})"
    )


def test_a_server_that_ends_is_not_waited_for(tmp_path: Path) -> None:
    with Programs(tmp_path, os.environ) as programs:
        server = programs.start("sandbox", [sys.executable, "-c", "import sys; sys.exit(3)"])
        with pytest.raises(LocalCloudError, match="sandbox ended with exit status 3 "):
            programs.wait_until("sandbox", server, lambda: False)


def test_a_server_that_never_answers_is_given_up(tmp_path: Path) -> None:
    with Programs(tmp_path, os.environ, start_seconds=0.2) as programs:
        server = programs.start("sandbox", [sys.executable, "-c", SLEEP])
        with pytest.raises(LocalCloudError, match=r"sandbox did not respond within 0\.2 s"):
            programs.wait_until("sandbox", server, lambda: False)
