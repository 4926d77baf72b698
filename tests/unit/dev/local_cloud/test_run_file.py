import json
from pathlib import Path

from dev.local_cloud.deployment import Stack
from dev.local_cloud.run import run_file


def test_the_file_says_where_the_run_is_and_is_gone_afterwards(tmp_path: Path) -> None:
    with run_file(tmp_path, Stack("http://127.0.0.1:4566", {})) as path:
        assert path == tmp_path / "run.json"
        assert json.loads(path.read_text()) == {
            "endpoint": "http://127.0.0.1:4566",
            "stack": "local",
            "region": "eu-west-1",
        }
    assert not path.exists()
