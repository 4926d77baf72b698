import json
import os
import subprocess
import sys
from pathlib import Path

from dev.local_cloud.deployment import Stack
from dev.local_cloud.run import leftovers, run_file, scratch_folder


def test_the_file_says_where_the_run_is_and_is_gone_afterwards(tmp_path: Path) -> None:
    with run_file(tmp_path, Stack("http://127.0.0.1:4566", {})) as path:
        assert path == tmp_path / "run.json"
        assert json.loads(path.read_text()) == {
            "endpoint": "http://127.0.0.1:4566",
            "stack": "local",
            "region": "eu-west-1",
        }
    assert not path.exists()


def test_the_folder_is_this_processs_and_is_gone_afterwards(tmp_path: Path) -> None:
    with scratch_folder(tmp_path / "state") as folder:
        assert folder == tmp_path / f"state/cloud-{os.getpid()}"
        (folder / "layer").mkdir()
        (folder / "layer/module.py").touch()
        (folder / "ministack.pid").touch()
    assert list((tmp_path / "state").iterdir()) == []


def test_nobody_waits_for_a_removal_that_takes_too_long(tmp_path: Path) -> None:
    with scratch_folder(tmp_path, removal_seconds=-1) as folder:
        (folder / "layer").mkdir()
    assert (folder / "layer").exists()


def test_what_is_left_by_processes_that_are_no_more_is_told_and_nothing_else(tmp_path: Path) -> None:
    ended = subprocess.Popen([sys.executable, "-c", ""])
    ended.wait(60)
    for name in (f"cloud-{ended.pid}", f"cloud-{os.getpid()}", "cloud-1", "logs"):
        (tmp_path / name).mkdir()
    assert leftovers(tmp_path) == [tmp_path / f"cloud-{ended.pid}"]
